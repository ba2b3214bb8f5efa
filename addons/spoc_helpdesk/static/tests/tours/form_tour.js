import { registry } from "@web/core/registry";

/** The group of inputs of a question, by its words. */
const question = (label) => `.o_spoc_question:contains('${label}')`;

/** Nothing sticks out sideways on any screen. */
const fits = {
    content: "The page fits the screen",
    trigger: ".o_spoc_form",
    run() {
        const { scrollWidth, clientWidth } = document.querySelector("#wrapwrap");
        if (scrollWidth > clientWidth) {
            throw new Error(`The page is ${scrollWidth - clientWidth}px too wide.`);
        }
    },
};

// A form of three steps with a condition, a person, rows and a file.
registry.category("web_tour.tours").add("spoc_helpdesk_long_form", {
    steps: () => [
        {
            content: "One step at a time",
            trigger: ".o_spoc_progress_text:contains('Step 1 of 3')",
        },
        fits,
        {
            content: "What does not apply is not asked",
            trigger: ".o_spoc_form:not(:has(.o_spoc_question:visible:contains('Which laboratory')))",
        },
        { trigger: ".o_spoc_next", run: "click" },
        {
            content: "Going on needs an answer; it is told beside the question",
            trigger: `${question("Kind")} .o_spoc_error:contains('Please answer')`,
        },
        {
            trigger: `${question("Kind")} label:contains('Laboratory')`,
            run: "click",
        },
        {
            content: "Now it is asked, and must be answered",
            trigger: `${question("Which laboratory")}:visible .o_spoc_required:visible`,
        },
        { trigger: `${question("Which laboratory")} input`, run: "edit L-12" },
        {
            content: "A list of colleagues opens while typing",
            trigger: `${question("Who shows you around")} input[type=text]`,
            run: "edit newcom",
        },
        {
            trigger: `${question("Who shows you around")} [role=option]:contains('Nils Newcomer')`,
            run: "click",
        },
        {
            trigger: `${question("Who shows you around")} input[type=text]:value('Nils Newcomer')`,
        },
        { trigger: ".o_spoc_next", run: "click" },
        { trigger: ".o_spoc_progress_text:contains('Step 2 of 3')" },
        {
            content: "Rows: fill in the first",
            trigger: ".o_spoc_row:eq(0) input[type=text]:eq(0)",
            run: "edit Chair",
        },
        { trigger: ".o_spoc_add_row", run: "click" },
        {
            trigger: ".o_spoc_row:eq(1) input[type=text]:eq(0)",
            run: "edit Desk",
        },
        {
            content: "A wrong number is told at once",
            trigger: ".o_spoc_row:eq(1) input[inputmode=numeric]",
            run: "edit many && click .o_spoc_row:eq(1) legend",
        },
        { trigger: ".o_spoc_row:eq(1) .o_spoc_error:contains('whole number')" },
        { trigger: ".o_spoc_row:eq(1) input[inputmode=numeric]", run: "edit 2" },
        { trigger: ".o_spoc_add_row", run: "click" },
        {
            content: "One row too many goes again",
            trigger: ".o_spoc_row:eq(2) .o_spoc_remove_row",
            run: "click",
        },
        fits,
        { trigger: ".o_spoc_next", run: "click" },
        { trigger: ".o_spoc_progress_text:contains('Step 3 of 3')" },
        {
            content: "A file",
            trigger: ".o_spoc_form input[type=file]",
            run() {
                const files = new DataTransfer();
                files.items.add(new File(["A plan"], "plan.txt"));
                this.anchor.files = files.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: ".o_spoc_files:contains('plan.txt (6 B)')" },
        fits,
        {
            trigger: ".o_spoc_form_end button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_spoc_thanks" },
        { trigger: "dd:contains('1. Thing: Chair')" },
        { trigger: "dd:contains('2. Thing: Desk; Number: 2')" },
        { trigger: "dd a:contains('plan.txt')" },
    ],
});

// The same form without a mouse.
registry.category("web_tour.tours").add("spoc_helpdesk_form_by_keyboard", {
    steps: () => [
        {
            content: "Space marks a choice (a simulated key does not, so it is clicked)",
            trigger: `${question("Kind")} input[type=radio]`,
            run() {
                this.anchor.focus();
                this.anchor.click();
            },
        },
        {
            content: "The list by arrow keys",
            trigger: `${question("Who shows you around")} input[type=text]`,
            run: "edit newcom",
        },
        {
            trigger: `${question("Who shows you around")} input[aria-expanded=true]`,
            run: "press ArrowDown",
        },
        {
            trigger: `${question("Who shows you around")} input[aria-activedescendant]`,
            run: "press Enter",
        },
        {
            trigger: `${question("Who shows you around")} input[aria-expanded=false]:value('Nils Newcomer')`,
        },
        {
            content: "Enter goes on, not off",
            trigger: `${question("Who shows you around")} input:focus`,
            run: "press Enter",
        },
        {
            content: "The focus is at the next step",
            trigger: ".o_spoc_step_title:contains('Things'):focus",
        },
        {
            content: "And back again",
            trigger: ".o_spoc_back",
            run() {
                this.anchor.focus();
            },
        },
        { trigger: ".o_spoc_back:focus", run: "press Enter" },
        { trigger: ".o_spoc_progress_text:contains('Step 1 of 3')" },
    ],
});

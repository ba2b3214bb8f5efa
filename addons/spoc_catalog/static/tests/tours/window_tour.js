import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("spoc_catalog_find", {
    steps: () => [
        {
            content: "Type the beginning of what is broken",
            trigger: "#spoc_q",
            run: "edit brok",
        },
        {
            content: "A suggestion appears; take it with the keyboard",
            trigger: ".o_spoc_suggestion:contains(Broken lamp)",
        },
        {
            trigger: "#spoc_q[aria-expanded=true]",
            run: "press ArrowDown",
        },
        {
            trigger: "#spoc_q[aria-activedescendant=spoc_suggestion_0]",
            run: "press Enter",
            expectUnloadPage: true,
        },
        {
            content: "The page says what to expect and where to turn",
            trigger: "h1:contains(Broken lamp)",
        },
        { trigger: ".o_spoc_promises:contains(First answer within 4 working hours)" },
        {
            trigger: ".o_spoc_channels a[href='mailto:help@spoc.example']",
        },
        {
            content: "Its desk has a contact card",
            trigger: "aside a[href^='/spoc/desk/']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "h2:contains(Opening hours)" },
        {
            trigger: ".breadcrumb a[href='/spoc']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is not offered is not found, and there is a way on",
            trigger: "#spoc_q",
            run: "edit secret plan",
        },
        {
            trigger: ".o_spoc_search button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_spoc_empty:contains(Nothing found)" },
    ],
});

registry.category("web_tour.tours").add("spoc_catalog_browse", {
    steps: () => [
        {
            content: "Nothing sticks out sideways",
            trigger: "h1",
            run() {
                const { scrollWidth, clientWidth } = document.querySelector("#wrapwrap");
                if (scrollWidth > clientWidth) {
                    throw new Error(`The page is ${scrollWidth - clientWidth}px too wide.`);
                }
            },
        },
        {
            trigger: ".o_spoc_cards a:contains(Machines)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_spoc_services a:contains(Broken lamp)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "h1:contains(Broken lamp)" },
        {
            trigger: ".breadcrumb a:contains(Machines)",
        },
    ],
});

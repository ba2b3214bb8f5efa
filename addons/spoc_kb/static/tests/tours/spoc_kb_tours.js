import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("spoc_kb_reader", {
    steps: () => [
        {
            content: "nothing makes the page wider than the screen",
            trigger: "article.spoc_article h1",
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`page is ${scrollWidth} wide, screen ${clientWidth}`);
                }
            },
        },
        {
            trigger: "textarea[name=comment]",
            run: "edit Where is the button?",
        },
        {
            trigger: "button[name=helped][value='0']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#spoc_feedback .alert-success",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_kb_writer", {
    steps: () => [
        {
            trigger: ".o_list_button_add, .o_list_view .o_control_panel button:contains(New)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] textarea, .o_field_widget[name=name] input",
            run: "edit Where is the key?",
        },
        {
            trigger: ".o_field_widget[name=body] .odoo-editor-editable",
            run: "editor Under the mat.",
        },
        {
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button[data-value=review].o_arrow_button_current",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_kb_two_writers", {
    steps: () => [
        {
            trigger: ".o_data_cell:contains(Two writers)",
            run: "click",
        },
        {
            content: "somebody else saves other words meanwhile",
            trigger: ".o_field_widget[name=summary] input",
            async run() {
                const kwargs = { context: {} };
                const call = (method, args) =>
                    rpc(`/web/dataset/call_kw/spoc.article/${method}`, {
                        model: "spoc.article",
                        method,
                        args,
                        kwargs,
                    });
                const ids = await call("search", [[["name", "=", "Two writers"]]]);
                await call("write", [ids, { summary: "Theirs" }]);
            },
        },
        {
            trigger: ".o_field_widget[name=summary] input",
            run: "edit Mine",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the form says so and keeps what was typed",
            trigger: ".modal:contains(while you were writing)",
        },
        {
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=summary] input:value(Mine)",
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_status_indicator:not(:has(.o_form_button_save:visible))",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_kb_deflected", {
    steps: () => [
        {
            content: "Say it in one's own words, with mistakes",
            trigger: "#spoc_description",
            run: "edit how do i replase the tonner cartrige",
        },
        {
            content: "Answers stand below the field",
            trigger: ".o_spoc_answers .o_spoc_answer:contains(How do I replace the toner)",
            run: "click",
        },
        {
            content: "Opened in place",
            trigger: ".o_spoc_answer_dialog .spoc_article_body:contains(quasarnode)",
        },
        { trigger: ".o_spoc_answer_yes", run: "click" },
        {
            content: "Thanked, and nothing more is asked",
            trigger: ".o_spoc_answers .alert-success:contains(Nothing was sent)",
        },
        {
            content: "Nothing typed is lost",
            trigger: "#spoc_description",
            run() {
                if (this.anchor.value !== "how do i replase the tonner cartrige") {
                    throw new Error("The words are gone.");
                }
                if (document.querySelector("dialog")) {
                    throw new Error("The dialog is still there.");
                }
            },
        },
        { content: "It can be taken back", trigger: ".o_spoc_answers_undo", run: "click" },
        {
            trigger: ".o_spoc_answers .o_spoc_answer:contains(How do I replace the toner)",
            run: "click",
        },
        { trigger: ".o_spoc_answer_yes", run: "click" },
        { trigger: ".o_spoc_answers .alert-success" },
    ],
});

registry.category("web_tour.tours").add("spoc_kb_asked_anyway", {
    steps: () => [
        { trigger: "#spoc_description", run: "edit toner cartridge is empty" },
        { trigger: ".o_spoc_answers .o_spoc_answer", run: "click" },
        { trigger: ".o_spoc_answer_dialog .spoc_article_body:contains(quasarnode)" },
        { trigger: ".o_spoc_answer_no", run: "click" },
        {
            content: "It goes on with what was typed",
            trigger: "#spoc_description:focus",
            run() {
                if (this.anchor.value !== "toner cartridge is empty") {
                    throw new Error("The words are gone.");
                }
            },
        },
        {
            trigger: "#spoc_ask_freely button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "h1:not(:contains(Ask in your own words))" },
    ],
});

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

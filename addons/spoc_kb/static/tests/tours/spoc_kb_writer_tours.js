import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const call = (model, method, args) =>
    rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });

async function until(check, what) {
    for (let turn = 0; turn < 60; turn++) {
        if (await check()) {
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(what);
}

const open = (name) => ({
    trigger: `.o_data_cell:contains(${name})`,
    run: "click",
});

registry.category("web_tour.tours").add("spoc_kb_kept_while_typed", {
    steps: () => [
        open("Kept while typed"),
        {
            trigger: ".o_field_widget[name=summary] input",
            run: "edit Half a sentence",
        },
        {
            content: "the server has it although nothing was saved",
            trigger: ".o_form_button_save",
            async run() {
                const [id] = await call("spoc.article", "search", [
                    [["name", "=", "Kept while typed"]],
                ]);
                await until(async () => {
                    const found = await call("spoc.article.unsaved", "offered", [id]);
                    return found.content?.summary === "Half a sentence";
                }, "what was typed did not reach the server");
                const [saved] = await call("spoc.article", "read", [[id], ["summary"]]);
                if (saved.summary) {
                    throw new Error("it was saved");
                }
            },
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: ".o_form_status_indicator:not(:has(.o_form_button_save:visible))",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_kb_back_after_a_crash", {
    steps: () => [
        open("After a crash"),
        {
            trigger: ".spoc_article_unsaved:contains(unsaved words are back)",
        },
        {
            trigger: ".o_field_widget[name=body] .odoo-editor-editable:contains(A long text)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_status_indicator:not(:has(.o_form_button_save:visible))",
        },
        {
            trigger: "body:not(:has(.spoc_article_unsaved .alert))",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_kb_both_texts", {
    steps: () => [
        open("Both texts"),
        {
            content: "somebody else is told to be writing",
            trigger: ".spoc_article_unsaved:contains(Also writing now)",
        },
        {
            content: "and saves the same words meanwhile",
            trigger: ".o_field_widget[name=summary] input",
            async run() {
                const ids = await call("spoc.article", "search", [
                    [["name", "=", "Both texts"]],
                ]);
                await call("spoc.article", "write", [ids, { summary: "Theirs" }]);
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
            trigger: ".spoc_stale_dialog del:contains(Theirs)",
        },
        {
            trigger: ".spoc_stale_dialog ins:contains(Mine)",
        },
        {
            trigger: ".spoc_stale_dialog .nav-link:contains(Theirs)",
            run: "click",
        },
        {
            trigger: ".spoc_stale_dialog button:contains(Save mine over it)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_status_indicator:not(:has(.o_form_button_save:visible))",
        },
        {
            trigger: ".o_field_widget[name=summary] input:value(Mine)",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_kb_review_and_publish", {
    steps: () => [
        open("Review and publish"),
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button[data-value=approved].o_arrow_button_current",
        },
        {
            trigger: "button[name=action_publish]:contains(Publish)",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button[data-value=published].o_arrow_button_current",
        },
        {
            trigger: "button[name=action_open_versions]",
            run: "click",
        },
        {
            trigger: ".o_data_cell:contains(Written)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=difference]:contains(nothing to compare)",
        },
    ],
});

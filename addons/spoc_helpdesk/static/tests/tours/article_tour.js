import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("spoc_helpdesk_article_sent", {
    steps: () => [
        {
            content: "Look for answers",
            trigger: ".o_notebook .nav-link[name=answers]",
            run: "click",
        },
        {
            content: "Read the likely one",
            trigger: ".o_spoc_answer button:contains('Tour: laptop does not start')",
            run: "click",
        },
        {
            content: "Its words are there",
            trigger: ".o_spoc_answer_body:contains('Hold the button')",
        },
        {
            content: "Send it",
            trigger: ".o_spoc_answer button[name=send_answer]",
            run: "click",
        },
        {
            content: "Add a word",
            trigger: ".modal .o_field_widget[name=body] .odoo-editor-editable",
            run: "editor Hold the button for ten seconds, Carl",
        },
        {
            content: "Send",
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            content: "It is among what was used",
            trigger:
                "body:not(:has(.modal)) .o_spoc_answer .badge:contains('Sent as answer')",
        },
        {
            content: "It solved it",
            trigger: ".o_spoc_answer button[name=solved]",
            run: "click",
        },
        {
            content: "Resolve with it",
            trigger: ".modal .o_field_widget[name=resolution]:contains('Hold the button')",
        },
        {
            content: "Tell the requester",
            trigger: ".modal button[name=action_resolve]",
            run: "click",
        },
        {
            content: "Resolved",
            trigger:
                "body:not(:has(.modal)) .o_arrow_button_current:contains('Resolved')",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_article_written", {
    steps: () => [
        {
            content: "Look for answers",
            trigger: ".o_notebook .nav-link[name=answers]",
            run: "click",
        },
        {
            content: "Write one",
            trigger: ".o_spoc_answers_panel button[name=write_article]",
            run: "click",
        },
        {
            content: "There is something like it",
            trigger: ".modal .alert-info .o_data_row:contains('Tour: laptop')",
        },
        {
            content: "It is another matter: say which",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Why does my laptop smoke?",
        },
        {
            content: "Write it",
            trigger: ".modal button[name=action_create_article]",
            run: "click",
        },
        {
            content: "The draft is open",
            trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains('Draft')",
        },
    ],
});

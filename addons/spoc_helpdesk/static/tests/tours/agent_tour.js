import { registry } from "@web/core/registry";
import { act } from "./agent_day_tour";

registry.category("web_tour.tours").add("spoc_helpdesk_agent_assigns", {
    steps: () => [
        {
            content: "Open the ticket from the queue",
            trigger: ".o_data_row td[name=name]:contains('Tour: smoking laptop')",
            run: "click",
        },
        {
            content: "Take it",
            trigger: "button[name=action_take]",
            run: "click",
        },
        {
            content: "It is mine now",
            trigger: ".o_field_widget[name=owner_id] input:value('Agda Agent')",
        },
        ...act(
            "Hand a part of the work to the other line",
            "button[name=action_assign_wizard]"
        ),
        {
            content: "Choose the line",
            trigger: ".modal .o_field_widget[name=desk_id] input",
            run: "edit Other line",
        },
        {
            content: "Pick it",
            trigger: ".o-autocomplete--dropdown-item:contains('Other line')",
            run: "click",
        },
        {
            content: "Name the task",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Change the battery",
        },
        {
            content: "Assign",
            trigger: ".modal button[name=action_assign]",
            run: "click",
        },
        {
            content: "See it among the work",
            trigger: "body:not(:has(.modal)) .o_notebook .nav-link[name=work]",
            run: "click",
        },
        {
            content: "The task is listed, offered",
            trigger: ".o_data_row:contains('Change the battery')",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_line_answers", {
    steps: () => [
        {
            content: "Open the task",
            trigger: ".o_data_row td[name=name]:contains('Change the battery')",
            run: "click",
        },
        {
            content: "Accept it",
            trigger: "button[name=action_accept]",
            run: "click",
        },
        {
            content: "Write the answer",
            trigger: ".o_notebook .nav-link[name=answer]",
            run: "click",
        },
        {
            content: "Type",
            trigger: ".o_field_widget[name=answer] .odoo-editor-editable",
            run: "editor New battery in",
        },
        {
            content: "Answer the owner",
            trigger: "button[name=action_answer]",
            run: "click",
        },
        {
            content: "Answered",
            trigger: ".o_arrow_button_current:contains('Answered')",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_agent_resolves", {
    steps: () => [
        {
            content: "Resolve",
            trigger: "button.btn-primary:contains('Resolve')",
            run: "click",
        },
        {
            content: "Say what solved it",
            trigger: ".modal .o_field_widget[name=resolution] .odoo-editor-editable",
            run: "editor New battery",
        },
        {
            content: "Leave the text",
            trigger: ".modal .o_field_widget[name=article_id] input",
            run: "click",
        },
        {
            content: "See what the requester will get",
            trigger: ".modal .o_field_widget[name=preview]:contains('New battery')",
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

import { registry } from "@web/core/registry";
import { act, chooseDesk, PATIENCE } from "./agent_day_tour";

// Between desks and between tickets: one waits and goes on, is merged and taken apart,
// told apart, and offered to another desk; that desk accepts one and returns another,
// and somebody agrees with a word. The tests make the tickets.

function opens(content, words) {
    return {
        content,
        trigger: `.o_data_row:contains('${words}') td[name=name], .o_data_row:contains('${words}') td[name=subject], .o_kanban_record:contains('${words}')`,
        run: "click",
        timeout: PATIENCE,
    };
}

function back() {
    return {
        content: "Back",
        trigger: ".o_back_button a, a.o_back_button, button.o_back_button",
        run: "click",
        timeout: PATIENCE,
    };
}

registry.category("web_tour.tours").add("spoc_helpdesk_desk_moves", {
    steps: () => [
        ...act("Let it wait", "button[name=action_wait_wizard]"),
        {
            content: "For the supplier",
            trigger: ".modal .o_field_widget[name=reason_id] .o_radio_item:contains('Supplier') input",
            run: "click",
            timeout: PATIENCE,
        },
        {
            content: "Wait",
            trigger: ".modal button[name=action_wait]",
            run: "click",
        },
        {
            content: "It says what it waits for",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_field_widget[name=wait_reason_id]:contains('Supplier')",
            timeout: PATIENCE,
        },
        ...act("Go on", "button[name=action_resume]"),
        {
            content: "It waits for nothing",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=wait_reason_id]))",
            timeout: PATIENCE,
        },
        {
            content: "It looks like another: compare",
            trigger: ".o_form_view .alert:contains('Looks like') button:contains('Compare')",
            run: "click",
            timeout: PATIENCE,
        },
        {
            content: "What becomes of everything is shown first",
            trigger: ".modal .o_field_widget[name=preview] caption:contains('goes on')",
            timeout: PATIENCE,
        },
        {
            content: "Merge",
            trigger: ".modal button[name=action_merge]",
            run: "click",
        },
        {
            content: "The other ticket goes on, and knows",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_field_widget[name=merged_ids] .o_tag:contains('Scanner eats paper')",
            timeout: PATIENCE,
        },
        back(),
        {
            content: "Take it apart again",
            trigger:
                ".o_form_view .alert:contains('goes on in') button[name=action_unmerge]",
            run: "click",
            timeout: PATIENCE,
        },
        {
            content: "Yes",
            trigger: ".modal-footer .btn-primary",
            run: "click",
            timeout: PATIENCE,
        },
        {
            content: "It is another matter: say so",
            trigger:
                "body:not(:has(.modal)) .o_form_view .alert:contains('Looks like') button[name=action_not_same]",
            run: "click",
            timeout: PATIENCE,
        },
        {
            content: "It is suggested no more, and can be taken back",
            trigger:
                ".o_form_view:not(:has(.alert:contains('Looks like'))) .o_field_widget[name=unlike_ids] .o_tag",
            timeout: PATIENCE,
        },
        ...act("To another desk", "button[name=action_transfer_wizard]"),
        ...chooseDesk("Other line"),
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Scanners are yours",
        },
        {
            content: "Transfer",
            trigger: ".modal button[name=action_transfer]",
            run: "click",
        },
        {
            content: "Until it accepts, this desk answers",
            trigger:
                "body:not(:has(.modal)) .o_form_view .alert:contains('Offered to'):contains('Keep it here')",
            timeout: PATIENCE,
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_desk_decides", {
    steps: () => [
        opens("What is not ours", "Coffee machine"),
        ...act("Return it", "button[name=action_return_wizard]"),
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Ask the kitchen",
            timeout: PATIENCE,
        },
        {
            content: "Return",
            trigger: ".modal button[name=action_return]",
            run: "click",
        },
        {
            content: "It is returned",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_field_widget[name=return_reason]:contains('Ask the kitchen')",
            timeout: PATIENCE,
        },
        back(),
        opens("What is ours", "Scanner eats paper"),
        ...act("Accept it", "button[name=action_accept]"),
        {
            content: "It is ours",
            trigger:
                ".o_form_view .o_arrow_button_current:contains('Accepted'), .o_form_view .o_field_widget[name=state]:contains('Accepted')",
            timeout: PATIENCE,
        },
        {
            content: "Somebody else asks for something",
            trigger: ".o_form_view",
            run: () => window.location.assign("/odoo/my-approvals"),
            expectUnloadPage: true,
        },
        opens("Look at what is asked", "Broken device"),
        ...act("Agree, with a word", "button[name=action_approve_with_note]"),
        {
            content: "The word",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit High time",
            timeout: PATIENCE,
        },
        {
            content: "Agree",
            trigger: ".modal button.btn-primary[name=action_decide]",
            run: "click",
        },
        {
            content: "Agreed",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_field_widget[name=state]:contains('Approved')",
            timeout: PATIENCE,
        },
    ],
});

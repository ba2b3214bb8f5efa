import { queryFirst } from "@odoo/hoot-dom";
import { registry } from "@web/core/registry";

/** The machine that runs the tests may have other things to do. */
export const PATIENCE = 30000;

/** An act in the header: on a phone all but the first are in the menu. */
export function act(content, trigger, where = "body") {
    const buttons = `${where} .o_statusbar_buttons`;
    return [
        {
            content: `${content}: open the menu if it is in there`,
            trigger: buttons,
            run() {
                if (!queryFirst(`${buttons} ${trigger}`)) {
                    queryFirst(`${buttons} .oi-ellipsis-v`).click();
                }
            },
            timeout: PATIENCE,
        },
        {
            content,
            trigger: `${buttons} ${trigger}, .o-dropdown--menu ${trigger}`,
            run: "click",
            timeout: PATIENCE,
        },
    ];
}

function page(content, name) {
    return {
        content,
        trigger: `body:not(:has(.modal)) .o_notebook .nav-link[name=${name}]`,
        run: "click",
        timeout: PATIENCE,
    };
}

function resolveWith(words) {
    return [
        {
            content: "Say what solved it",
            trigger: ".modal .o_field_widget[name=resolution] .odoo-editor-editable",
            run: `editor ${words}`,
            timeout: PATIENCE,
        },
        {
            content: "Leave the text",
            trigger: ".modal .modal-title",
            run: "click",
        },
        {
            content: "See what the requester will get",
            trigger: `.modal .o_field_widget[name=preview]:contains('${words}')`,
            timeout: PATIENCE,
        },
        {
            content: "Tell the requester",
            trigger: ".modal button[name=action_resolve]",
            run: "click",
        },
    ];
}

/** Another desk, in the dialogue that is open. */
export function chooseDesk(name) {
    return [
        {
            isActive: ["desktop"],
            content: "Choose the desk",
            trigger: ".modal .o_field_widget[name=desk_id] input",
            run: `edit ${name}`,
            timeout: PATIENCE,
        },
        {
            isActive: ["desktop"],
            content: "Pick it",
            trigger: `.o-autocomplete--dropdown-item:contains('${name}')`,
            run: "click",
            timeout: PATIENCE,
        },
        {
            isActive: ["mobile"],
            content: "Choose the desk",
            trigger: ".modal .o_field_widget[name=desk_id] input",
            run: "click",
            timeout: PATIENCE,
        },
        {
            isActive: ["mobile"],
            content: "Pick it from the cards",
            trigger: `.modal .o_kanban_record:contains('${name}')`,
            run: "click",
            timeout: PATIENCE,
        },
        {
            content: "It is chosen",
            trigger: `.modal .o_field_widget[name=desk_id] input:value('${name}')`,
            timeout: PATIENCE,
        },
    ];
}

function assign(task) {
    return [
        ...act("Hand a part of the work to the other line", "button[name=action_assign_wizard]"),
        ...chooseDesk("Other line"),
        {
            content: "Name the task",
            trigger: ".modal .o_field_widget[name=name] input",
            run: `edit ${task}`,
        },
        {
            content: "Assign",
            trigger: ".modal button[name=action_assign]",
            run: "click",
        },
        page("See it among the work", "work"),
        {
            content: "The task is there",
            trigger: `.o_data_row:contains('${task}'), .o_kanban_record:contains('${task}')`,
            timeout: PATIENCE,
        },
    ];
}

registry.category("web_tour.tours").add("spoc_helpdesk_day_takes_next", {
    steps: () => [
        {
            content: "The queue is there",
            trigger: ".o_spoc_ticket_list, .o_spoc_ticket_kanban",
            timeout: PATIENCE,
        },
        {
            isActive: ["mobile"],
            content: "On a phone the button is in the menu",
            trigger: ".o_control_panel .oi-ellipsis-v",
            run: "click",
        },
        {
            content: "Take next",
            trigger:
                ".o_control_panel_main_buttons > button[name=action_take_next], .o-dropdown--menu button[name=action_take_next]",
            run: "click",
        },
        {
            content: "What breaks first is open, and mine",
            trigger: ".o_form_view .o_field_widget[name=owner_id] input:value('Agda Agent')",
            timeout: PATIENCE,
        },
        {
            content: "It is the one that breaks first",
            trigger: ".o_form_view .o_field_widget[name=name]:contains('Day: smoking laptop'), .o_form_view .o_field_widget[name=name] textarea:value('Day: smoking laptop')",
        },
        {
            content: "The requester's card tells who asks",
            trigger: ".o_spoc_person:contains('Carl Customer') a[href^='mailto:']",
            timeout: PATIENCE,
        },
        {
            content: "A solved one like it is shown",
            trigger: ".o_spoc_similar:contains('New battery put in')",
            timeout: PATIENCE,
        },
        ...assign("Change the battery"),
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_day_returned", {
    steps: () => [
        page("Look at the work", "work"),
        {
            content: "It came back",
            trigger: ".o_data_row:contains('Change the battery'), .o_kanban_record:contains('Change the battery')",
            timeout: PATIENCE,
        },
        {
            content: "Returned",
            trigger: ".o_data_row:contains('Returned'), .o_kanban_record:contains('Returned')",
        },
        ...assign("Look at the charger"),
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_day_confirms", {
    steps: () => [
        page("Look at the work", "work"),
        {
            content: "Open the answer",
            trigger: ".o_data_row:contains('Look at the charger') td[name=name], .o_kanban_record:contains('Look at the charger')",
            run: "click",
            timeout: PATIENCE,
        },
        ...act("Confirm it", "button[name=action_confirm]", ".modal"),
        {
            content: "Confirmed",
            trigger: ".modal .o_arrow_button_current:contains('Confirmed'), .modal .o_statusbar_status:contains('Confirmed'), .o_data_row:contains('Confirmed')",
            timeout: PATIENCE,
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_day_resolves", {
    steps: () => [
        ...act("Resolve", "button.btn-primary:contains('Resolve')"),
        ...resolveWith("New charger"),
        {
            content: "Resolved",
            trigger: "body:not(:has(.modal)) .o_statusbar_buttons button[name=action_close]",
            timeout: PATIENCE,
        },
        ...act("Reopen", "button[name=action_reopen]"),
        {
            content: "Work goes on",
            trigger: ".o_statusbar_buttons button.btn-primary:contains('Resolve')",
            timeout: PATIENCE,
        },
        ...act("Resolve again", "button.btn-primary:contains('Resolve')"),
        {
            content: "The words are still there",
            trigger: ".modal .o_field_widget[name=resolution]:contains('New charger')",
            timeout: PATIENCE,
        },
        {
            content: "Tell the requester",
            trigger: ".modal button[name=action_resolve]",
            run: "click",
        },
        {
            content: "Resolved again",
            trigger: "body:not(:has(.modal)) .o_statusbar_buttons button[name=action_close]",
            timeout: PATIENCE,
        },
        page("Read what happened", "history"),
        {
            content: "Who answered for it is on the line of time",
            trigger: ".o_spoc_events:contains('Agda Agent')",
            timeout: PATIENCE,
        },
        {
            content: "And what the other line did",
            trigger: ".o_spoc_events:contains('Look at the charger')",
        },
        {
            content: "Leave out the words",
            trigger: ".o_spoc_timeline button[aria-pressed=true]:contains('Words')",
            run: "click",
        },
        {
            content: "They are left out",
            trigger: ".o_spoc_timeline button[aria-pressed=false]:contains('Words')",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_day_reopened", {
    steps: () => [
        {
            content: "The requester waits for an answer",
            trigger: ".o_form_view .alert:contains('waits for an answer')",
            timeout: PATIENCE,
        },
        {
            content: "It is open again",
            trigger: ".o_form_view .badge:contains('Reopened')",
        },
        {
            content: "And the owner has it back",
            trigger: ".o_statusbar_buttons button.btn-primary:contains('Resolve')",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_board", {
    steps: () => [
        {
            content: "The board counts",
            trigger: ".o_spoc_tile[data-kind=broken] .o_spoc_tile_count:contains('1')",
            timeout: PATIENCE,
        },
        {
            content: "The agent carries two",
            trigger: "tr[data-agent='Agda Agent'] .o_spoc_load_count:contains('2')",
        },
        {
            content: "Look at the broken promises",
            trigger: ".o_spoc_tile[data-kind=broken]",
            run: "click",
        },
        {
            content: "The ticket behind the number",
            trigger: ".o_data_row:contains('Board: burning'), .o_kanban_record:contains('Board: burning')",
            timeout: PATIENCE,
        },
        {
            isActive: ["desktop"],
            content: "Back to the board",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains('Board')",
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "Back to the board",
            trigger: ".o_mobile_breadcrumb, .o_breadcrumb .o_back_button, .o_back_button",
            run: "click",
        },
        {
            content: "Give the agent's tickets to others",
            trigger: "tr[data-agent='Agda Agent'] .o_spoc_reassign",
            run: "click",
            timeout: PATIENCE,
        },
        {
            content: "Proposals are there",
            trigger: ".modal .o_field_widget[name=line_ids]:contains('Bodil Agent')",
            timeout: PATIENCE,
        },
        {
            content: "Carry them out",
            trigger: ".modal button[name=action_reassign]",
            run: "click",
        },
        {
            content: "The board shows it",
            trigger: "body:not(:has(.modal)) tr[data-agent='Bodil Agent'] .o_spoc_load_count:contains('2')",
            timeout: PATIENCE,
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_shortcuts", {
    steps: () => [
        {
            content: "The queue is there",
            trigger: ".o_spoc_ticket_list",
            timeout: PATIENCE,
        },
        {
            content: "Ask for the shortcuts",
            trigger: ".o_spoc_ticket_list",
            run: "press alt+shift+k",
        },
        {
            content: "They are listed",
            trigger: ".modal .o_spoc_shortcuts:contains('Take next')",
        },
        {
            content: "Close the list",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Take next by the keyboard",
            trigger: "body:not(:has(.modal)) .o_spoc_ticket_list",
            run: "press alt+shift+n",
        },
        {
            content: "It is mine",
            trigger: ".o_form_view .o_field_widget[name=owner_id] input:value('Agda Agent')",
            timeout: PATIENCE,
        },
    ],
});

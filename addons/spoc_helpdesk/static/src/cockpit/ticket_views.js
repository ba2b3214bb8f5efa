import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { useDeskCommands } from "./desk_commands";

/** So many acts stand beside one another; what is done more rarely is in the menu. */
const PRIMARY = 3;

/**
 * The acts of a ticket: the first three that can be done now, the rest in a menu.
 */
export class TicketStatusBarButtons extends StatusBarButtons {
    static template = "spoc_helpdesk.TicketStatusBarButtons";
    static components = { Dropdown, DropdownItem };

    get shownSlotNames() {
        return this.visibleSlotNames.slice(0, this.env.isSmall ? 1 : PRIMARY);
    }

    get menuSlotNames() {
        return this.visibleSlotNames.slice(this.shownSlotNames.length);
    }
}

export class TicketFormRenderer extends FormRenderer {
    static components = {
        ...FormRenderer.components,
        StatusBarButtons: TicketStatusBarButtons,
    };
}

export class TicketFormController extends FormController {
    setup() {
        super.setup();
        useDeskCommands();
    }
}

export class TicketListController extends ListController {
    setup() {
        super.setup();
        useDeskCommands();
    }
}

export class TicketKanbanController extends KanbanController {
    setup() {
        super.setup();
        useDeskCommands();
    }
}

registry.category("views").add("spoc_ticket_form", {
    ...formView,
    Controller: TicketFormController,
    Renderer: TicketFormRenderer,
});
registry.category("views").add("spoc_ticket_list", {
    ...listView,
    Controller: TicketListController,
});
registry.category("views").add("spoc_ticket_kanban", {
    ...kanbanView,
    Controller: TicketKanbanController,
});

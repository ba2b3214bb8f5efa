import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useTicketFacts } from "./ticket_facts";

/** Tickets like this one: what solved them, and who has it now, too. */
export class SpocSimilarTickets extends Component {
    static template = "spoc_helpdesk.SimilarTickets";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.facts = useTicketFacts(this, "get_similar_tickets");
    }

    get tickets() {
        return this.facts.found || [];
    }

    date(ticket) {
        return formatDate(deserializeDateTime(ticket.date.replace("T", " ").slice(0, 19)));
    }

    open(ticket) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "spoc.ticket",
            res_id: ticket.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("spoc_similar_tickets", {
    component: SpocSimilarTickets,
});

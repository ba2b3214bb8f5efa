import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { formatDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useTicketFacts } from "./ticket_facts";

const { DateTime } = luxon;
const MINUTE = 60 * 1000;

/** Who asks: the directory's card of the person, reachable by one click. */
export class SpocPersonCard extends Component {
    static template = "spoc_helpdesk.PersonCard";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.facts = useTicketFacts(
            this,
            "get_person_cards",
            () => null,
            (record) => {
                const ids = [record.data.requester_id?.id, record.data.requested_for_id?.id];
                const people = [...new Set(ids.filter(Boolean))];
                return people.length && [people, record.resId || false];
            }
        );
        this.clock = useState({ now: Date.now() });
        let timer;
        onWillStart(() => {
            timer = setInterval(() => (this.clock.now = Date.now()), MINUTE);
        });
        onWillDestroy(() => clearInterval(timer));
    }

    get people() {
        return this.facts.found || [];
    }

    role(person) {
        return person.id === this.props.record.data.requester_id?.id
            ? _t("Requester")
            : _t("Requested for");
    }

    /** What a person is, in one line: job, department or company. */
    line(person) {
        return [person.job, person.department || person.company].filter(Boolean).join(", ");
    }

    /** The time on the wall where the person is. */
    localTime(person) {
        const there = DateTime.fromMillis(this.clock.now).setZone(person.tz);
        if (!person.tz || !there.isValid) {
            return "";
        }
        const time = there.toLocaleString(DateTime.TIME_SIMPLE);
        const here = DateTime.fromMillis(this.clock.now);
        return there.offset === here.offset
            ? time
            : _t("%(time)s in %(place)s", { time, place: person.tz.split("/").pop().replaceAll("_", " ") });
    }

    openWords(person) {
        if (!person.total) {
            return _t("No ticket at your desks");
        }
        return _t("%(open)s open of %(total)s tickets", person);
    }

    date(ticket) {
        return formatDate(deserializeDateTime(ticket.date.replace("T", " ").slice(0, 19)));
    }

    image(person) {
        return `/web/image/res.partner/${person.id}/avatar_128`;
    }

    href(kind, value) {
        return `${kind}:${value.replaceAll(" ", "")}`;
    }

    openTicket(ticket) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "spoc.ticket",
            res_id: ticket.id,
            views: [[false, "form"]],
        });
    }

    async openAll(person) {
        const action = await this.orm.call("spoc.ticket", "action_person_tickets", [person.id]);
        return this.action.doAction(action);
    }
}

registry.category("view_widgets").add("spoc_person_card", {
    component: SpocPersonCard,
    fieldDependencies: [
        { name: "requester_id", type: "many2one" },
        { name: "requested_for_id", type: "many2one" },
    ],
});

import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { spanWords } from "../fields/time_left_field";
import { useTicketFacts } from "./ticket_facts";

const { DateTime } = luxon;
const MINUTE = 60 * 1000;
/** Narrowest bar in per cent: it has to be seen and hit. */
const NARROWEST = 1.5;
/** Height of a row in a lane, in rem. */
const ROW = 1.75;

const ICONS = { ok: "fa-check-circle", warn: "fa-exclamation-circle", bad: "fa-times-circle", muted: "fa-circle-o" };

/** What happened to a ticket: a picture in lanes, and the same as a list to be read. */
export class SpocTimeline extends Component {
    static template = "spoc_helpdesk.Timeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.facts = useTicketFacts(this, "get_timeline", (record) => [
            record.data.stage_id?.id,
            record.data.owner_id?.id,
            record.data.desk_id?.id,
            record.data.next_due?.toMillis?.(),
            record.data.open_assignment_count,
        ]);
        this.state = useState({ hidden: {}, now: Date.now(), latestFirst: true });
        let timer;
        onWillStart(() => {
            timer = setInterval(() => (this.state.now = Date.now()), MINUTE);
        });
        onWillDestroy(() => clearInterval(timer));
    }

    get lanes() {
        return this.facts.found?.lanes || [];
    }

    /** Entries with their moments and whether they last. */
    get entries() {
        return (this.facts.found?.entries || []).map((entry, index) => {
            const at = this.moment(entry.at);
            const end = entry.end ? this.moment(entry.end) : null;
            return { ...entry, index, from: at, to: end, lasts: Boolean(end || entry.open) };
        });
    }

    moment(text) {
        return DateTime.fromISO(text, { zone: "utc" }).toLocal();
    }

    get span() {
        const from = this.moment(this.facts.found.start).toMillis();
        const ends = this.entries.map((entry) => (entry.to || entry.from).toMillis());
        const last = this.facts.found.end ? this.moment(this.facts.found.end).toMillis() : this.state.now;
        return { from, to: Math.max(last, from + MINUTE, ...ends) };
    }

    /**
     * What stands in a lane, each with its row: what lasts at the same time stands
     * below one another.
     */
    of(lane) {
        const entries = this.entries.filter((entry) => entry.lane === lane.code);
        const free = [];
        for (const entry of entries) {
            entry.row = 0;
            if (entry.lasts) {
                const from = entry.from.toMillis();
                const row = free.findIndex((until) => until <= from);
                entry.row = row === -1 ? free.length : row;
                free[entry.row] = entry.to ? entry.to.toMillis() : Infinity;
            }
        }
        return { entries, rows: Math.max(1, free.length) };
    }

    /** Where an entry stands in its lane, as CSS. */
    place(entry) {
        const { from, to } = this.span;
        const at = (moment) => (100 * (moment - from)) / (to - from);
        const left = Math.max(0, Math.min(100 - NARROWEST, at(entry.from.toMillis())));
        const top = `top: ${entry.row * ROW + 0.125}rem`;
        if (!entry.lasts) {
            return `${top}; left: ${left}%`;
        }
        const right = at(entry.to ? entry.to.toMillis() : to);
        return `${top}; left: ${left}%; width: ${Math.max(NARROWEST, right - left)}%`;
    }

    height(stood) {
        return `height: ${stood.rows * ROW}rem`;
    }

    /** The marks under the lanes: beginning, middle, end. */
    get marks() {
        const { from, to } = this.span;
        return [from, (from + to) / 2, to].map((at) =>
            DateTime.fromMillis(at).toLocaleString({ month: "short", day: "numeric", hour: "numeric", minute: "numeric" })
        );
    }

    when(entry) {
        const from = entry.from.toLocaleString(DateTime.DATETIME_MED);
        if (!entry.lasts) {
            return from;
        }
        const until = entry.to ? entry.to.toMillis() : this.state.now;
        const span = spanWords(Math.max(0, until - entry.from.toMillis()));
        return entry.to
            ? _t("%(from)s, for %(span)s", { from, span })
            : _t("%(from)s, for %(span)s until now", { from, span });
    }

    words(entry) {
        const lane = this.lanes.find((one) => one.code === entry.lane);
        return [`${lane.label}: ${entry.label}`, entry.note, this.when(entry)].filter(Boolean).join(". ");
    }

    icon(entry) {
        return ICONS[entry.tone] || ICONS.muted;
    }

    laneLabel(entry) {
        return this.lanes.find((one) => one.code === entry.lane)?.label;
    }

    get listed() {
        const shown = this.entries.filter((entry) => !this.state.hidden[entry.lane]);
        return this.state.latestFirst ? shown.reverse() : shown;
    }

    toggle(lane) {
        this.state.hidden[lane.code] = !this.state.hidden[lane.code];
    }

    /** Go from a bar of the picture to its line in the list. */
    show(entry, event) {
        this.state.hidden[entry.lane] = false;
        const root = event.currentTarget.closest(".o_spoc_timeline");
        requestAnimationFrame(() => {
            const line = root.querySelector(`[data-entry="${entry.index}"]`);
            line?.focus();
            line?.scrollIntoView({ block: "nearest" });
        });
    }
}

registry.category("view_widgets").add("spoc_timeline", {
    component: SpocTimeline,
    fieldDependencies: [{ name: "open_assignment_count", type: "integer" }],
});

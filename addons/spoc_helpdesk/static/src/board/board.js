import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { spanWords } from "../fields/time_left_field";

const { DateTime } = luxon;

/** Load, lateness and silence of the desks somebody leads. Refreshed by hand. */
export class SpocBoard extends Component {
    static template = "spoc_helpdesk.Board";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.canvas = useRef("trend");
        this.display = { controlPanel: {} };
        this.state = useState({
            board: null,
            deskId: this.props.state?.deskId || false,
            loading: false,
            at: null,
        });
        useSetupAction({ getLocalState: () => ({ deskId: this.state.deskId }) });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
        useEffect(
            (trend) => this.draw(trend),
            () => [this.state.board?.trend]
        );
        onWillUnmount(() => this.chart?.destroy());
        this.columns = [
            { kind: "broken", label: _t("Broken"), title: _t("A promise was broken and is still to be kept"), tone: "danger" },
            { kind: "today", label: _t("Breaks today"), title: _t("A promise is due before the day is over"), tone: "warning" },
            { kind: "unheard", label: _t("To be answered"), title: _t("The requester wrote, and nobody has answered yet"), tone: "warning" },
            { kind: "silent", label: _t("Silent"), title: _t("No public word for a day or longer"), tone: "warning" },
            { kind: "waiting", label: _t("Waiting"), title: _t("Nobody at the desk can move it now"), tone: "" },
        ];
    }

    /** Names of columns where a row is a card: attributes of data are not translated. */
    get words() {
        return {
            load: _t("Load, by priority"),
            open: _t("Open"),
            silence: _t("Longest silence"),
            unowned: _t("Unowned"),
        };
    }

    get tiles() {
        return [
            { kind: "open", label: _t("Open"), tone: "" },
            { kind: "unowned", label: _t("Unowned"), tone: "warning" },
            ...this.columns,
        ];
    }

    async load() {
        this.state.loading = true;
        try {
            const args = this.state.deskId ? [this.state.deskId] : [];
            const board = await this.keepLast.add(this.orm.call("spoc.board", "get_board", args));
            Object.assign(this.state, { board, deskId: board.desk_id, at: DateTime.local() });
        } finally {
            this.state.loading = false;
        }
    }

    onDesk(event) {
        this.state.deskId = Number(event.target.value) || false;
        return this.load();
    }

    get readAt() {
        return this.state.at ? this.state.at.toLocaleString(DateTime.TIME_SIMPLE) : "";
    }

    get mostOpen() {
        return Math.max(1, ...this.state.board.agents.map((agent) => agent.open));
    }

    /** The parts of an agent's load, most urgent first. */
    parts(row) {
        return [...this.state.board.priorities]
            .reverse()
            .map(({ code, label }) => ({ code, label, count: row.priorities[code] || 0 }))
            .filter((part) => part.count);
    }

    partWords(row) {
        return this.parts(row)
            .map((part) => `${part.label}: ${part.count}`)
            .join(", ");
    }

    width(part) {
        return `width: ${(100 * part.count) / this.mostOpen}%`;
    }

    silence(row) {
        if (!row.silent_since) {
            return "";
        }
        const since = this.since(row);
        return spanWords(Math.max(0, DateTime.local().toMillis() - since.toMillis()));
    }

    since(row) {
        return deserializeDateTime(row.silent_since.replace("T", " ").slice(0, 19));
    }

    silenceMoment(row) {
        return row.silent_since ? this.since(row).toLocaleString(DateTime.DATETIME_MED) : "";
    }

    async open(kind, { deskId = this.state.deskId, ownerId = false } = {}) {
        const action = await this.orm.call("spoc.board", "action_open", [kind, deskId || false, ownerId]);
        return this.action.doAction(action);
    }

    reassignWords(agent) {
        return _t("Reassign the tickets of %s", agent.name);
    }

    async reassign(agent) {
        const action = await this.orm.call("spoc.board", "action_reassign", [
            agent.id,
            this.state.deskId || false,
        ]);
        return this.action.doAction(action, { onClose: () => this.load() });
    }

    day(entry) {
        return DateTime.fromISO(entry.day).toLocaleString({ month: "short", day: "numeric" });
    }

    draw(trend) {
        this.chart?.destroy();
        if (!trend || !this.canvas.el) {
            return;
        }
        const scheme = cookie.get("color_scheme");
        const set = (label, name, index) => ({
            label,
            data: trend.map((entry) => entry[name]),
            backgroundColor: getColor(index, scheme, "odoo"),
            borderRadius: 2,
        });
        // eslint-disable-next-line no-undef
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: {
                labels: trend.map((entry) => this.day(entry)),
                datasets: [set(_t("Received"), "received", 1), set(_t("Solved"), "solved", 4)],
            },
            options: {
                animation: false,
                responsive: true,
                maintainAspectRatio: false,
                scales: { y: { beginAtZero: true, ticks: { precision: 0 } }, x: { grid: { display: false } } },
                plugins: { legend: { position: "bottom" } },
            },
        });
    }
}

registry.category("actions").add("spoc_helpdesk.board", SpocBoard);

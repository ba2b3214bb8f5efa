import { Component, onWillStart, onWillDestroy, reactive, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { registry } from "@web/core/registry";
import { formatDateTime } from "@web/core/l10n/dates";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const TICK = 30 * 1000;

/**
 * One clock for all the cells on the screen: it ticks while somebody looks.
 */
const clock = reactive({ now: Date.now() });
let watchers = 0;
let timer = null;

function watchClock() {
    clock.now = Date.now();
    watchers++;
    timer ??= setInterval(() => {
        clock.now = Date.now();
    }, TICK);
}

function leaveClock() {
    watchers--;
    if (!watchers) {
        clearInterval(timer);
        timer = null;
    }
}

/**
 * Span of time in the two largest units that matter, in the user's language.
 *
 * @param {number} milliseconds not negative
 * @returns {string} "2 days 4 hr", "35 min"
 */
export function spanWords(milliseconds) {
    const minutes = Math.max(1, Math.round(milliseconds / 60000));
    const days = Math.floor(minutes / 1440);
    const hours = Math.floor((minutes % 1440) / 60);
    let parts = [["minute", minutes]];
    if (days >= 10) {
        parts = [["day", days]];
    } else if (days) {
        parts = [
            ["day", days],
            ["hour", hours],
        ];
    } else if (hours) {
        parts = [
            ["hour", hours],
            ["minute", hours < 5 ? minutes % 60 : 0],
        ];
    }
    return parts
        .filter(([, count]) => count)
        .map(([unit, count]) =>
            new Intl.NumberFormat(user.lang, {
                style: "unit",
                unit,
                unitDisplay: "short",
            }).format(count)
        )
        .join(" ");
}

/**
 * How long is left until a due moment, or how long it is overdue.
 *
 * Of a record that waits (`state` "waiting" or "paused") or has ended nothing is
 * counted down.
 */
export class TimeLeftField extends Component {
    static template = "spoc_helpdesk.TimeLeftField";
    static props = {
        ...standardFieldProps,
        soonHours: { type: Number, optional: true },
        withMoment: { type: Boolean, optional: true },
    };
    static defaultProps = { soonHours: 2, withMoment: false };

    setup() {
        this.clock = useState(clock);
        onWillStart(watchClock);
        onWillDestroy(leaveClock);
    }

    /** @returns {luxon.DateTime|false} */
    get due() {
        return this.props.record.data[this.props.name];
    }

    get state() {
        return this.props.record.data.state;
    }

    get isPaused() {
        return ["waiting", "paused"].includes(this.state);
    }

    get isCounting() {
        return (
            this.due &&
            !["met", "missed", "stopped", "closed", "cancelled", "confirmed", "returned"].includes(
                this.state
            )
        );
    }

    get left() {
        return this.due.toMillis() - this.clock.now;
    }

    get words() {
        if (this.left < 0) {
            return _t("%s overdue", spanWords(-this.left));
        }
        return _t("%s left", spanWords(this.left));
    }

    get className() {
        if (this.left < 0) {
            return "text-bg-danger";
        }
        return this.left < this.props.soonHours * 3600 * 1000 ? "text-bg-warning" : "text-bg-light";
    }

    get moment() {
        return this.due ? formatDateTime(this.due, { showSeconds: false }) : "";
    }

    get dayWords() {
        return this.due.hasSame(DateTime.local(), "day")
            ? this.due.toLocaleString(DateTime.TIME_SIMPLE)
            : this.due.toLocaleString({
                  month: "short",
                  day: "numeric",
                  hour: "numeric",
                  minute: "numeric",
              });
    }
}

registry.category("fields").add("spoc_time_left", {
    component: TimeLeftField,
    displayName: _t("Time left"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "state", type: "selection" }],
    extractProps: ({ options }) => ({
        soonHours: options.soon_hours,
        withMoment: Boolean(options.with_moment),
    }),
});

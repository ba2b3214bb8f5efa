import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { TimeLeftField } from "../fields/time_left_field";

/**
 * Time left of a ticket in the queue: a promise that is broken stays in sight until it
 * is kept, whatever is due after it.
 */
export class QueueLeftField extends TimeLeftField {
    get due() {
        return this.props.record.data.broken_since || super.due;
    }

    get isCounting() {
        return super.isCounting && this.state !== "resolved";
    }
}

const timeLeft = registry.category("fields").get("spoc_time_left");
registry.category("fields").add("spoc_queue_left", {
    ...timeLeft,
    component: QueueLeftField,
    displayName: _t("Time left, broken promises first"),
    fieldDependencies: [
        ...timeLeft.fieldDependencies,
        { name: "broken_since", type: "datetime" },
    ],
});

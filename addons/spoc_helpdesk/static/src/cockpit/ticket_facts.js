import { onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

/**
 * Facts about the ticket of a form, fetched in one call beside the form: it stands
 * while they come, and without them when they do not.
 *
 * @param {Object} component with a `record` among its props
 * @param {string} method of `spoc.ticket`
 * @param {(record: Object) => any} getKey fetched again when this has changed
 * @param {(record: Object) => Array|null} getArgs of the call, by default the ticket
 *  itself; nothing is fetched without
 * @returns {{loading: boolean, failed: boolean, found: any}} reactive
 */
export function useTicketFacts(
    component,
    method,
    getKey = () => null,
    getArgs = (record) => record.resId && [[record.resId]]
) {
    const orm = useService("orm");
    const keepLast = new KeepLast();
    const state = useState({ loading: true, failed: false, found: null });
    let known = null;

    async function load(record) {
        const args = getArgs(record);
        const key = JSON.stringify([args, getKey(record)]);
        if (key === known) {
            return;
        }
        known = key;
        if (!args) {
            Object.assign(state, { found: null, loading: false });
            return;
        }
        state.loading = true;
        state.failed = false;
        try {
            state.found = await keepLast.add(
                orm.silent.call("spoc.ticket", method, args)
            );
        } catch {
            state.failed = true;
            state.found = null;
        } finally {
            state.loading = false;
        }
    }

    onWillStart(() => {
        // Not waited for.
        load(component.props.record);
    });
    onWillUpdateProps((next) => {
        load(next.record);
    });
    return state;
}

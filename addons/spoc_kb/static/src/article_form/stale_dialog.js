import { Component, markup } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { Notebook } from "@web/core/notebook/notebook";

/** What somebody else saved, beside what was typed here. */
export class StaleDialog extends Component {
    static template = "spoc_kb.StaleDialog";
    static components = { Dialog, Notebook };
    static props = {
        close: Function,
        comparison: Object,
        keepMine: Function,
        takeTheirs: Function,
    };

    /** Parts as safe HTML: the server has cleaned them. */
    get parts() {
        return this.props.comparison.parts.map((part) => ({
            ...part,
            mine: markup(part.mine),
            theirs: markup(part.theirs),
            difference: markup(part.difference),
        }));
    }

    async keepMine() {
        await this.props.keepMine();
        this.props.close();
    }

    async takeTheirs() {
        await this.props.takeTheirs();
        this.props.close();
    }
}

import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * How far an import is; asks for batch after batch as long as it is looked at. What a
 * batch did is kept, so it may be closed at any moment.
 */
export class SpocImportProgress extends Component {
    static template = "spoc_catalog.ImportProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.progress = useState({ stopped: false });
        this.isShown = true;
        onMounted(() => this.goOn());
        onWillUnmount(() => {
            this.isShown = false;
        });
    }

    get count() {
        return this.props.record.data.row_count;
    }

    get done() {
        return this.props.record.data.done_count;
    }

    async goOn() {
        const { record } = this.props;
        this.progress.stopped = false;
        try {
            let isMore = record.data.is_running;
            while (isMore && this.isShown) {
                isMore = await this.orm.silent.call(record.resModel, "action_go_on", [
                    [record.resId],
                ]);
                if (this.isShown) {
                    await record.load();
                }
            }
        } catch (error) {
            // The connection is gone or the batch failed: go on by hand.
            this.progress.stopped = true;
            throw error;
        }
    }
}

registry.category("view_widgets").add("spoc_import_progress", {
    component: SpocImportProgress,
});

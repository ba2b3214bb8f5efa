import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Tells of words that were brought back, and of others who type. */
export class SpocArticleUnsaved extends Component {
    static template = "spoc_kb.ArticleUnsaved";
    static props = { ...standardWidgetProps };

    setup() {
        this.unsaved = useState(this.env.spocUnsaved?.state || {});
    }

    get others() {
        return (this.unsaved.others || []).join(", ");
    }

    drop() {
        this.env.spocUnsaved.drop();
    }
}

registry.category("view_widgets").add("spoc_article_unsaved", {
    component: SpocArticleUnsaved,
});

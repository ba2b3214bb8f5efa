import { Component, markup, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What may answer the ticket: read it here, send it, say what became of it. */
export class SpocTicketAnswers extends Component {
    static template = "spoc_helpdesk.TicketAnswers";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({
            loading: true,
            words: "",
            open: true,
            articles: [],
            used: [],
            shown: {},
        });
        this.search = useDebounced(() => this.load(), 300);
        onWillStart(() => {
            // Not waited for: the form stands while the search goes on.
            this.load();
        });
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.resId) {
                this.state.words = "";
                this.state.shown = {};
                this.load(next.record.resId);
            }
        });
        this.roleTexts = {
            read: _t("Read"),
            offered: _t("Sent as answer"),
            solved: _t("Solved it"),
            wrong: _t("Did not fit"),
            written: _t("Written for it"),
        };
    }

    get lists() {
        const found = this.state.words ? _t("Found") : _t("May answer it");
        return [
            { key: "used", title: _t("Used on this ticket"), articles: this.state.used },
            { key: "articles", title: found, articles: this.state.articles },
        ].filter((list) => list.articles.length);
    }

    async load(resId = this.props.record.resId) {
        this.resId = resId;
        if (!resId) {
            return;
        }
        this.state.loading = true;
        try {
            const found = await this.keepLast.add(
                this.orm.call("spoc.ticket", "get_answers", [[resId], this.state.words])
            );
            Object.assign(this.state, found);
        } finally {
            this.state.loading = false;
        }
    }

    onWords(event) {
        this.state.words = event.target.value;
        this.search();
    }

    async toggle(article) {
        if (this.state.shown[article.id]) {
            delete this.state.shown[article.id];
            return;
        }
        const words = await this.call("get_answer", article);
        this.state.shown[article.id] = {
            body: markup(words.body || ""),
            inner: words.inner ? markup(words.inner) : "",
        };
    }

    call(method, article, ...args) {
        return this.orm.call("spoc.ticket", method, [[this.resId], article.id, ...args]);
    }

    /** Do something that opens a window; what is typed in the form is kept first. */
    async run(method, article, ...args) {
        if (!(await this.props.record.save())) {
            return;
        }
        const action = await this.call(method, article, ...args);
        await this.action.doAction(action, { onClose: () => this.refresh() });
    }

    async refresh() {
        await this.props.record.load();
        await this.load();
    }

    async mark(article) {
        await this.call("action_article_wrong", article, !article.roles.includes("wrong"));
        await this.load();
    }

    async write() {
        if (!(await this.props.record.save())) {
            return;
        }
        const action = await this.orm.call("spoc.ticket", "action_write_article", [
            [this.resId],
        ]);
        await this.action.doAction(action, { onClose: () => this.refresh() });
    }
}

registry.category("view_widgets").add("spoc_ticket_answers", {
    component: SpocTicketAnswers,
});

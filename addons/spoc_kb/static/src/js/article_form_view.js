import { markup } from "@odoo/owl";
import { HistoryDialog } from "@html_editor/components/history_dialog/history_dialog";
import { getHtmlFieldMetadata, setHtmlFieldMetadata } from "@html_editor/fields/html_field";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

export class SpocArticleFormController extends FormController {
    setup() {
        super.setup();
        this.notification = useService("notification");
        this.orm = useService("orm");
    }

    /**
     * Say which version of the words was changed: the server refuses to put them
     * over words of somebody else that were never seen here.
     *
     * @override
     */
    async onWillSaveRecord(record, changes) {
        const result = await super.onWillSaveRecord(...arguments);
        if (record.resId && record.resModel === "spoc.article") {
            changes.content_version = record.data.content_version;
        }
        return result;
    }

    /** @override */
    getStaticActionMenuItems() {
        return {
            ...super.getStaticActionMenuItems(),
            versions: {
                sequence: 15,
                icon: "fa fa-history",
                description: _t("Versions of the answer"),
                isAvailable: () => Boolean(this.model.root.resId),
                callback: () => this.openVersions("body"),
            },
            innerVersions: {
                sequence: 16,
                icon: "fa fa-history",
                description: _t("Versions of the agents' part"),
                isAvailable: () => Boolean(this.model.root.resId),
                callback: () => this.openVersions("inner_body"),
            },
        };
    }

    /**
     * Where the versions of a field are kept.
     *
     * @param {"body"|"inner_body"} fieldName
     */
    async findVersions(fieldName) {
        const record = this.model.root;
        if (fieldName === "body") {
            return {
                recordModel: "spoc.article",
                recordId: record.resId,
                history: record.data.html_field_history_metadata?.body,
            };
        }
        const [inner] = await this.orm.searchRead(
            "spoc.article.inner",
            [["article_id", "=", record.resId]],
            ["html_field_history_metadata"]
        );
        return {
            recordModel: "spoc.article.inner",
            recordId: inner?.id,
            history: inner?.html_field_history_metadata?.body,
        };
    }

    async openVersions(fieldName) {
        const record = this.model.root;
        const { recordModel, recordId, history } = await this.findVersions(fieldName);
        if (!history?.length) {
            this.notification.add(_t("There are no earlier versions."));
            return;
        }
        this.dialogService.add(HistoryDialog, {
            title: _t("Versions"),
            noContentHelper: markup`<span class="text-muted fst-italic">${_t(
                "It was empty at the time."
            )}</span>`,
            recordId,
            recordModel,
            versionedFieldName: "body",
            historyMetadata: history,
            restoreRequested: (html, close) => this.restore(record, fieldName, html, close),
        });
    }

    restore(record, fieldName, html, close) {
        if (record.data.state !== "draft") {
            this.notification.add(
                _t("Revise the article first: only a draft takes other words."),
                { type: "warning" }
            );
            return;
        }
        this.dialogService.add(ConfirmationDialog, {
            title: _t("Restore this version?"),
            body: _t("It takes the place of the present words in this draft."),
            confirm: () => {
                const metadata = getHtmlFieldMetadata(record.data[fieldName]);
                record.update({ [fieldName]: setHtmlFieldMetadata(html, metadata) });
                close();
            },
            confirmLabel: _t("Restore"),
        });
    }
}

registry.category("views").add("spoc_article_form", {
    ...formView,
    Controller: SpocArticleFormController,
});

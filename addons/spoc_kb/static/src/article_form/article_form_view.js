import { markup, onMounted, onWillUnmount, useEffect, useState, useSubEnv } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { StaleDialog } from "./stale_dialog";

// What is kept on the server while it is typed; see spoc.article.unsaved.
const KEPT_FIELDS = [
    "name",
    "summary",
    "symptoms",
    "body",
    "inner_body",
    "escalation_when",
    "escalation_how",
    "escalation_collect",
    "keywords",
];
const UNSAVED = "spoc.article.unsaved";
const STALE = "odoo.addons.spoc_kb.exceptions.StaleWords";
const KEEP_EVERY = 4000;
// Others see that somebody types although nothing new was typed.
const TELL_EVERY = 60000;

/**
 * Words are kept on the server while they are typed, and are back in the form when it
 * is opened again. Each save says which version it was written on; when somebody else
 * has saved the same words meanwhile, both texts are shown.
 */
export class SpocArticleFormController extends FormController {
    setup() {
        super.setup();
        this.unsaved = useState({ since: "", others: [], isNewer: false });
        useSubEnv({ spocUnsaved: { state: this.unsaved, drop: () => this.discard() } });
        this.forgetTyping();
        useEffect(
            () => {
                this.forgetTyping();
                this.bringBack();
            },
            () => [this.model.root.resId, this.model.root.data.may_write_words]
        );
        onMounted(() => {
            this.timer = setInterval(() => this.keep(), KEEP_EVERY);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    // ---- Kept while typed ----

    get isWriting() {
        const record = this.model.root;
        return record.resModel === "spoc.article" && record.data.may_write_words;
    }

    /** Version the words in the form were written on. */
    get baseVersion() {
        return this.keptVersion || this.model.root.data.content_version;
    }

    forgetTyping() {
        this.keptVersion = 0;
        this.lastKept = "";
        this.lastTold = 0;
        Object.assign(this.unsaved, { since: "", others: [], isNewer: false });
    }

    /**
     * The words among the changes of a record.
     *
     * @param {Object} changes
     */
    pickWords(changes) {
        return Object.fromEntries(
            KEPT_FIELDS.filter((name) => name in changes).map((name) => [
                name,
                changes[name] ? String(changes[name]) : false,
            ])
        );
    }

    /** Put what was typed and never saved back into the form. */
    async bringBack() {
        if (!this.isWriting) {
            return;
        }
        const record = this.model.root;
        const resId = record.resId || false;
        const found = await this.orm.silent.call(UNSAVED, "offered", [resId]);
        if (this.model.root !== record || record.dirty) {
            return;
        }
        this.unsaved.others = found.others;
        if (!found.content) {
            return;
        }
        const values = {};
        for (const [name, text] of Object.entries(found.content)) {
            if (name in record.activeFields) {
                const isHtml = record.fields[name].type === "html";
                values[name] = isHtml ? markup(text || "") : text;
            }
        }
        await record.update(values);
        this.keptVersion = found.kept_version;
        this.unsaved.since = formatDateTime(deserializeDateTime(found.date));
        this.unsaved.isNewer = Boolean(resId && found.kept_version !== found.version);
    }

    /** Keep the words on the server, if there are new ones. */
    async keep() {
        const record = this.model.root;
        if (this.keeping || !this.isWriting) {
            return;
        }
        this.keeping = true;
        try {
            const changes = await record.getChanges();
            const words = this.pickWords(changes);
            const text = JSON.stringify(words);
            const isTold = Date.now() - this.lastTold < TELL_EVERY;
            if (!record.dirty || text === "{}" || (text === this.lastKept && isTold)) {
                return;
            }
            const args = [record.resId || false, this.baseVersion, words];
            const around = await this.orm.silent.call(UNSAVED, "keep", args);
            if (this.model.root !== record) {
                return;
            }
            this.lastKept = text;
            this.lastTold = Date.now();
            this.unsaved.others = around.others;
            this.unsaved.isNewer = Boolean(
                record.resId && around.version !== this.baseVersion
            );
        } catch {
            // Offline, or signed out: the form still has the words and tries again.
        } finally {
            this.keeping = false;
        }
    }

    /**
     * Saved or thrown away: nothing to bring back.
     *
     * @param {number|false} resId
     */
    drop(resId) {
        this.forgetTyping();
        this.orm.silent.call(UNSAVED, "forget", [resId]).catch(() => {});
    }

    /** @override */
    async discard() {
        const resId = this.model.root.resId || false;
        if (this.isWriting) {
            this.drop(resId);
        }
        return super.discard(...arguments);
    }

    /**
     * The page is left: the save that goes with it cannot answer, so the words are
     * kept first, and the save says which version they were written on.
     *
     * @override
     */
    async beforeUnload(ev) {
        const record = this.model.root;
        if (this.isWriting) {
            this.model._urgentSave = true;
            this.model.bus.trigger("WILL_SAVE_URGENTLY");
            this.model._urgentSave = false;
            const words = this.pickWords(record._getChanges());
            if (record.dirty && Object.keys(words).length) {
                const params = {
                    model: UNSAVED,
                    method: "keep",
                    args: [record.resId || false, this.baseVersion, words],
                    kwargs: {},
                };
                const data = { jsonrpc: "2.0", method: "call", params };
                navigator.sendBeacon(
                    `/web/dataset/call_kw/${UNSAVED}/keep`,
                    new Blob([JSON.stringify(data)], { type: "application/json" })
                );
                if (record.resId) {
                    record._changes.content_version = this.baseVersion;
                }
            }
        }
        return super.beforeUnload(ev);
    }

    // ---- Saved ----

    /**
     * Say which version of the words was changed: the server refuses to put them
     * over words of somebody else that were never seen here.
     *
     * @override
     */
    async onWillSaveRecord(record, changes) {
        const result = await super.onWillSaveRecord(...arguments);
        if (record.resModel === "spoc.article") {
            this.savedId = record.resId || false;
            if (record.resId) {
                changes.content_version = this.baseVersion;
            }
        }
        return result;
    }

    /** @override */
    async onRecordSaved(record) {
        if (record.resModel === "spoc.article" && this.savedId !== undefined) {
            this.drop(this.savedId);
        }
        return super.onRecordSaved(...arguments);
    }

    /** @override */
    async onSaveError(error, options, leaving) {
        if (error.data?.name === STALE) {
            return this.settle(options);
        }
        return super.onSaveError(...arguments);
    }

    /** @override */
    beforeVisibilityChange() {
        if (document.visibilityState === "hidden" && this.formInDialog === 0) {
            return this.model.root.save({
                onError: (error, options) => this.onSaveError(error, options, false),
            });
        }
    }

    /** @override */
    async beforeExecuteActionButton(clickParams) {
        if (clickParams.special || this.props.saveRecord) {
            return super.beforeExecuteActionButton(...arguments);
        }
        const record = this.model.root;
        const saved = await record.save({
            reload: !(this.env.inDialog && clickParams.close),
            onError: (error, options) => this.onSaveError(error, options, false),
        });
        if (saved !== false && this.props.onSave) {
            this.props.onSave(record, clickParams);
        }
        return saved;
    }

    /**
     * Somebody saved the same words meanwhile: show both, let the person choose.
     *
     * @param {Object} options of a failed save
     * @param {Function} options.discard
     * @param {Function} options.retry
     * @returns {Promise<boolean>} whether the words were saved after all
     */
    async settle({ discard, retry }) {
        const record = this.model.root;
        const resId = record.resId;
        const words = this.pickWords(record._getChanges());
        const comparison = await this.orm.call("spoc.article", "spoc_compare_words", [
            [resId],
            this.baseVersion,
            words,
        ]);
        return new Promise((resolve) => {
            this.dialogService.add(
                StaleDialog,
                {
                    comparison,
                    keepMine: async () => {
                        this.keptVersion = comparison.version;
                        resolve(await retry());
                    },
                    takeTheirs: async () => {
                        await discard();
                        this.drop(resId);
                        resolve(false);
                        // The save holds the lock until it is told.
                        setTimeout(() => this.model.root.load());
                    },
                },
                { onClose: () => resolve(false) }
            );
        });
    }
}

registry.category("views").add("spoc_article_form", {
    ...formView,
    Controller: SpocArticleFormController,
});

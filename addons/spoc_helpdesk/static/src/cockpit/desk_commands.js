import { Component } from "@odoo/owl";
import { useCommand } from "@web/core/commands/command_hook";
import { Dialog } from "@web/core/dialog/dialog";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { isMacOS } from "@web/core/browser/feature_detection";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

export const TAKE_NEXT_KEY = "shift+n";
export const SHORTCUTS_KEY = "shift+k";
/** The cursor may stand in the search box, as it does when a list opens. */
const EVERYWHERE = { bypassEditableProtection: true };

/** Keys an agent works with, as they stand on the buttons of the ticket's views. */
function deskKeys() {
    return [
        {
            title: _t("Anywhere among the tickets"),
            keys: [
                ["Shift+N", _t("Take next: the unowned ticket that breaks first")],
                ["Shift+K", _t("This list")],
                ["C", _t("New ticket, for somebody who calls")],
                ["N", _t("Next ticket of the list")],
                ["P", _t("Previous ticket of the list")],
            ],
        },
        {
            title: _t("On a ticket"),
            keys: [
                ["Q", _t("Take")],
                ["R", _t("Resolve")],
                ["W", _t("Assign to another line")],
                ["E", _t("Wait for the requester, or resume")],
                ["M", _t("More acts")],
                ["S", _t("Save what was typed")],
                ["J", _t("Discard what was typed")],
            ],
        },
    ];
}

export class DeskShortcuts extends Component {
    static template = "spoc_helpdesk.DeskShortcuts";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        this.groups = deskKeys();
        this.modifier = isMacOS() ? "Ctrl" : "Alt";
        this.dialogTitle = _t("Keyboard shortcuts");
        this.intro = _t(
            "Hold %s: the keys show on the buttons. Then press one of these.",
            this.modifier
        );
    }
}

/** Take next and the list of shortcuts, as commands of the screen at hand. */
export function useDeskCommands() {
    const orm = useService("orm");
    const action = useService("action");
    const dialog = useService("dialog");
    useCommand(
        _t("Take next ticket"),
        async () => {
            await action.doAction(await orm.call("spoc.ticket", "action_take_next", [[]]));
        },
        { hotkey: `alt+${TAKE_NEXT_KEY}`, hotkeyOptions: EVERYWHERE }
    );
    useCommand(
        _t("Keyboard shortcuts of the desk"),
        () => {
            dialog.add(DeskShortcuts);
        },
        { hotkey: `alt+${SHORTCUTS_KEY}`, hotkeyOptions: EVERYWHERE }
    );
}

export class DeskShortcutsItem extends Component {
    static template = "spoc_helpdesk.DeskShortcutsItem";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.dialog = useService("dialog");
    }

    open() {
        this.dialog.add(DeskShortcuts);
    }
}

registry.category("cogMenu").add(
    "spoc-desk-shortcuts",
    {
        Component: DeskShortcutsItem,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: (env) =>
            env.searchModel?.resModel === "spoc.ticket" && env.config.actionType !== "ir.actions.client",
    },
    { sequence: 90 }
);

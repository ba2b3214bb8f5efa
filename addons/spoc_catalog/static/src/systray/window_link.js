import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";

/** Takes an employee from anywhere in the backend to the service window. */
export class WindowLink extends Component {
    static template = "spoc_catalog.WindowLink";
    static props = {};
}

registry
    .category("systray")
    .add("spoc_catalog.window_link", { Component: WindowLink }, { sequence: 30 });

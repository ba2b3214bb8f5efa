import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const MANIFEST = "/manifest.webmanifest";

/** Lets the window be installed, and be of help without network. */
export class SpocInstall extends Interaction {
    static selector = ".o_spoc_window";

    start() {
        const link = document.querySelector(`link[rel=manifest][href$='${MANIFEST}']`);
        const workers = navigator.serviceWorker;
        if (!link || !workers) {
            return;
        }
        // The address of the window has the language in it.
        const scope = new URL(link.href).pathname.slice(0, -MANIFEST.length);
        // Browsers may be told to refuse workers: the window works without.
        workers.register(`${scope}/service-worker.js`, { scope }).catch(() => {});
    }
}

registry.category("public.interactions").add("spoc_catalog.install", SpocInstall);

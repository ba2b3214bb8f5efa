// @odoo-module ignore

/* Shows a page of its own when the window is asked for without network.
 *
 * That page is all it keeps: pages of the window belong to who is signed in and
 * always come from the server. */
const CACHE = `spoc-offline ${self.registration.scope}`;
const OFFLINE = `${self.registration.scope}/offline`;

async function keepOfflinePage() {
    const answer = await fetch(OFFLINE, { cache: "reload" });
    if (!answer.ok) {
        throw new Error(`${OFFLINE}: ${answer.status}`);
    }
    // Made anew: an answer that was led elsewhere is refused as a page.
    const page = new Response(await answer.text(), {
        headers: { "Content-Type": "text/html; charset=utf-8" },
    });
    const cache = await caches.open(CACHE);
    await cache.put(OFFLINE, page);
}

async function getPage(event) {
    try {
        return (await event.preloadResponse) || (await fetch(event.request));
    } catch (error) {
        const cache = await caches.open(CACHE);
        const page = await cache.match(OFFLINE);
        if (!page) {
            throw error;
        }
        return page;
    }
}

self.addEventListener("install", (event) => {
    self.skipWaiting();
    event.waitUntil(keepOfflinePage());
});

self.addEventListener("activate", (event) => {
    // The page is asked for while the worker still wakes up.
    event.waitUntil(self.registration.navigationPreload?.enable());
});

self.addEventListener("fetch", (event) => {
    if (event.request.mode === "navigate" && event.request.method === "GET") {
        event.respondWith(getPage(event));
    }
});

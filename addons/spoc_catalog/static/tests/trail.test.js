import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";

import { describe, expect, test } from "@odoo/hoot";
import { click, edit, manuallyDispatchProgrammaticEvent, press } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";

setupInteractionWhiteList([
    "spoc_catalog.search",
    "spoc_catalog.opened",
    "spoc_catalog.results",
    "spoc_catalog.form_begun",
    "spoc_catalog.tabs",
]);

describe.current.tags("interaction_dev");

const BOX = `
    <form action="/spoc/search" class="o_spoc_search">
        <input type="search" name="q" id="spoc_q"/>
        <button type="submit">Search</button>
        <div class="o_spoc_suggestions"></div>
        <div class="o_spoc_status"></div>
    </form>`;

const SECTIONS = [
    {
        key: "services",
        title: "Services",
        items: [
            { title: "Printer", summary: "", url: "#printer", icon: "fa-print" },
            { title: "Price list", summary: "", url: "#price", icon: "fa-book" },
        ],
    },
];

/** Steps told to the server, instead of telling them. */
function catchSteps() {
    patchWithCleanup(navigator, {
        sendBeacon(url, data) {
            const { csrf_token, ...step } = Object.fromEntries(data);
            expect.step(`${url} ${JSON.stringify(step)}`);
            return true;
        },
    });
}

function readTrail() {
    const note = document.cookie.split("; ").find((one) => one.startsWith("spoc_trail="));
    document.cookie = "spoc_trail=; path=/; max-age=0";
    return note && JSON.parse(decodeURIComponent(note.slice("spoc_trail=".length)));
}

async function type(text) {
    await click("#spoc_q");
    await edit(text);
    await advanceTime(200);
    await animationFrame();
}

const leave = () => manuallyDispatchProgrammaticEvent(window, "pagehide");

test("a suggestion taken leaves its trail, and is not told again", async () => {
    catchSteps();
    onRpc("/spoc/suggest", () => ({ sections: SECTIONS }));
    await startInteractions(BOX);
    await type("pri");
    await press("ArrowDown");
    await press("ArrowDown");
    await press("Enter");
    expect(readTrail()).toEqual({ text: "pri", count: 2, position: 2 });
    await leave();
    expect.verifySteps([]);
});

test("words left in the box are told once", async () => {
    catchSteps();
    onRpc("/spoc/suggest", () => ({ sections: [] }));
    await startInteractions(BOX);
    await type("flux");
    expect.verifySteps([]);
    await leave();
    await leave();
    expect.verifySteps(['/spoc/trail {"step":"left","text":"flux","count":"0"}']);
});

test("words sent to the page of results are not told", async () => {
    catchSteps();
    onRpc("/spoc/suggest", () => ({ sections: SECTIONS }));
    await startInteractions(BOX);
    document.querySelector("form").addEventListener("submit", (ev) => ev.preventDefault());
    await type("pri");
    document.querySelector("form").requestSubmit();
    await leave();
    expect.verifySteps([]);
});

test("words nobody has looked up are not told", async () => {
    catchSteps();
    onRpc("/spoc/suggest", () => {
        throw new Error("down");
    });
    await startInteractions(BOX);
    await type("pri");
    await leave();
    expect.verifySteps([]);
});

test("a result opened leaves its place", async () => {
    await startInteractions(`
        <div class="o_spoc_found">
            <ul class="o_spoc_results"><li><a href="#one">One</a></li></ul>
            <ul class="o_spoc_results"><li><a href="#two"><b>Two</b></a></li></ul>
        </div>`);
    await click("b");
    expect(readTrail()).toEqual({ position: 2 });
});

test("a page opened tells so, with what it was taken from", async () => {
    catchSteps();
    const note = encodeURIComponent('{"text":"lam","count":3,"position":1}');
    document.cookie = `spoc_trail=${note}; path=/`;
    await startInteractions('<div class="o_spoc_window" data-opened="service/7"></div>');
    expect.verifySteps([
        '/spoc/trail {"step":"opened","opened":"service/7","text":"lam","count":"3","position":"1"}',
    ]);
});

test("a page of nothing in particular tells nothing", async () => {
    catchSteps();
    await startInteractions('<div class="o_spoc_window"></div>');
    expect.verifySteps([]);
});

test("an odd note is no note", async () => {
    catchSteps();
    document.cookie = "spoc_trail=%7Bx; path=/";
    await startInteractions('<div class="o_spoc_window" data-opened="service/7"></div>');
    expect.verifySteps(['/spoc/trail {"step":"opened","opened":"service/7"}']);
});

test("a form begun is told once", async () => {
    catchSteps();
    await startInteractions(`
        <form class="o_spoc_form" action="/spoc/service/7/ask" method="post">
            <input type="text" id="one"/>
        </form>
        <form class="o_spoc_form" action="/spoc/ask" method="post">
            <input type="text" id="two"/>
        </form>`);
    await click("#one");
    await edit("blue");
    await click("#two");
    await edit("red");
    expect.verifySteps(['/spoc/trail {"step":"begun","service":"7"}']);
});

test("the row of links shows the one of this page", async () => {
    const links = [...Array(30).keys()]
        .map((key) => `<a ${key === 25 ? "aria-current='true'" : ""}>Link ${key}</a>`)
        .join(" ");
    await startInteractions(`
        <nav class="o_spoc_tabs" style="width: 200px; overflow-x: auto">
            <div style="white-space: nowrap">${links}</div>
        </nav>`);
    expect(document.querySelector(".o_spoc_tabs").scrollLeft).toBeGreaterThan(100);
});

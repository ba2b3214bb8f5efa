import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";

import { describe, expect, test } from "@odoo/hoot";
import { click, edit, press, queryOne, setInputFiles } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";

import { SpocForm } from "@spoc_catalog/interactions/form";

setupInteractionWhiteList(["spoc_catalog.search", "spoc_catalog.form"]);

describe.current.tags("interaction_dev");

const BOX = `
    <form action="/spoc/search" class="o_spoc_search">
        <input type="search" name="q" id="spoc_q"/>
        <button type="submit">Search</button>
        <div class="o_spoc_suggestions"></div>
        <div class="o_spoc_status"></div>
    </form>
    <a href="#elsewhere" id="elsewhere">Elsewhere</a>`;

const SECTIONS = [
    {
        key: "services",
        title: "Services",
        items: [
            { title: "Printer", summary: "Paper <b>jam</b>", url: "#printer", icon: "fa-print" },
            { title: "Price list", summary: "", url: "#price", icon: "fa-book" },
        ],
    },
    {
        key: "desks",
        title: "Desks",
        items: [{ title: "Print shop", summary: "", url: "#shop", icon: "fa-life-ring" }],
    },
];

async function type(text) {
    await click("#spoc_q");
    await edit(text);
    await advanceTime(200);
    await animationFrame();
}

describe("search box", () => {
    test("suggestions open, can be walked through and close", async () => {
        onRpc("/spoc/suggest", () => ({ sections: SECTIONS }));
        await startInteractions(BOX);
        expect("#spoc_q").toHaveAttribute("role", "combobox");
        await type("pri");
        expect("[role=option]").toHaveCount(3);
        expect("[role=group]").toHaveCount(2);
        expect("#spoc_q").toHaveAttribute("aria-expanded", "true");
        expect(".o_spoc_status").toHaveText("3 suggestions");
        // What the server sends is text, never markup.
        expect("[role=option] b").toHaveCount(0);

        await press("ArrowDown");
        expect("#spoc_q").toHaveAttribute("aria-activedescendant", "spoc_suggestion_0");
        expect("[aria-selected=true]").toHaveText(/Printer/);
        await press("ArrowUp");
        expect("#spoc_q").not.toHaveAttribute("aria-activedescendant");
        await press("ArrowUp");
        expect("[aria-selected=true]").toHaveText(/Print shop/);
        await press("ArrowDown");
        expect("[aria-selected=true]").toHaveCount(0);

        await press("Escape");
        expect("[role=option]").toHaveCount(0);
        expect("#spoc_q").toHaveAttribute("aria-expanded", "false");
        expect("#spoc_q").toHaveValue("pri");
    });

    test("a short text asks for nothing", async () => {
        onRpc("/spoc/suggest", () => {
            expect.step("asked");
            return { sections: [] };
        });
        await startInteractions(BOX);
        await type("p");
        expect.verifySteps([]);
        await type("pr");
        expect.verifySteps(["asked"]);
        expect(".o_spoc_status").toHaveText("No suggestions");
    });

    test("a failure leaves a plain search box", async () => {
        onRpc("/spoc/suggest", () => {
            throw new Error("down");
        });
        await startInteractions(BOX);
        await type("pri");
        expect("[role=option]").toHaveCount(0);
        expect("#spoc_q").toHaveValue("pri");
    });

    test("leaving the box closes the suggestions", async () => {
        onRpc("/spoc/suggest", () => ({ sections: SECTIONS }));
        await startInteractions(BOX);
        await type("pri");
        expect("[role=option]").toHaveCount(3);
        queryOne("#elsewhere").focus();
        await animationFrame();
        expect("[role=option]").toHaveCount(0);
    });
});

const FORM = `
    <form action="/spoc/service/1/ask" method="post" class="o_spoc_form">
        <div class="o_spoc_form_error d-none" tabindex="-1"></div>
        <div class="o_spoc_question" data-question="7">
            <input type="text" id="q_7" name="q_7" aria-describedby="q_7_error"/>
            <div class="o_spoc_error d-none" id="q_7_error"></div>
        </div>
        <div class="o_spoc_question" data-question="8">
            <input type="file" id="q_8" name="q_8" multiple="multiple" data-max-files="1" data-max-mb="0.001"/>
            <div class="o_spoc_error d-none" id="q_8_error"></div>
        </div>
        <button type="submit">Send</button>
    </form>`;

function json(data, status = 200) {
    return new Response(JSON.stringify(data), {
        status,
        headers: { "Content-Type": "application/json" },
    });
}

/** Answers what the form sends. */
function mockAsk(answer) {
    onRpc("/spoc/service/1/ask", answer, { pure: true });
}

describe("request form", () => {
    test("a refusal is shown beside the question and loses nothing", async () => {
        mockAsk(async (request) => {
            const data = await request.formData();
            expect.step(request.headers.get("X-Requested-With"));
            expect.step(`${data.get("q_7")} ${data.get("q_8").name}`);
            return json({ errors: { 7: "Too odd" } });
        });
        await startInteractions(FORM);
        await click("#q_7");
        await edit("blue");
        await click("#q_8");
        await setInputFiles([new File(["x"], "a.png")]);
        await click("[type=submit]");
        await animationFrame();
        expect.verifySteps(["spoc", "blue a.png"]);
        expect("#q_7_error").toHaveText("Too odd");
        expect("#q_7").toHaveAttribute("aria-invalid", "true");
        expect("#q_7").toBeFocused();
        expect("#q_7").toHaveValue("blue");
        expect(queryOne("#q_8").files).toHaveLength(1);
        expect("[type=submit]").toBeEnabled();
        expect(".o_spoc_form_error").not.toHaveClass("d-none");

        await edit("green");
        await click("#q_8");
        expect("#q_7_error").toHaveText("");
        expect("#q_7").not.toHaveAttribute("aria-invalid");
    });

    test("success leads on, and is sent once", async () => {
        patchWithCleanup(SpocForm.prototype, {
            leave(url) {
                expect.step(`leave ${url}`);
            },
        });
        mockAsk(() => {
            expect.step("sent");
            return json({ redirect: "/my/requests/5" });
        });
        await startInteractions(FORM);
        await click("[type=submit]");
        queryOne("form").requestSubmit();
        await animationFrame();
        expect.verifySteps(["sent", "leave /my/requests/5"]);
        expect("[type=submit]").not.toBeEnabled();
    });

    test("files over the limits are not sent", async () => {
        mockAsk(() => expect.step("sent"));
        await startInteractions(FORM);
        await click("#q_8");
        await setInputFiles([new File(["x".repeat(5000)], "big.png")]);
        await animationFrame();
        expect("#q_8_error").toHaveText(/big\.png is too big/);
        await click("[type=submit]");
        await animationFrame();
        expect.verifySteps([]);
        await click("#q_8");
        await setInputFiles([new File(["x"], "a.png"), new File(["y"], "b.png")]);
        await animationFrame();
        expect("#q_8_error").toHaveText(/no more than 1/);
    });

    test("whatever goes wrong is said, and the form can be sent again", async () => {
        const answers = [
            () => {
                throw new TypeError("no network");
            },
            () => new Response("<html/>", { status: 500 }),
            () => new Response("<html/>", { status: 413 }),
            () => new Response("<html/>", { status: 400 }),
            () => json({ errors: { _form: "Closed today" } }),
        ];
        mockAsk(() => answers.shift()());
        await startInteractions(FORM);
        for (const words of [
            /not sent/,
            /not sent/,
            /too big/,
            /signed out/,
            /^Closed today$/,
        ]) {
            await click("[type=submit]");
            await animationFrame();
            expect(".o_spoc_form_error").toHaveText(words);
            expect(".o_spoc_form_error").toBeFocused();
            expect("[type=submit]").toBeEnabled();
        }
    });
});

import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";

import { describe, expect, test } from "@odoo/hoot";
import {
    click,
    edit,
    pointerDown,
    pointerUp,
    press,
    queryAll,
    queryOne,
    setInputFiles,
} from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { onRpc } from "@web/../tests/web_test_helpers";

import { getSizeWords } from "@spoc_catalog/interactions/form_files";
import { getMessage } from "@spoc_catalog/interactions/form_messages";

setupInteractionWhiteList("spoc_catalog.form");
describe.current.tags("interaction_dev");

const DEFINITION = {
    id: 1,
    version: 1,
    questions: [
        {
            id: 2,
            type: "choice",
            label: "Kind",
            required: true,
            options: [
                { id: 21, label: "Office" },
                { id: 22, label: "Laboratory" },
            ],
        },
        {
            id: 3,
            type: "text",
            label: "Which",
            required: false,
            show_if: { question: 2, op: "is", value: 22 },
            required_if: { question: 2, op: "is", value: 22 },
        },
        {
            id: 4,
            type: "choice",
            label: "Colour",
            required: false,
            options: [
                { id: 41, label: "Red" },
                { id: 42, label: "Blue", show_if: { question: 2, op: "is", value: 22 } },
            ],
        },
        { id: 5, type: "person", label: "Who", required: false },
        { id: 9, type: "step", label: "Things", help: "" },
        {
            id: 6,
            type: "rows",
            label: "Things",
            required: true,
            min_rows: 0,
            max_rows: 3,
            questions: [
                { id: 61, type: "text", label: "Thing", required: true },
                { id: 62, type: "integer", label: "Number", required: false, min: 1 },
            ],
        },
        {
            id: 7,
            type: "file",
            label: "Plan",
            required: false,
            max_files: 2,
            max_mb: 1,
        },
    ],
};

const mark = `<span class="o_spoc_required d-none">*</span>`;
const error = (name) => `<div class="o_spoc_error d-none" id="${name}_error"></div>`;

function row(number) {
    const cell = (id) => `
        <div class="o_spoc_question" data-question="6:${number}:${id}">
            <label for="q_6_${number}_${id}">Cell ${mark}</label>
            <input type="text" id="q_6_${number}_${id}" name="q_6_${number}_${id}"
                aria-describedby="q_6_${number}_${id}_error"/>
            ${error(`q_6_${number}_${id}`)}
        </div>`;
    return `
        <fieldset class="o_spoc_row">
            <legend tabindex="-1">Row <span class="o_spoc_row_number"></span></legend>
            <input type="hidden" name="q_6_${number}_row" value="1"/>
            ${cell(61)}${cell(62)}
            <button type="button" class="o_spoc_remove_row d-none">Remove</button>
        </fieldset>`;
}

function body(definition = DEFINITION, more = "") {
    const attribute = JSON.stringify(definition).replaceAll('"', "&quot;");
    const radio = (id) => `
        <div class="o_spoc_option">
            <input type="radio" name="q_2" value="${id}" id="q_2_o${id}"/>
        </div>`;
    return `
        <div class="o_spoc_form_body" data-form="${attribute}" data-lookup="/spoc/form/1/lookup">
            <div class="o_spoc_form_error d-none" tabindex="-1"></div>${more}
            <div class="o_spoc_progress d-none">
                <p class="o_spoc_progress_text"></p><div class="progress-bar"></div>
            </div>
            <section class="o_spoc_step">
                <fieldset class="o_spoc_question" data-question="2">
                    <legend>Kind ${mark}</legend>${radio(21)}${radio(22)}${error("q_2")}
                </fieldset>
                <div class="o_spoc_question" data-question="3">
                    <label for="q_3">Which ${mark}</label>
                    <div class="o_spoc_note">Only if</div>
                    <input type="text" id="q_3" name="q_3"/>${error("q_3")}
                </div>
                <div class="o_spoc_question" data-question="4">
                    <label for="q_4">Colour ${mark}</label>
                    <select id="q_4" name="q_4">
                        <option value=""></option>
                        <option value="41">Red</option><option value="42">Blue</option>
                    </select>${error("q_4")}
                </div>
                <div class="o_spoc_question" data-question="5">
                    <label for="q_5">Who ${mark}</label>
                    <div class="o_spoc_picker" data-lookup-question="5">
                        <input type="hidden" name="q_5"/>
                        <input type="text" id="q_5" name="q_5_text"/>
                    </div>${error("q_5")}
                </div>
            </section>
            <section class="o_spoc_step" data-question="9">
                <h3 class="o_spoc_step_title" tabindex="-1">Things</h3>
                <fieldset class="o_spoc_question" data-question="6">
                    <legend>Things ${mark}</legend>
                    <div class="o_spoc_rows" data-max-rows="3">${row(0)}${row(1)}${row(2)}</div>
                    <template class="o_spoc_new_row">${row("__row__")}</template>
                    <button type="button" class="o_spoc_add_row d-none">Add</button>
                    ${error("q_6")}
                </fieldset>
                <div class="o_spoc_question" data-question="7">
                    <label for="q_7">Plan ${mark}</label>
                    <input type="file" id="q_7" name="q_7" multiple="multiple"/>
                    <ul class="o_spoc_files"></ul>${error("q_7")}
                </div>
            </section>
            <div class="o_spoc_step_buttons d-none">
                <button type="button" class="o_spoc_back">Back</button>
                <button type="button" class="o_spoc_next">Next</button>
            </div>
        </div>`;
}

const form = (end = "") => `
    <form action="/spoc/service/1/ask" method="post" class="o_spoc_form">
        ${body()}
        <div class="o_spoc_form_end">${end}<button type="submit">Send</button></div>
    </form>`;

describe("request form of many types", () => {
    test("only what applies is asked, offered and required", async () => {
        await startInteractions(form());
        expect(".o_spoc_note").toHaveCount(0);
        expect("[data-question='3']").not.toBeVisible();
        expect("option[value='42']").toHaveProperty("disabled", true);
        await click("#q_2_o22");
        expect("[data-question='3']").toBeVisible();
        expect("#q_3").toHaveProperty("required", true);
        expect("[data-question='3'] .o_spoc_required").toBeVisible();
        expect("option[value='42']").toHaveProperty("disabled", false);
        queryOne("#q_4").value = "42";
        await click("#q_2_o21");
        expect("#q_4").toHaveValue("");
        expect("[data-question='3']").not.toBeVisible();
    });

    test("one step after another, each once it is answered", async () => {
        await startInteractions(form());
        expect(".o_spoc_progress_text").toHaveText("Step 1 of 2");
        expect("[type=submit]").not.toBeVisible();
        await click(".o_spoc_next");
        expect("#q_2_error").toHaveText("Please answer this question.");
        expect(".o_spoc_progress_text").toHaveText("Step 1 of 2");
        await click("#q_2_o21");
        await click(".o_spoc_next");
        expect(".o_spoc_progress_text").toHaveText("Step 2 of 2");
        expect(".o_spoc_step_title").toBeFocused();
        expect("[type=submit]").toBeVisible();
        await click(".o_spoc_back");
        expect("#q_2_o21").toBeVisible();
        expect("#q_6_0_61").not.toBeVisible();
    });

    test("rows come, go and keep their order", async () => {
        await startInteractions(form());
        await click("#q_2_o21");
        await click(".o_spoc_next");
        expect(".o_spoc_rows .o_spoc_row").toHaveCount(1);
        await click("#q_6_0_61");
        await edit("Chair");
        await click(".o_spoc_add_row");
        expect("#q_6_1_61").toBeFocused();
        await edit("Desk");
        await click(".o_spoc_add_row");
        await edit("Lamp");
        expect(".o_spoc_add_row").not.toBeVisible();
        await click(queryAll(".o_spoc_remove_row")[1]);
        expect(queryAll(".o_spoc_row_number").map((one) => one.textContent)).toEqual([
            "1",
            "2",
        ]);
        expect("#q_6_1_61").toHaveValue("Lamp");
        expect("input[name=q_6_1_row]").toHaveCount(1);
        expect("[data-question='6:1:61'] label").toHaveAttribute("for", "q_6_1_61");
        await click("#q_6_1_62");
        await edit("0");
        await click("#q_6_1_61");
        expect("#q_6_1_62_error").toHaveText("At least 1, please.");
        expect("#q_6_0_62_error").toHaveText("");
    });

    test("a list of names opens while typing", async () => {
        onRpc("/spoc/form/1/lookup", async (request) => {
            const { params } = await request.json();
            expect.step(`${params.question_id} ${params.text}`);
            return { items: [{ id: 8, label: "Anna <b>", detail: "Clerk" }] };
        });
        await startInteractions(form());
        expect("#q_5").toHaveAttribute("role", "combobox");
        await click("#q_5");
        await edit("ann");
        await advanceTime(300);
        await animationFrame();
        expect.verifySteps(["5 ann"]);
        expect("[role=option]").toHaveText(/Anna <b>/);
        await press("ArrowDown");
        expect("[role=option]").toHaveAttribute("aria-selected", "true");
        await press("Enter");
        expect("input[name=q_5]").toHaveValue("8");
        expect("#q_5").toHaveValue("Anna <b>");
        expect("[role=option]").toHaveCount(0);
        await edit("Anna and more");
        expect("input[name=q_5]").toHaveValue("");
        await click("#q_4");
        expect("#q_5_error").toHaveText(/from the list/);
    });

    test("a message never pushes away the button that is being pressed", async () => {
        onRpc("/spoc/form/1/lookup", () => ({ items: [] }));
        await startInteractions(form());
        await click("#q_5");
        await edit("Nobody");
        await pointerDown(".o_spoc_next");
        expect("#q_5_error").toHaveText("");
        await pointerUp(".o_spoc_next");
        expect("#q_5_error").toHaveText(/from the list/);
        expect("#q_2_error").toHaveText(/answer this/);

        // pressed, but let go elsewhere: said all the same
        await click("#q_5");
        await edit("");
        await click("#q_4");
        await click("#q_5");
        await edit("Nobody again");
        expect("#q_5_error").toHaveText("");
        await pointerDown(".o_spoc_next");
        await pointerUp("#q_4");
        await advanceTime(400);
        expect("#q_5_error").toHaveText(/from the list/);
    });

    test("files are listed and can be left out again", async () => {
        await startInteractions(form());
        await click("#q_2_o21");
        await click(".o_spoc_next");
        await click("#q_7");
        await setInputFiles([new File(["x"], "a.png"), new File(["y"], "bad.exe")]);
        await animationFrame();
        expect(".o_spoc_files li").toHaveCount(2);
        expect("#q_7_error").toHaveText(/bad\.exe/);
        await click(queryAll(".o_spoc_remove_file")[1]);
        await animationFrame();
        expect(".o_spoc_files").toHaveText(/a\.png \(1 B\)/);
        expect("#q_7_error").toHaveText("");
        expect(queryOne("#q_7").files).toHaveLength(1);
    });

    test("a form changed meanwhile comes anew, with the files", async () => {
        const changed = {
            ...DEFINITION,
            version: 2,
            questions: DEFINITION.questions.filter((one) => one.id !== 6),
        };
        onRpc(
            "/spoc/service/1/ask",
            () =>
                new Response(
                    JSON.stringify({
                        errors: { _form: "Changed" },
                        html: body(changed, `<p class="o_new">New</p>`),
                    }),
                    { headers: { "Content-Type": "application/json" } }
                ),
            { pure: true }
        );
        await startInteractions(form());
        await click("#q_2_o21");
        await click(".o_spoc_next");
        await click("#q_6_0_61");
        await edit("Chair");
        await click("#q_7");
        await setInputFiles([new File(["x"], "a.png")]);
        await click("[type=submit]");
        await animationFrame();
        expect(".o_new").toHaveCount(1);
        expect(".o_spoc_form_error").toHaveText("Changed");
        expect(queryOne("#q_7").files).toHaveLength(1);
    });

    test("one of the choices at the end has to be made", async () => {
        onRpc(
            "/spoc/service/1/ask",
            () => {
                expect.step("sent");
                return new Response(JSON.stringify({ errors: { _form: "No" } }), {
                    headers: { "Content-Type": "application/json" },
                });
            },
            { pure: true }
        );
        await startInteractions(
            form(`
                <fieldset class="o_spoc_question" data-question="end" data-choose="Choose.">
                    <input type="radio" name="end" value="1" id="end_1"/>${error("end")}
                </fieldset>`)
        );
        await click("#q_2_o21");
        await click(".o_spoc_next");
        await click("#q_6_0_61");
        await edit("Chair");
        await click("[type=submit]");
        await animationFrame();
        expect("#end_error").toHaveText("Choose.");
        expect.verifySteps([]);
        await click("#end_1");
        await click("[type=submit]");
        await animationFrame();
        expect("#end_error").toHaveText("");
        expect.verifySteps(["sent"]);
    });

    test("words and sizes", async () => {
        await startInteractions(form());
        expect(getSizeWords(999)).toBe("999 B");
        expect(getSizeWords(1500)).toBe("1.5 kB");
        expect(getSizeWords(25000000)).toBe("25 MB");
        expect(getMessage(["too_big", { limit: 9 }])).toBe("At most 9, please.");
        expect(getMessage(["no_such_code", {}])).toBe("This answer does not fit.");
    });
});

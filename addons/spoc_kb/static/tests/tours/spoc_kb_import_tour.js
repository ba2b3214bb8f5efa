import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const ROWS = 6;
const NAMED = [["name", "like", "Imported question"]];
const count = () =>
    rpc("/web/dataset/call_kw/spoc.article/search_count", {
        model: "spoc.article",
        method: "search_count",
        args: [NAMED],
        kwargs: {},
    });

async function expect(wanted, what) {
    const found = await count();
    if (found !== wanted) {
        throw new Error(`${what}: ${found} articles instead of ${wanted}`);
    }
}

function choose(name, lines) {
    const input = document.querySelector(".o_dialog input[type=file]");
    const files = new DataTransfer();
    files.items.add(new File([lines.join("\n")], name, { type: "text/csv" }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Articles of a spreadsheet: something that is none, a look, what is said of a row, the
 * import with its progress, the articles.
 */
registry.category("web_tour.tours").add("spoc_kb_import", {
    steps: () => [
        {
            trigger: ".o_dialog .o_select_file_button",
            run: () => choose("answers.xlsx", ["no spreadsheet"]),
        },
        {
            trigger: ".o_dialog .o_field_widget[name=data]:contains(answers.xlsx), .o_dialog .o_field_widget[name=data] input:value(answers.xlsx)",
        },
        {
            trigger: ".o_dialog button[name=action_check]",
            run: "click",
        },
        {
            content: "what is wrong stands beside the file",
            trigger: ".o_dialog .alert-danger",
        },
        {
            trigger: ".o_dialog .o_field_widget[name=data]",
            run() {
                const rows = [...Array(ROWS).keys()].map(
                    (row) => `Imported question ${row + 1},<p>The answer</p>,`
                );
                rows[0] += "No such desk";
                choose("answers.csv", ["title,body,desk", ...rows]);
            },
        },
        {
            trigger: ".o_dialog .o_field_widget[name=data]:contains(answers.csv), .o_dialog .o_field_widget[name=data] input:value(answers.csv)",
        },
        {
            trigger: ".o_dialog button[name=action_check]",
            run: "click",
        },
        {
            trigger: `.o_dialog .o_field_widget[name=summary]:contains(New: ${ROWS})`,
        },
        {
            content: "looking changes nothing, and tells what to look after",
            trigger: ".o_dialog .o_data_row:contains(No such desk), .o_dialog .o_kanban_record:contains(No such desk)",
            run: () => expect(0, "after the look"),
        },
        {
            trigger: ".o_dialog button[name=action_import]",
            run: "click",
        },
        {
            content: "a batch at a time, and how far it is",
            trigger: ".o_dialog progress",
        },
        {
            trigger: ".o_dialog button[name=action_open_articles]",
            run: "click",
        },
        {
            trigger: `.o_list_view .o_data_row:contains(Imported question ${ROWS}), .o_kanban_view .o_kanban_record:contains(Imported question ${ROWS})`,
            run: () => expect(ROWS, "after the import"),
        },
    ],
});

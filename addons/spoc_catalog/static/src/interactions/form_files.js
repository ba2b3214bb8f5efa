import { _t } from "@web/core/l10n/translation";

const UNITS = ["B", "kB", "MB"];

/** Size of a file as people read it. */
export function getSizeWords(bytes) {
    let unit = 0;
    while (bytes >= 1000 && unit < UNITS.length - 1) {
        bytes /= 1000;
        unit++;
    }
    return `${unit && bytes < 10 ? bytes.toFixed(1) : Math.round(bytes)} ${UNITS[unit]}`;
}

/** List the files chosen below their field, each with a button to leave it out. */
export function showFiles(input) {
    const list = input.closest(".o_spoc_question")?.querySelector(".o_spoc_files");
    if (!list) {
        return;
    }
    list.replaceChildren(
        ...[...input.files].map((file, place) => {
            const item = document.createElement("li");
            item.className = "d-flex align-items-center gap-2";
            const name = document.createElement("span");
            name.className = "text-break";
            name.textContent = `${file.name} (${getSizeWords(file.size)})`;
            const button = document.createElement("button");
            button.type = "button";
            button.className = "btn btn-link btn-sm o_spoc_remove_file";
            button.dataset.place = place;
            button.textContent = _t("Remove");
            button.setAttribute("aria-label", _t("Remove %s", file.name));
            item.append(name, button);
            return item;
        })
    );
}

/** Leave one of the files out again. */
export function removeFile(input, place) {
    const kept = new DataTransfer();
    [...input.files].forEach((file, number) => {
        if (number !== place) {
            kept.items.add(file);
        }
    });
    input.files = kept.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Judges the files of a request form, by name and size. Twin of `form_files.py`.
 */

import {
    asWhole,
    cleanLine,
    cut,
    Fault,
    fold,
    getOwn,
    isBlank,
    isDict,
    lengthOf,
    readCount,
    strip,
} from "./form_text";

export const FILES_LIMIT = 10;
export const FILE_MB_LIMIT = 25;
export const NAME_LIMIT = 200;
export const DANGEROUS = new Set(
    (
        "apk app bat cmd com cpl dll exe hta html htm jar js jse lnk mht mhtml msc msi msp " +
        "ps1 ps1xml psm1 reg scr sct shtml svg vb vbe vbs ws wsc wsf wsh xht xhtml"
    ).split(" ")
);

export function cleanFiles(question, raw) {
    if (!Array.isArray(raw)) {
        throw new Fault("file_name", { name: shown(raw) });
    }
    const files = raw.filter((item) => !isNoFile(item));
    const limit = Math.min(readCount(question, "max_files") || 1, FILES_LIMIT);
    if (files.length > limit) {
        throw new Fault("too_many_files", { limit, count: files.length });
    }
    const megabytes = getOwn(question, "max_mb");
    const usable = typeof megabytes === "number" && megabytes > 0;
    const maxMb = Math.min(usable ? megabytes : FILE_MB_LIMIT, FILE_MB_LIMIT);
    const extensions = readExtensions(question);
    return files.length ? files.map((item) => cleanFile(item, maxMb, extensions)) : null;
}

/** An empty file field sends a file without name. */
function isNoFile(item) {
    if (!isDict(item)) {
        return isBlank(item);
    }
    const name = getOwn(item, "name");
    return isBlank(name) || (typeof name === "string" && !strip(name));
}

/** Extensions a file may have: lower case, without point; empty for any. */
export function readExtensions(question) {
    let given = getOwn(question, "extensions") || [];
    if (typeof given === "string") {
        given = given.split(/[ ,;\t\n]+/);
    }
    if (!Array.isArray(given)) {
        return [];
    }
    return given
        .filter((item) => typeof item === "string")
        .map((item) => fold(item).replace(/^[.*]+/, ""))
        .filter(Boolean);
}

function cleanFile(item, maxMb, extensions) {
    const given = isDict(item) ? getOwn(item, "name") : item;
    const name = typeof given === "string" ? cleanFileName(given) : "";
    if (!name) {
        throw new Fault("file_name", { name: shown(given) });
    }
    const point = name.lastIndexOf(".");
    const extension = point >= 0 ? fold(strip(name.slice(point + 1))) : "";
    if (DANGEROUS.has(extension)) {
        throw new Fault("file_type", { name });
    }
    if (extensions.length && !extensions.includes(extension)) {
        throw new Fault("file_extension", { name, extensions: extensions.join(", ") });
    }
    const size = isDict(item) ? asWhole(getOwn(item, "size")) || 0 : 0;
    if (size <= 0) {
        throw new Fault("file_empty", { name });
    }
    if (size > maxMb * 1024 * 1024) {
        throw new Fault("file_too_big", { name, limit: maxMb });
    }
    return { ...item, name };
}

/** A name too odd to be used, for the message about it. */
function shown(name) {
    return typeof name === "string" ? cut(cleanLine(name), 80) : "";
}

/** File name without path, control characters and tricks, or `""`. */
export function cleanFileName(given) {
    let name = given.replaceAll("\\", "/").split("/").pop();
    name = strip(name.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "").normalize("NFC"));
    name = stripEnd(name);
    const point = name.lastIndexOf(".");
    const extension = point >= 0 ? name.slice(point + 1) : "";
    if (lengthOf(name) > NAME_LIMIT && point >= 0 && lengthOf(extension) < 16) {
        const stem = cut(name.slice(0, point), NAME_LIMIT - lengthOf(extension) - 1);
        return `${stem}.${extension}`;
    }
    return stripEnd(cut(name, NAME_LIMIT));
}

function stripEnd(name) {
    return strip(name, { start: false, more: "." });
}

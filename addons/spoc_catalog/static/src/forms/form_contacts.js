/**
 * Mail addresses, telephone numbers and web addresses in a request form.
 *
 * Twin of `form_contacts.py`. What is read is one line of text; a `Fault` says that it
 * is nothing of the kind.
 */

import { Fault, lengthOf } from "./form_text";

const PHONE = /^\+?[0-9 ()./-]+$/;
const LOCAL = /^[^ @<>()[\],;:\\"]+$/;
const LABEL = /^[A-Za-z0-9\u00a1-\u{10ffff}-]{1,63}$/u;
const WEB = /^([Hh][Tt][Tt][Pp][Ss]?):\/\/(.*)$/s;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:(?![0-9])/;
const HOST = /^([^/?#:]+)(?::([0-9]{1,5}))?(?:[/?#].*)?$/s;
const UNSAFE = /[ <>"`\\{}|^]/;

/** The mail address, if it is one. */
function readEmail(value) {
    const at = value.lastIndexOf("@");
    const local = at >= 0 ? value.slice(0, at) : "";
    const host = value.slice(at + 1);
    const dots = local.startsWith(".") || local.endsWith(".") || local.includes("..");
    if (dots || lengthOf(local) > 64 || !LOCAL.test(local) || !isHost(host)) {
        throw new Fault("not_email");
    }
    return value;
}

function isHost(host, least = 2) {
    const labels = host.split(".");
    return (
        labels.length >= least &&
        labels.every(
            (label) => LABEL.test(label) && !label.startsWith("-") && !label.endsWith("-")
        )
    );
}

/** The telephone number, if it is one; inner ones of three digits, too. */
function readPhone(value) {
    value = value.replace(/[\u2010-\u2015\u2212]/g, "-");
    const digits = value.replace(/[^0-9]/g, "").length;
    if (!PHONE.test(value) || digits < 3 || digits > 15) {
        throw new Fault("not_phone");
    }
    return value;
}

/** The web address with its scheme, if it is one. */
function readUrl(value) {
    const web = WEB.exec(value);
    if (!web && (value.includes("://") || SCHEME.test(value))) {
        throw new Fault("not_url");
    }
    const scheme = web ? web[1].toLowerCase() : "https";
    const rest = web ? web[2] : value;
    const host = HOST.exec(rest);
    if (!host || UNSAFE.test(rest) || !isHost(host[1], web ? 1 : 2)) {
        throw new Fault("not_url");
    }
    return `${scheme}://${rest}`;
}

export const CONTACTS = { email: readEmail, phone: readPhone, url: readUrl };

import { _t } from "@web/core/l10n/translation";

/**
 * Words for the codes of `form_rules`, as far as the browser can find a fault: a help
 * while filling in. What the server says comes in words of its own.
 */
const MESSAGES = {
    required: () => _t("Please answer this question."),
    too_long: (p) =>
        _t("Please shorten this to %(limit)s characters, it has %(length)s.", p),
    too_short: (p) => _t("Please write at least %(limit)s characters.", p),
    pattern: (p) =>
        p.message || _t("This does not have the form that is needed here."),
    not_email: () =>
        _t("This is no e-mail address, which looks like name@company.com."),
    not_phone: () =>
        _t("This is no phone number. Please use digits, with + for the country."),
    not_url: () => _t("This is no web address, which looks like https://company.com."),
    not_number: () => _t("Please write a number."),
    not_integer: () => _t("Please write a whole number."),
    too_many_digits: () => _t("This number is too long."),
    too_many_decimals: (p) => _t("Please write no more than %(limit)s decimals.", p),
    too_small: (p) => _t("At least %(limit)s, please.", p),
    too_big: (p) => _t("At most %(limit)s, please.", p),
    not_boolean: () => _t("Please choose yes or no."),
    not_date: () => _t("This is no day of the calendar."),
    not_datetime: () => _t("Please give a day and a time."),
    too_early: (p) => _t("Not before %(limit)s, please.", p),
    too_late: (p) => _t("Not after %(limit)s, please.", p),
    range_incomplete: () => _t("Please give both the first and the last day."),
    range_reversed: () => _t("The last day comes before the first one."),
    unknown_option: () => _t("Please choose one of the answers offered."),
    not_offered: (p) => _t("“%(label)s” is not offered with your other answers.", p),
    too_few_choices: (p) => _t("Please choose at least %(limit)s.", p),
    too_many_choices: (p) => _t("Please choose no more than %(limit)s.", p),
    unknown_record: () =>
        _t("Please choose one from the list that opens while you type."),
    too_few_rows: (p) => _t("Please fill in at least %(limit)s rows.", p),
    too_many_rows: (p) => _t("Please fill in no more than %(limit)s rows.", p),
    too_many_files: (p) =>
        _t("Please attach no more than %(limit)s files, there are %(count)s.", p),
    file_too_big: (p) =>
        _t("%(name)s is too big, a file may have up to %(limit)s MB.", p),
    file_empty: (p) => _t("%(name)s is empty.", p),
    file_name: (p) => _t("This file needs a proper name: %(name)s", p),
    file_type: (p) =>
        _t(
            "Files like %(name)s are not accepted, because they can carry harmful programs.",
            p
        ),
    file_extension: (p) =>
        _t("%(name)s is of another kind than asked for: %(extensions)s.", p),
};

const DAY = /^\d{4}-\d{2}-\d{2}/;

/** Days among the parameters as the reader writes them. */
function inWords(params) {
    const limit = params.limit;
    if (typeof limit !== "string" || !DAY.test(limit)) {
        return params;
    }
    const [day, time] = limit.split("T");
    const [year, month, date] = day.split("-").map(Number);
    const words = new Date(year, month - 1, date).toLocaleDateString(
        document.documentElement.lang || undefined
    );
    return { ...params, limit: time ? `${words} ${time}` : words };
}

/** Message for a code of `form_rules`. */
export function getMessage([code, params]) {
    const message = MESSAGES[code];
    return message ? message(inWords(params || {})) : _t("This answer does not fit.");
}

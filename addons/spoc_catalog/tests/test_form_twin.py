"""The browser's judge of request forms says what the server's says."""

import json
import random

from odoo.tests import HttpCase, tagged

from .form_random import FormMaker
from .form_vectors import get_opinion, read_vectors

RANDOM_CASES = 600
MODULE = "@spoc_catalog/forms/form_rules"
# Compares in the browser; keys of objects in one order.
CODE = """
(async () => {
    const { judge, visibility } = odoo.loader.modules.get("%(module)s");
    const isObject = (item) => item && typeof item === "object" && !Array.isArray(item);
    const sorted = (item) =>
        Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
    const text = (value) =>
        JSON.stringify(value, (_key, item) => (isObject(item) ? sorted(item) : item));
    const cases = await (await fetch("/web/content/%(attachment)s")).json();
    const differences = [];
    for (const { name, form, answers, person, allowed, opinion } of cases) {
        const verdict = judge(form, answers, person ?? null, allowed ?? null);
        const seen = visibility(form, answers, person ?? null);
        const mine = {
            ...verdict,
            options: seen.options,
            required: seen.required,
            seen_hidden: seen.hidden,
        };
        if (text(mine) !== text(opinion)) {
            differences.push([name, text(opinion), text(mine)].join("\\n  "));
        }
    }
    if (differences.length || cases.length !== %(count)s) {
        console.error(
            `${differences.length} of ${cases.length} differ\\n` +
                differences.slice(0, 5).join("\\n")
        );
    } else {
        console.log("test successful");
    }
})()
"""


@tagged("post_install", "-at_install")
class TestFormTwin(HttpCase):
    def compare(self, cases):
        """Judge the cases here and in the browser, and compare."""
        cases = [{**case, "opinion": get_opinion(case)} for case in cases]
        attachment = self.env["ir.attachment"].create(
            {
                "name": "cases.json",
                "raw": json.dumps(cases).encode(),
                "mimetype": "application/json",
                "public": True,
            }
        )
        self.browser_js(
            "/web/login",
            CODE % {"module": MODULE, "attachment": attachment.id, "count": len(cases)},
            ready=f"window.odoo?.loader?.modules?.has('{MODULE}')",
        )

    def test_vectors(self):
        self.compare(read_vectors())

    def test_random_forms(self):
        maker = FormMaker(random.Random(8))
        # As the browser gets them: through JSON.
        cases = [
            {"name": f"case {number}", **json.loads(json.dumps(maker.case()))}
            for number in range(RANDOM_CASES)
        ]
        self.compare(cases)

"""A form with a question of every type, for the tests of request forms."""

from odoo.fields import Command

from .common import CatalogScene


class FormScene(CatalogScene):
    """Creates the form; mixed into TransactionCase and HttpCase."""

    @classmethod
    def set_form(cls):
        cls.form = cls.env["spoc.form"].create({"name": "Everything"})
        cls.q = {}
        for sequence, (code, values) in enumerate(cls._get_questions().items()):
            cls.q[code] = cls._question(code, sequence=sequence, **values)
        cls._question("item", parent=cls.q["rows"], type="text", required=True)
        cls._question("count", parent=cls.q["rows"], type="integer", min_value="1")
        cls._question("who", parent=cls.q["rows"], type="person")
        cls.open_service.form_id = cls.form

    @classmethod
    def _get_questions(cls):
        return {
            "text": {"required": True},
            "long_text": {},
            "email": {},
            "phone": {},
            "url": {},
            "integer": {"min_value": "1", "max_value": "9"},
            "decimal": {"digits": 1, "min_value": "0,5"},
            "money": {"currency_id": cls.env.ref("base.EUR").id},
            "boolean": {},
            "date": {"day_rule": "future", "min_days": 1},
            "datetime": {"day_rule": "past"},
            "date_range": {},
            "choice": {"options_text": "Warm\nCold"},
            "multi_choice": {"options_text": "Red\nGreen\nBlue", "max_choices": 2},
            "person": {},
            "department": {},
            "location": {},
            "record": {
                "model_name": "res.country",
                "model_domain": "[('code', 'in', ('SE', 'FI'))]",
            },
            "file": {"max_files": 2, "max_mb": 1, "extensions": ".PDF, png"},
            "rows": {"min_rows": 1, "max_rows": 3},
            "info": {},
            "step": {},
        }

    @classmethod
    def _question(cls, code, parent=None, **values):
        question = cls.env["spoc.form.question"].create(
            {
                "form_id": cls.form.id,
                "parent_id": parent.id if parent else False,
                "code": code,
                "label": code.title(),
                "type": code,
                **values,
            }
        )
        cls.q[code] = question
        return question

    @classmethod
    def _condition(cls, governed, source, operator="answered", **values):
        key = "option_id" if governed._name == "spoc.form.option" else "question_id"
        if isinstance(source, str):
            values["person_field"] = source
        else:
            values["source_id"] = source.id
        options = values.pop("options", None)
        if options:
            values["value_option_ids"] = [Command.set(options.ids)]
        return cls.env["spoc.form.condition"].create(
            {key: governed.id, "operator": operator, **values}
        )

    def _compiled(self, user=None, code=None):
        """The form as a user gets it, or one of its questions."""
        user = user or self.requester
        form = self.form.with_user(user).with_context(lang="en_US")
        compiled = form._spoc_compile()
        if not code:
            return compiled
        questions = list(compiled["questions"])
        for question in compiled["questions"]:
            questions += question.get("questions", [])
        return next(q for q in questions if q["id"] == self.q[code].id)

    def _judge(self, user=None, **answers):
        """``(clean, errors)`` by technical name, the required one answered."""
        user = user or self.requester
        answers = {"text": "Something", **answers}
        clean, errors = self.form.with_user(user)._spoc_judge(
            {self.q[code].id: raw for code, raw in answers.items()}
        )
        codes = {question.id: code for code, question in self.q.items()}
        return (
            {codes[key]: value for key, value in clean.items()},
            {codes.get(key, key): text for key, text in errors.items()},
        )

"""Conditions: when a question is shown, must be answered, or offers an answer."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

#: Facts of the directory a condition may look at: name -> (label, kind). A kind
#: that is a model is chosen by its records.
PERSON_FIELDS = {
    "employee": ("Is an employee", "boolean"),
    "manager": ("Manages people", "boolean"),
    "departments": ("Department, or one above it", "hr.department"),
    "job": ("Job position", "hr.job"),
    "location": ("Work location", "hr.work.location"),
    "company": ("Company", "res.company"),
    "country": ("Country of work (code)", "text"),
    "tags": ("Employee tag", "hr.employee.category"),
}
OPERATORS = [
    ("is", "is"),
    ("is_not", "is not"),
    ("contains", "contains"),
    ("gt", "is greater than"),
    ("ge", "is at least"),
    ("lt", "is less than"),
    ("le", "is at most"),
    ("answered", "is answered"),
    ("not_answered", "is not answered"),
    ("in", "is one of"),
    ("not_in", "is none of"),
]
ANY = ("answered", "not_answered")
EQUAL = ("is", "is_not")
ORDER = ("gt", "ge", "lt", "le")
#: Which comparisons make sense for which kind of value.
KIND_OPERATORS = {
    "text": (*EQUAL, "contains", "in", "not_in"),
    "boolean": EQUAL,
    "number": (*EQUAL, *ORDER),
    "date": (*EQUAL, *ORDER),
    "option": (*EQUAL, "in", "not_in"),
    "record": EQUAL,
    "none": (),
}
#: Kind of value of each type of question.
TYPE_KINDS = {
    "text": "text",
    "long_text": "text",
    "email": "text",
    "phone": "text",
    "url": "text",
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "date",
    "date_range": "date",
    "choice": "option",
    "multi_choice": "option",
    "person": "record",
    "department": "record",
    "location": "record",
    "record": "record",
}
YES = ("yes", "1", "true", "y")


class SpocFormCondition(models.Model):
    """One comparison, of another answer or of a fact about the person who asks."""

    _name = "spoc.form.condition"
    _inherit = ["spoc.form.part"]
    _description = "Condition of a request form"
    _rec_name = "words"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    question_id = fields.Many2one(
        "spoc.form.question",
        string="Question it governs",
        ondelete="cascade",
        index="btree_not_null",
        copy=False,
    )
    option_id = fields.Many2one(
        "spoc.form.option",
        string="Answer it governs",
        ondelete="cascade",
        index="btree_not_null",
        copy=False,
    )
    form_id = fields.Many2one(
        "spoc.form",
        compute="_compute_form_id",
        store=True,
        index=True,
        precompute=True,
        ondelete="cascade",
    )
    effect = fields.Selection(
        [("show", "Show"), ("require", "Must be answered")],
        required=True,
        default="show",
    )
    look_at = fields.Selection(
        [("answer", "Another answer"), ("person", "The person who asks")],
        string="Look at",
        compute="_compute_look_at",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    source_id = fields.Many2one(
        "spoc.form.question",
        string="Question",
        ondelete="cascade",
        index="btree_not_null",
        copy=False,
        domain="[('form_id', '=', form_id), ('id', '!=', question_id),"
        " ('type', 'not in', ('info', 'step'))]",
    )
    person_field = fields.Selection(
        [(name, label) for name, (label, _kind) in PERSON_FIELDS.items()],
        string="Fact about the person",
    )
    operator = fields.Selection(
        OPERATORS, string="Comparison", required=True, default="is"
    )
    operators = fields.Json(compute="_compute_kind", export_string_translation=False)
    kind = fields.Char(compute="_compute_kind", export_string_translation=False)
    value_text = fields.Char(string="Value")
    value_number = fields.Float(string="Number", digits=(16, 6))
    value_option_ids = fields.Many2many(
        "spoc.form.option",
        "spoc_form_condition_option_rel",
        "condition_id",
        "option_id",
        string="Answers",
        domain="[('question_id', '=', source_id)]",
        copy=False,
        help="Several: any one of them.",
    )
    value_yes = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        string="Yes or no",
        compute="_compute_values",
        inverse="_inverse_value_yes",
    )
    value_day = fields.Date(
        string="Day", compute="_compute_values", inverse="_inverse_value_day"
    )
    value_ref = fields.Reference(
        selection="_selection_value_ref",
        string="Which one",
        help="For several, add one condition each and let any of them suffice.",
    )
    words = fields.Char(string="Condition", compute="_compute_words")

    _governs_one = models.Constraint(
        "CHECK (num_nonnulls(question_id, option_id) = 1)",
        "A condition governs either a question or an answer.",
    )
    _looks_at_one = models.Constraint(
        "CHECK (num_nonnulls(source_id, person_field) = 1)",
        "A condition looks either at another answer or at the person who asks.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.model
    def _selection_value_ref(self):
        models_ = [kind for _label, kind in PERSON_FIELDS.values() if "." in kind]
        models_ += self.env["spoc.form.question"]._spoc_picker_models()
        names = dict.fromkeys(models_)
        return [(name, self.env[name]._description) for name in names]

    @api.depends("question_id.form_id", "option_id.question_id.form_id")
    def _compute_form_id(self):
        for condition in self:
            question = condition.question_id or condition.option_id.question_id
            condition.form_id = question.form_id

    @api.depends("person_field")
    def _compute_look_at(self):
        for condition in self:
            # What was chosen in the view stays while the field is still empty.
            kept = condition.look_at or "answer"
            condition.look_at = "person" if condition.person_field else kept

    @api.onchange("look_at")
    def _onchange_look_at(self):
        if self.look_at == "person":
            self.source_id = False
        else:
            self.person_field = False

    @api.onchange("source_id", "person_field")
    def _onchange_source(self):
        self.operator = (self.operators or ["is"])[0]
        self.value_option_ids = False
        self.value_ref = self._get_first_ref()

    def _get_first_ref(self):
        """An empty choice of the right model, so that the picker offers it."""
        model = self._get_ref_model()
        record = self.env[model].search([], limit=1) if model else None
        return f"{model},{record.id}" if record else False

    def _get_ref_model(self):
        """Model whose records are compared with, or ``None``."""
        if self.person_field:
            kind = PERSON_FIELDS[self.person_field][1]
            return kind if "." in kind else None
        return self.source_id._spoc_get_model() if self.source_id else None

    def _get_kind(self):
        """Kind of the value looked at, a key of ``KIND_OPERATORS``."""
        if self.person_field:
            kind = PERSON_FIELDS[self.person_field][1]
            return "record" if "." in kind else kind
        return TYPE_KINDS.get(self.source_id.type, "none")

    @api.depends("source_id.type", "person_field")
    def _compute_kind(self):
        for condition in self:
            condition.kind = condition._get_kind()
            condition.operators = [*KIND_OPERATORS[condition.kind], *ANY]

    @api.depends("value_text")
    def _compute_values(self):
        for condition in self:
            text = (condition.value_text or "").strip()
            condition.value_yes = "yes" if text.lower() in YES else "no"
            try:
                condition.value_day = fields.Date.to_date(text) if text else False
            except ValueError:
                condition.value_day = False

    def _inverse_value_yes(self):
        for condition in self.filtered(lambda c: c._get_kind() == "boolean"):
            condition.value_text = condition.value_yes or "no"

    def _inverse_value_day(self):
        for condition in self.filtered(lambda c: c._get_kind() == "date"):
            condition.value_text = fields.Date.to_string(condition.value_day) or False

    @api.onchange("value_yes")
    def _onchange_value_yes(self):
        if self._get_kind() == "boolean":
            self.value_text = self.value_yes

    @api.onchange("value_day")
    def _onchange_value_day(self):
        if self._get_kind() == "date":
            self.value_text = fields.Date.to_string(self.value_day) or False

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains("source_id", "person_field", "question_id", "option_id")
    def _check_source(self):
        for condition in self:
            source = condition.source_id
            if not source:
                continue
            if source.form_id != condition.form_id:
                raise ValidationError(
                    self.env._("A condition may only look at questions of its form.")
                )
            if source == condition.question_id and condition.effect == "show":
                raise ValidationError(
                    self.env._(
                        "“%(question)s” cannot be shown depending on its own answer.",
                        question=source.label,
                    )
                )

    @api.constrains(
        "operator", "source_id", "person_field", "value_option_ids", "value_text"
    )
    def _check_value(self):
        if self.env.context.get("install_mode"):
            # Records of a data file come one by one, the answers last.
            return
        for condition in self:
            kind = condition._get_kind()
            if condition.operator not in (*KIND_OPERATORS[kind], *ANY):
                raise ValidationError(
                    self.env._(
                        "“%(question)s” cannot be compared this way.",
                        question=condition._get_source_words(),
                    )
                )
            if condition.operator in ANY:
                continue
            if not condition._has_value(kind):
                raise ValidationError(
                    self.env._(
                        "Say what “%(question)s” is compared with.",
                        question=condition._get_source_words(),
                    )
                )

    def _has_value(self, kind):
        if kind == "option":
            options = self.value_option_ids
            return bool(options) and options.question_id == self.source_id
        if kind == "record":
            return bool(self.value_ref)
        if kind == "date":
            return bool(self.value_day)
        return kind in ("number", "boolean") or bool((self.value_text or "").strip())

    def _get_forms(self):
        return self.form_id

    # ------------------------------------------------------------------
    # Plain data
    # ------------------------------------------------------------------

    def _spoc_compile(self, match="all"):
        """Conditions as one ``cond`` of ``form_rules``.

        :param str match: ``all`` or ``any``
        """
        compiled = [condition._spoc_compile_one() for condition in self]
        return compiled[0] if len(compiled) == 1 else {match: compiled}

    def _spoc_compile_one(self):
        if self.person_field:
            compiled = {"person": self.person_field}
        else:
            compiled = {"question": self.source_id.id}
        compiled["op"] = self.operator
        if self.operator not in ANY:
            self._add_value(compiled)
        return compiled

    def _add_value(self, compiled):
        kind = self._get_kind()
        if kind == "option":
            ids = self.value_option_ids.ids
            if len(ids) == 1:
                compiled["value"] = ids[0]
            else:
                compiled["value"] = ids
            if len(ids) != 1 or self.operator in ("in", "not_in"):
                several = {"is": "in", "is_not": "not_in"}
                compiled["op"] = several.get(self.operator, self.operator)
                compiled["value"] = ids
        elif kind == "record":
            # The id alone: nothing is read of the record.
            compiled["value"] = int((self._get_ref_text() or ",0").split(",")[1])
        elif kind == "boolean":
            compiled["value"] = (self.value_text or "").strip().lower() in YES
        elif kind == "number":
            number = self.value_number
            compiled["value"] = int(number) if number == int(number) else number
        elif self.operator in ("in", "not_in"):
            parts = (self.value_text or "").split(",")
            compiled["value"] = [part.strip() for part in parts if part.strip()]
        else:
            compiled["value"] = (self.value_text or "").strip()

    def _get_ref_text(self):
        """``"model,id"`` of the record compared with."""
        ref = self.value_ref
        return f"{ref._name},{ref.id}" if ref else ""

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    @api.depends(
        "source_id.label",
        "person_field",
        "operator",
        "value_text",
        "value_number",
        "value_option_ids.label",
        "value_ref",
    )
    @api.depends_context("lang")
    def _compute_words(self):
        operators = dict(self._fields["operator"]._description_selection(self.env))
        for condition in self:
            parts = [
                self._get_quoted(condition._get_source_words()),
                operators.get(condition.operator, ""),
            ]
            if condition.operator not in ANY:
                parts.append(condition._get_value_words())
            condition.words = " ".join(filter(None, parts))

    def _get_source_words(self):
        if self.person_field:
            names = dict(self._fields["person_field"]._description_selection(self.env))
            return names[self.person_field]
        return self.source_id.label or ""

    def _get_value_words(self):
        kind = self._get_kind()
        if kind == "option":
            return ", ".join(map(self._get_quoted, self._get_option_labels()))
        if kind == "record":
            # sudo: the name of what the editor chose, part of the form's wording.
            record = self.value_ref and self.value_ref.sudo()
            return self._get_quoted(record.display_name) if record else ""
        if kind == "boolean":
            yes = (self.value_text or "").strip().lower() in YES
            return self.env._("Yes") if yes else self.env._("No")
        if kind == "number":
            return f"{self.value_number:g}"
        if kind == "date" and self.value_day:
            return format_date(self.env, self.value_day)
        return self._get_quoted(self.value_text or "")

    @api.model
    def _get_quoted(self, text):
        """A text in the quotation marks of the reader's language."""
        return self.env._("“%(text)s”", text=text)

    def _get_option_labels(self):
        """Labels of the answers compared with."""
        return [label or "" for label in self.value_option_ids.mapped("label")]

    def _spoc_words(self, match="all"):
        """The conditions in one sentence, for readers without scripts.

        :param str match: ``all`` or ``any``
        """
        joint = self.env._(" and ") if match == "all" else self.env._(" or ")
        # Facts about the person are decided already: no need to tell them.
        return joint.join(self.filtered("source_id").mapped("words"))

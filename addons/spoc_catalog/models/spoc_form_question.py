"""Questions of request forms."""

import re
import unicodedata
from ast import literal_eval
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from .spoc_form_person import PREFILLS

QUESTION_TYPES = [
    ("text", "Short text"),
    ("long_text", "Long text"),
    ("choice", "Choice"),
    ("multi_choice", "Several choices"),
    ("boolean", "Yes or no"),
    ("date", "Day"),
    ("datetime", "Day and time"),
    ("date_range", "From day to day"),
    ("integer", "Whole number"),
    ("decimal", "Number with decimals"),
    ("money", "Amount of money"),
    ("email", "E-mail address"),
    ("phone", "Phone number"),
    ("url", "Web address"),
    ("person", "Person of the staff"),
    ("department", "Department"),
    ("location", "Work location"),
    ("record", "Record of a list"),
    ("file", "File"),
    ("rows", "Table of questions"),
    ("info", "Text to read"),
    ("step", "New step"),
]
#: Types that are picked from a table, and their model.
PICKER_MODELS = {
    "person": "hr.employee",
    "department": "hr.department",
    "location": "hr.work.location",
}
CHOICES = ("choice", "multi_choice")
#: Types that fit in no table.
NOT_IN_ROWS = ("rows", "file", "info", "step")
#: Models a question may let people pick from; extend ``_spoc_record_models``.
RECORD_MODELS = (
    "res.country",
    "res.country.state",
    "res.currency",
    "res.company",
    "res.partner",
    "hr.job",
    "hr.employee.category",
)


class SpocFormQuestion(models.Model):
    """A question of a form, or of one of its tables."""

    _name = "spoc.form.question"
    _inherit = ["spoc.form.part"]
    _description = "Question"
    _rec_name = "label"
    _order = "form_id, sequence, id"

    form_id = fields.Many2one(
        "spoc.form", required=True, ondelete="cascade", index=True
    )
    parent_id = fields.Many2one(
        "spoc.form.question",
        string="Table",
        ondelete="cascade",
        index="btree_not_null",
        copy=False,
    )
    child_ids = fields.One2many(
        "spoc.form.question",
        "parent_id",
        string="Questions of each row",
        copy=True,
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(
        string="Technical name",
        help="Stays when the wording changes; for exchanges and approval rules. "
        "Made from the question when left empty.",
    )
    label = fields.Char(
        string="Question",
        required=True,
        translate=True,
        help="In the words of the person who asks, not of the department.",
    )
    help = fields.Char(string="Hint", translate=True, help="Shown below the question.")
    type = fields.Selection(QUESTION_TYPES, required=True, default="text")
    required = fields.Boolean(string="Must be answered")
    default_value = fields.Char(
        string="Filled in with",
        help="What the answer is when nobody changes it. For a choice one of its "
        "answers, for a day also “today” or “today +3”, for yes or no “yes” or “no”.",
    )
    prefill = fields.Selection(
        [(path, label) for path, label in PREFILLS.items()],
        string="Taken from the directory",
        help="What the directory knows about the person who asks. They can change it.",
    )

    min_length = fields.Integer(string="Shortest answer", help="Characters.")
    max_length = fields.Integer(
        string="Longest answer", help="Characters. 0: as much as is sensible."
    )
    pattern = fields.Char(
        help="Regular expression the whole answer has to follow, "
        "for example [A-Z]-[0-9]+ for P-314.",
    )
    pattern_message = fields.Char(
        string="What to say if it does not fit",
        translate=True,
        help="For example: “The number is on the label, like P-314.”",
    )
    min_value = fields.Char(string="Smallest", help="Empty: no limit.")
    max_value = fields.Char(string="Largest", help="Empty: no limit.")
    digits = fields.Integer(string="Decimals", default=2)
    currency_id = fields.Many2one(
        "res.currency", help="Empty: the currency of the person's company."
    )
    day_rule = fields.Selection(
        [
            ("any", "Any day"),
            ("future", "Today or later"),
            ("past", "Today or earlier"),
        ],
        string="Which days",
        required=True,
        default="any",
    )
    min_days = fields.Integer(
        string="Earliest",
        help="Days from today; with a minus days before it. 0: no further limit.",
    )
    max_days = fields.Integer(
        string="Latest",
        help="Days from today; with a minus days before it. 0: no further limit.",
    )
    option_ids = fields.One2many(
        "spoc.form.option", "question_id", string="Answers to choose from", copy=True
    )
    options_text = fields.Text(
        string="Answers, one a line",
        compute="_compute_options_text",
        readonly=False,
        help="Equal lines keep their translations, so does a line that only moves.",
    )
    min_choices = fields.Integer(string="Fewest choices")
    max_choices = fields.Integer(string="Most choices", help="0: all of them.")
    max_files = fields.Integer(string="Most files", default=3)
    max_mb = fields.Float(string="Largest file (MB)", default=10.0)
    extensions = fields.Char(
        string="Kinds of files",
        help="Endings, for example: pdf, png, jpg. Empty: all that are harmless.",
    )
    model_name = fields.Selection(
        selection="_selection_model_name",
        string="Picked from",
        help="People pick among the records they may see themselves.",
    )
    model_id = fields.Many2one(
        "ir.model",
        string="Model picked from",
        compute="_compute_model_id",
        inverse="_inverse_model_id",
        compute_sudo=True,
        export_string_translation=False,
    )
    picker_model = fields.Char(
        compute="_compute_picker_model", export_string_translation=False
    )
    model_domain = fields.Char(string="Only those", help="Empty: all of them.")
    min_rows = fields.Integer(string="Fewest rows")
    max_rows = fields.Integer(string="Most rows", default=10)
    show_match = fields.Selection(
        [("all", "All of these are true"), ("any", "Any of these is true")],
        string="Shown when",
        required=True,
        default="all",
    )
    require_match = fields.Selection(
        [("all", "All of these are true"), ("any", "Any of these is true")],
        string="Must be answered when",
        required=True,
        default="all",
    )
    condition_ids = fields.One2many(
        "spoc.form.condition", "question_id", string="Conditions"
    )
    show_condition_ids = fields.One2many(
        "spoc.form.condition",
        "question_id",
        string="Shown only when",
        domain=[("effect", "=", "show")],
    )
    require_condition_ids = fields.One2many(
        "spoc.form.condition",
        "question_id",
        string="Must be answered only when",
        domain=[("effect", "=", "require")],
    )
    condition_words = fields.Char(
        string="Asked when", compute="_compute_condition_words"
    )

    _limits_sensible = models.Constraint(
        "CHECK (max_length >= 0 AND min_length >= 0 AND max_files >= 0"
        " AND max_mb >= 0 AND min_choices >= 0 AND max_choices >= 0"
        " AND min_rows >= 0 AND max_rows >= 0 AND digits BETWEEN 0 AND 6)",
        "Limits cannot be negative, and numbers have up to six decimals.",
    )
    _code_uniq = models.UniqueIndex(
        "(form_id, code)", "Two questions of a form cannot bear one technical name."
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("option_ids.label", "option_ids.sequence")
    @api.depends_context("lang")
    def _compute_options_text(self):
        for question in self:
            question.options_text = "\n".join(
                option.label or "" for option in question.option_ids
            )

    @api.depends("model_name")
    def _compute_model_id(self):
        for question in self:
            question.model_id = self.env["ir.model"]._get(question.model_name)

    def _inverse_model_id(self):
        for question in self:
            # sudo: the technical name of the model chosen, nothing more.
            question.model_name = question.sudo().model_id.model

    @api.depends("type", "model_name")
    def _compute_picker_model(self):
        for question in self:
            question.picker_model = question._spoc_get_model() or False

    @api.depends("condition_ids.words", "condition_ids.effect", "show_match")
    @api.depends_context("lang")
    def _compute_condition_words(self):
        for question in self:
            shown = question.condition_ids.filtered(lambda c: c.effect == "show")
            joint = self._get_joint(question.show_match)
            question.condition_words = joint.join(shown.mapped("words"))

    @api.model
    def _get_joint(self, match):
        return self.env._(" and ") if match == "all" else self.env._(" or ")

    @api.model
    def _selection_model_name(self):
        return [
            (name, self.env[name]._description) for name in self._spoc_record_models()
        ]

    @api.model
    def _spoc_record_models(self):
        """Hook: names of the models a question may let people pick from.

        What anybody picks is searched with their own rights.
        """
        return list(RECORD_MODELS)

    @api.model
    def _spoc_picker_models(self):
        """All models whose records can be an answer."""
        return [*PICKER_MODELS.values(), *self._spoc_record_models()]

    def _spoc_get_model(self):
        """Name of the model the question picks from, or ``None``."""
        if self.type == "record":
            # A model of an addon that is gone leaves nothing to pick.
            return self.model_name if self.model_name in self.env else None
        return PICKER_MODELS.get(self.type)

    def _spoc_picker_domain(self):
        """Records that may be picked; the rights of who picks narrow it further."""
        return Domain(literal_eval(self.model_domain or "[]"))

    # ------------------------------------------------------------------
    # Create, write
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        browse = self.browse()
        drafts = [browse._with_options(vals) for vals in vals_list]
        parents = self.browse(
            {vals["parent_id"] for vals in drafts if vals.get("parent_id")}
        )
        forms = {parent.id: parent.form_id.id for parent in parents}
        for vals in drafts:
            if vals.get("parent_id"):
                vals["form_id"] = forms[vals["parent_id"]]
        self._set_codes(drafts)
        return super().create(drafts)

    def write(self, vals):
        if vals.get("form_id") and self.child_ids:
            self.child_ids.write({"form_id": vals["form_id"]})
        if "options_text" not in vals or "option_ids" in vals:
            return super().write(self._without_options_text(vals))
        for question in self:
            super(SpocFormQuestion, question).write(question._with_options(vals))
        return True

    @api.model
    def _set_codes(self, vals_list):
        """Give each new question a technical name that is free in its form."""
        form_ids = {vals.get("form_id") for vals in vals_list} - {None, False}
        taken = defaultdict(set)
        for question in self.search_fetch([("form_id", "in", form_ids)], ["code"]):
            taken[question.form_id.id].add(question.code)
        for vals in vals_list:
            codes = taken[vals.get("form_id")]
            base = vals.get("code") or self._get_code(vals.get("label"))
            code, number = base, 1
            while code in codes:
                number += 1
                code = f"{base}_{number}"
            vals["code"] = code
            codes.add(code)

    @api.model
    def _get_code(self, text):
        """Technical name out of words: ``Which room?`` becomes ``which_room``."""
        plain = unicodedata.normalize("NFKD", (text or "").lower())
        return "_".join(re.findall(r"[a-z0-9]+", plain))[:40].strip("_") or "question"

    @api.model
    def _without_options_text(self, vals):
        return {name: value for name, value in vals.items() if name != "options_text"}

    def _with_options(self, vals):
        """Values with the lines of ``options_text`` turned into options.

        An option whose line is still there keeps its record; when just wording
        changed, the options keep their places.
        """
        if not vals.get("options_text") or vals.get("option_ids"):
            return self._without_options_text(vals)
        labels = [" ".join(line.split()) for line in vals["options_text"].splitlines()]
        labels = list(dict.fromkeys(filter(None, labels)))
        known = {option.label: option for option in self.option_ids}
        spare = [option for label, option in known.items() if label not in labels]
        if len(labels) != len(known):
            spare = []
        commands = []
        for number, label in enumerate(labels):
            option = known.get(label) or (spare.pop(0) if spare else None)
            values = {"label": label, "sequence": number}
            if option:
                commands.append(Command.update(option.id, values))
            else:
                commands.append(Command.create(values))
        kept = {command[1] for command in commands}
        gone = self.option_ids.filtered(lambda option: option.id not in kept)
        commands += [Command.delete(option.id) for option in gone]
        return {**self._without_options_text(vals), "option_ids": commands}

    def _get_forms(self):
        return self.form_id

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains("type", "option_ids")
    def _check_options(self):
        if self.env.context.get("install_mode"):
            # Records of a data file come one by one, the options last.
            return
        for question in self:
            if question.type in CHOICES and not question.option_ids:
                raise ValidationError(
                    self.env._(
                        "The question “%(question)s” needs answers to choose from.",
                        question=question.label,
                    )
                )

    @api.constrains("parent_id", "form_id", "type")
    def _check_parent(self):
        for question in self:
            parent = question.parent_id
            if not parent:
                continue
            if parent.type != "rows" or parent.parent_id:
                raise ValidationError(
                    self.env._(
                        "“%(question)s” can only be part of a table of questions.",
                        question=question.label,
                    )
                )
            if parent.form_id != question.form_id:
                raise ValidationError(
                    self.env._("A table and its questions belong to one form.")
                )
            if question.type in NOT_IN_ROWS:
                raise ValidationError(
                    self.env._(
                        "“%(question)s” does not fit into a table: files, texts, steps "
                        "and further tables stand beside it.",
                        question=question.label,
                    )
                )

    @api.constrains("type", "child_ids")
    def _check_children(self):
        for question in self:
            if question.child_ids and question.type != "rows":
                raise ValidationError(
                    self.env._(
                        "“%(question)s” has questions of its own, so it stays a table.",
                        question=question.label,
                    )
                )

    @api.constrains("pattern")
    def _check_pattern(self):
        for question in self:
            try:
                re.compile(question.pattern or "")
            except re.error as error:
                raise ValidationError(
                    self.env._(
                        "The pattern of “%(question)s” is not one: %(error)s",
                        question=question.label,
                        error=error,
                    )
                ) from error

    @api.constrains("min_value", "max_value")
    def _check_numbers(self):
        for question in self:
            for text in (question.min_value, question.max_value):
                if text and not re.fullmatch(r"\s*-?\d+([.,]\d+)?\s*", text):
                    raise ValidationError(
                        self.env._(
                            "“%(text)s”, a limit of “%(question)s”, is not a number.",
                            text=text,
                            question=question.label,
                        )
                    )

    @api.constrains("type", "model_name", "model_domain")
    def _check_model(self):
        for question in self:
            model = question._spoc_get_model()
            if question.type == "record" and not model:
                raise ValidationError(
                    self.env._(
                        "Say what is picked from in “%(question)s”.",
                        question=question.label,
                    )
                )
            if not model or not question.model_domain:
                continue
            try:
                question._spoc_picker_domain().validate(self.env[model])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "The records of “%(question)s” cannot be narrowed this way: "
                        "%(error)s",
                        question=question.label,
                        error=error,
                    )
                ) from error

"""Request forms: what has to be known to deliver a service, asked once."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from .. import form_rules

QUESTION_TYPES = [
    ("text", "Short text"),
    ("long_text", "Long text"),
    ("choice", "Choice"),
    ("file", "File"),
]


class SpocForm(models.Model):
    """A set of questions; several services may share one.

    ``version`` rises with each change of the questions, so that an answer can
    say to which wording it was given.
    """

    _name = "spoc.form"
    _description = "Request form"
    _order = "name, id"

    name = fields.Char(required=True)
    version = fields.Integer(default=1, readonly=True, copy=False)
    active = fields.Boolean(default=True)
    question_ids = fields.One2many(
        "spoc.form.question", "form_id", string="Questions", copy=True
    )
    question_count = fields.Integer(compute="_compute_question_count")
    service_ids = fields.One2many("spoc.service", "form_id", string="Services")
    service_count = fields.Integer(compute="_compute_service_count")

    @api.depends("question_ids")
    def _compute_question_count(self):
        for form in self:
            form.question_count = len(form.question_ids)

    @api.depends("service_ids")
    def _compute_service_count(self):
        groups = self.env["spoc.service"]._read_group(
            [("form_id", "in", self.ids)], ["form_id"], ["__count"]
        )
        counts = {form.id: count for form, count in groups}
        for form in self:
            form.service_count = counts.get(form._origin.id, 0)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for form, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%(name)s (copy)", name=form.name)
        return vals_list

    def action_open_services(self):
        """Services that use the form."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_service_action"
        )
        action["domain"] = [("form_id", "=", self.id)]
        action["context"] = {"default_form_id": self.id}
        return action

    def _spoc_compile(self):
        """The form as plain data, in the user's language.

        :return: dictionary as described in ``form_rules``; for no form, one
            without questions
        """
        # sudo: whoever may see a service may see what it asks; forms themselves
        # are for agents only.
        form = self.sudo()
        return {
            "id": form.id,
            "version": form.version,
            "name": form.name or "",
            "questions": [question._spoc_compile() for question in form.question_ids],
        }

    def _spoc_judge(self, answers):
        """Check answers and word the faults in the user's language.

        :param dict answers: question id -> raw value, see ``form_rules``
        :return: ``(clean, errors)``: question id -> clean value, and
            question id -> message
        """
        verdict = form_rules.judge(self._spoc_compile(), answers)
        errors = {
            question_id: self._get_error_message(code, params)
            for question_id, (code, params) in verdict.errors.items()
        }
        return verdict.values, errors

    @api.model
    def _get_error_message(self, code, params):
        """Message for an error code of ``form_rules``."""
        messages = {
            "required": lambda: self.env._("Please answer this question."),
            "not_text": lambda: self.env._("Please write your answer as text."),
            "too_long": lambda: self.env._(
                "Please shorten this to %(limit)s characters, it has %(length)s.",
                **params,
            ),
            "unknown_option": lambda: self.env._(
                "Please choose one of the answers offered."
            ),
            "too_many_files": lambda: self.env._(
                "Please attach no more than %(limit)s files, there are %(count)s.",
                **params,
            ),
            "file_too_big": lambda: self.env._(
                "%(name)s is too big, a file may have up to %(limit)g MB.", **params
            ),
            "file_empty": lambda: self.env._("%(name)s is empty.", **params),
            "file_name": lambda: self.env._(
                "This file needs a proper name: %(name)s", **params
            ),
            "file_type": lambda: self.env._(
                "Files like %(name)s are not accepted, because they can carry harmful "
                "programs.",
                **params,
            ),
        }
        return messages[code]()

    def _spoc_touch(self):
        """Note that the questions changed."""
        if self.ids:
            self.flush_recordset(["version"])
            # SQL: an increment, so that two editors never get the same number.
            self.env.execute_query(
                SQL(
                    "UPDATE spoc_form SET version = version + 1 WHERE id IN %s "
                    "RETURNING id",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["version"])


class SpocFormPart(models.AbstractModel):
    """What questions and options have in common: their change changes the form."""

    _name = "spoc.form.part"
    _description = "Part of a request form"

    def _get_forms(self):
        """Forms the records belong to."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._get_forms()._spoc_touch()
        return records

    def write(self, vals):
        forms = self._get_forms()
        result = super().write(vals)
        (forms | self._get_forms())._spoc_touch()
        return result

    def unlink(self):
        forms = self._get_forms()
        result = super().unlink()
        forms.exists()._spoc_touch()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        result = super().update_field_translations(
            field_name, translations, source_lang=source_lang
        )
        self._get_forms()._spoc_touch()
        return result


class SpocFormQuestion(models.Model):
    """A question of a form."""

    _name = "spoc.form.question"
    _inherit = ["spoc.form.part"]
    _description = "Question"
    _rec_name = "label"
    _order = "form_id, sequence, id"

    form_id = fields.Many2one(
        "spoc.form", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    label = fields.Char(
        string="Question",
        required=True,
        translate=True,
        help="In the words of the person who asks, not of the department.",
    )
    help = fields.Char(string="Hint", translate=True, help="Shown below the question.")
    type = fields.Selection(QUESTION_TYPES, required=True, default="text")
    required = fields.Boolean(string="Must be answered")
    max_length = fields.Integer(
        string="Longest answer", help="Characters. 0: as much as is sensible."
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
    max_files = fields.Integer(string="Most files", default=3)
    max_mb = fields.Float(string="Largest file (MB)", default=10.0)

    _limits_sensible = models.Constraint(
        "CHECK (max_length >= 0 AND max_files >= 0 AND max_mb >= 0)",
        "Limits cannot be negative.",
    )

    @api.depends("option_ids.label", "option_ids.sequence")
    @api.depends_context("lang")
    def _compute_options_text(self):
        for question in self:
            question.options_text = "\n".join(
                option.label or "" for option in question.option_ids
            )

    @api.model_create_multi
    def create(self, vals_list):
        browse = self.browse()
        return super().create([browse._with_options(vals) for vals in vals_list])

    def write(self, vals):
        if "options_text" not in vals or "option_ids" in vals:
            return super().write(self._without_options_text(vals))
        for question in self:
            super(SpocFormQuestion, question).write(question._with_options(vals))
        return True

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

    @api.constrains("type", "option_ids")
    def _check_options(self):
        if self.env.context.get("install_mode"):
            # Records of a data file come one by one, the options last.
            return
        for question in self:
            if question.type == "choice" and not question.option_ids:
                raise ValidationError(
                    self.env._(
                        "The question “%(question)s” needs answers to choose from.",
                        question=question.label,
                    )
                )

    def _get_forms(self):
        return self.form_id

    @api.model
    def _get_limits_text(self, max_files, max_mb, **kwargs):
        """How many files of which size, in words."""
        size = f"{max_mb:g}"
        if max_files == 1:
            return self.env._("One file of up to %(size)s MB", size=size)
        return self.env._(
            "Up to %(count)s files of %(size)s MB each", count=max_files, size=size
        )

    def _spoc_compile(self):
        """The question as plain data, see ``form_rules``."""
        self.ensure_one()
        compiled = {
            "id": self.id,
            "type": self.type,
            "label": self.label or "",
            "help": self.help or "",
            "required": self.required,
        }
        if self.type == "text":
            compiled["max_length"] = self.max_length or form_rules.TEXT_LIMIT
        elif self.type == "long_text":
            compiled["max_length"] = self.max_length or form_rules.LONG_TEXT_LIMIT
        elif self.type == "choice":
            compiled["options"] = [
                {"id": option.id, "label": option.label} for option in self.option_ids
            ]
        elif self.type == "file":
            compiled["max_files"] = self.max_files or 1
            compiled["max_mb"] = self.max_mb or form_rules.FILE_MB_LIMIT
            compiled["limits"] = self._get_limits_text(**compiled)
        return compiled


class SpocFormOption(models.Model):
    """An answer to choose."""

    _name = "spoc.form.option"
    _inherit = ["spoc.form.part"]
    _description = "Answer to choose"
    _rec_name = "label"
    _order = "question_id, sequence, id"

    question_id = fields.Many2one(
        "spoc.form.question", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    label = fields.Char(string="Answer", required=True, translate=True)

    def _get_forms(self):
        return self.question_id.form_id

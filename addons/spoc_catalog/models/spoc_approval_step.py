"""Steps of an approval rule: who decides, and when the step is needed."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from .spoc_form_condition import OPERATORS

QUORUMS = [
    ("one", "One of them"),
    ("all", "All of them"),
    ("number", "So many of them"),
    ("percent", "A percentage of them"),
]


class SpocApprovalStep(models.Model):
    """One step: a person or several who have to agree."""

    _name = "spoc.approval.step"
    _description = "Approval step"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one(
        "spoc.approval.rule", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("manager", "Manager of whoever asks"),
            ("department", "Manager of their department"),
            ("owner", "Service owner"),
            ("people", "Named people"),
            ("group", "Group"),
            ("question", "Person chosen in the form"),
        ],
        string="Who",
        required=True,
        default="manager",
    )
    user_ids = fields.Many2many(
        "res.users",
        "spoc_approval_step_user_rel",
        "step_id",
        "user_id",
        string="Named people",
        domain="[('share', '=', False)]",
        ondelete="restrict",
    )
    group_id = fields.Many2one(
        "res.groups", index="btree_not_null", ondelete="restrict"
    )
    question_id = fields.Many2one(
        "spoc.form.question",
        string="Question that chooses the person",
        domain="[('type', '=', 'person')]",
        index="btree_not_null",
        ondelete="restrict",
        help="Where the form of a service has no such question, nobody is found.",
    )
    quorum = fields.Selection(QUORUMS, string="Enough is", default="one", required=True)
    quorum_value = fields.Integer(string="How many", default=1)
    amount_from = fields.Float(
        string="From an amount of", help="Needed from this amount on. 0: always."
    )
    amount_to = fields.Float(
        string="Below an amount of", help="Not needed from this amount on. 0: no limit."
    )
    amount_question_id = fields.Many2one(
        "spoc.form.question",
        string="Amount answered in",
        domain="[('type', 'in', ('money', 'decimal', 'integer'))]",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the price of the service.",
    )
    match = fields.Selection(
        [("all", "All conditions hold"), ("any", "Any condition holds")],
        string="Needed if",
        required=True,
        default="all",
    )
    condition_ids = fields.One2many(
        "spoc.approval.condition", "step_id", string="Conditions", copy=True
    )
    description_text = fields.Char(
        string="In words", compute="_compute_description_text"
    )

    _amounts_sensible = models.Constraint(
        "CHECK (COALESCE(amount_from, 0) >= 0 AND COALESCE(amount_to, 0) >= 0"
        " AND (COALESCE(amount_to, 0) = 0 OR amount_to > COALESCE(amount_from, 0)))",
        "The amount a step ends at has to be greater than the one it begins at.",
    )

    @api.depends(
        "kind",
        "user_ids",
        "group_id",
        "question_id.label",
        "quorum",
        "quorum_value",
        "amount_from",
        "amount_to",
        "amount_question_id.label",
        "match",
        "condition_ids.description_text",
    )
    @api.depends_context("lang")
    def _compute_description_text(self):
        for step in self:
            step.description_text = step._get_words(step._get_who_words())

    @api.depends("description_text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for step in self:
            step.display_name = step.description_text

    @api.constrains(
        "kind", "user_ids", "group_id", "question_id", "quorum", "quorum_value"
    )
    def _check_who(self):
        needed = {"people": "user_ids", "group": "group_id", "question": "question_id"}
        for step in self:
            name = needed.get(step.kind)
            if name and not step[name]:
                raise ValidationError(
                    self.env._(
                        "Say who has to agree in the step: %(field)s is empty.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
            if step.kind not in ("people", "group"):
                continue
            if step.quorum == "percent" and not 1 <= step.quorum_value <= 100:
                raise ValidationError(
                    self.env._("A percentage is a number from 1 to 100.")
                )
            if step.quorum == "number" and step.quorum_value < 1:
                raise ValidationError(self.env._("At least one of them has to agree."))

    def _spoc_compile(self):
        """The step as plain data, see ``approval_rules``."""
        self.ensure_one()
        data = {"id": self.id, "kind": self.kind}
        if self.kind in ("people", "group"):
            users = (
                self.user_ids if self.kind == "people" else self.group_id.all_user_ids
            )
            data["users"] = users.filtered("active").sorted("id").ids
            data["quorum"] = [self.quorum, self.quorum_value]
        if self.kind == "question":
            data["question"] = self.question_id.id
        for name in ("amount_from", "amount_to"):
            if self[name]:
                data[name] = self[name]
        if self.amount_question_id:
            data["amount_question"] = self.amount_question_id.id
        if self.condition_ids:
            conditions = [condition._spoc_compile() for condition in self.condition_ids]
            data["cond"] = {self.match: conditions}
        return data

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def _get_who_words(self):
        """Who decides, whoever asks: "the manager", "two of: A, B, C"."""
        self.ensure_one()
        # Literal calls: that is how the texts are found for translation.
        texts = {
            "manager": lambda: self.env._("the manager of whoever asks"),
            "department": lambda: self.env._("the manager of their department"),
            "owner": lambda: self.env._("the service owner"),
            "people": lambda: ", ".join(self.user_ids.mapped("name")),
            "group": lambda: self.env._(
                "the group %(group)s",
                # sudo: the name of the group, which few may look at.
                group=self.group_id.sudo().display_name or "",
            ),
            "question": lambda: self.env._(
                "the person chosen in “%(question)s”",
                question=self.question_id.label or "",
            ),
        }
        who = texts[self.kind]()
        if self.kind == "group" or (self.kind == "people" and len(self.user_ids) > 1):
            return self._get_quorum_words(who)
        return who

    def _get_quorum_words(self, who):
        """ "One of: Anna, Bo" and the like."""
        value = self.quorum_value
        texts = {
            "one": lambda: self.env._("one of: %(who)s", who=who),
            "all": lambda: self.env._("all of: %(who)s", who=who),
            "number": lambda: self.env._("%(count)s of: %(who)s", count=value, who=who),
            "percent": lambda: self.env._(
                "%(count)s %% of: %(who)s", count=value, who=who
            ),
        }
        return texts[self.quorum]()

    def _get_words(self, who):
        """The step in words, with what it depends on.

        :param str who: the people in words
        """
        self.ensure_one()
        text = who[:1].upper() + who[1:]
        limits = self._get_limit_words()
        if limits:
            text = self.env._("%(who)s, %(limits)s", who=text, limits=limits)
        conditions = [c.description_text for c in self.condition_ids]
        if conditions:
            text = self.env._(
                "%(who)s, if %(conditions)s",
                who=text,
                conditions=self._join_conditions(conditions),
            )
        return text

    def _join_conditions(self, texts):
        joined = texts[0]
        for text in texts[1:]:
            if self.match == "all":
                joined = self.env._(
                    "%(first)s and %(second)s", first=joined, second=text
                )
            else:
                joined = self.env._(
                    "%(first)s or %(second)s", first=joined, second=text
                )
        return joined

    def _get_limit_words(self):
        """From which amount on, and of what."""
        if not self.amount_from and not self.amount_to:
            return ""
        currency = self.rule_id.currency_id
        first = format_amount(self.env, self.amount_from, currency)
        last = format_amount(self.env, self.amount_to, currency)
        if not self.amount_to:
            text = self.env._("from %(first)s on", first=first)
        elif not self.amount_from:
            text = self.env._("below %(last)s", last=last)
        else:
            text = self.env._("from %(first)s, below %(last)s", first=first, last=last)
        if self.amount_question_id:
            text = self.env._(
                "%(limits)s in “%(question)s”",
                limits=text,
                question=self.amount_question_id.label,
            )
        return text


class SpocApprovalCondition(models.Model):
    """One comparison of an answer; a step has any number."""

    _name = "spoc.approval.condition"
    _description = "Condition of an approval step"
    _order = "step_id, id"

    step_id = fields.Many2one(
        "spoc.approval.step", required=True, ondelete="cascade", index=True
    )
    question_id = fields.Many2one(
        "spoc.form.question", required=True, index=True, ondelete="restrict"
    )
    operator = fields.Selection(
        [operator for operator in OPERATORS if operator[0] not in ("in", "not_in")],
        required=True,
        default="is",
    )
    option_ids = fields.Many2many(
        "spoc.form.option",
        "spoc_approval_condition_option_rel",
        "condition_id",
        "option_id",
        string="Choices",
        domain="[('question_id', '=', question_id)]",
        ondelete="restrict",
        help="For a question with answers to choose from: one of these.",
    )
    value_text = fields.Char(string="Value", help="A text, a number, or yes or no.")
    description_text = fields.Char(
        string="In words", compute="_compute_description_text"
    )

    @api.depends("question_id.label", "operator", "option_ids.label", "value_text")
    @api.depends_context("lang")
    def _compute_description_text(self):
        operators = dict(self._fields["operator"]._description_selection(self.env))
        for condition in self:
            values = condition.option_ids.mapped("label") or [condition.value_text]
            if condition.operator in ("answered", "not_answered"):
                values = []
            value = ", ".join(value or "" for value in values)
            question = self.env._("“%(text)s”", text=condition.question_id.label or "")
            condition.description_text = (
                f"{question} {operators.get(condition.operator, '')} {value}".rstrip()
            )

    @api.constrains("question_id", "operator", "option_ids", "value_text")
    def _check_value(self):
        for condition in self:
            if condition.operator in ("answered", "not_answered"):
                continue
            if condition.option_ids.question_id - condition.question_id:
                raise ValidationError(
                    self.env._("The choices have to be of the question compared.")
                )
            if not condition.option_ids and not (condition.value_text or "").strip():
                raise ValidationError(
                    self.env._("Say what the answer is compared with.")
                )

    @api.onchange("question_id")
    def _onchange_question_id(self):
        self.option_ids = False

    def _spoc_compile(self):
        """The comparison as plain data, in the shape the forms have."""
        self.ensure_one()
        data = {"question": self.question_id.id, "op": self.operator}
        if self.operator in ("answered", "not_answered"):
            return data
        if self.option_ids:
            op = {"is": "in", "is_not": "not_in"}.get(self.operator, self.operator)
            return {**data, "op": op, "value": self.option_ids.ids}
        return {**data, "value": self._get_value()}

    def _get_value(self):
        """The value as the clean answers of the question's type have it."""
        text = (self.value_text or "").strip()
        if self.question_id.type == "boolean":
            return text.casefold() in self._get_yes_words()
        return text

    def _get_yes_words(self):
        yes = self.env._("yes")
        return {"1", "true", "yes", yes.casefold()}

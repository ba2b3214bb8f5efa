"""Lines of an audience: who is let in, who is kept out."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..audience_rules import EMPLOYEE_KINDS

#: Kind -> field that names its values; ``manager`` is yes or no.
KIND_FIELDS = {
    "company": "company_ids",
    "department": "department_ids",
    "job": "job_ids",
    "location": "work_location_ids",
    "tag": "employee_tag_ids",
    "manager": "managers_only",
    "group": "group_ids",
    "contact_tag": "contact_tag_ids",
    "country": "country_ids",
    "person": "person_ids",
}
NAMES_SHOWN = 6


class SpocAudienceRule(models.Model):
    """One line: those who have all of what it names.

    What a line names cannot be deleted: the line would silently hold more people
    than it should.
    """

    _name = "spoc.audience.rule"
    _inherit = ["spoc.kept.mixin"]
    _description = "Line of an audience"
    _order = "audience_id, effect, sequence, id"

    audience_id = fields.Many2one(
        "spoc.audience", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    effect = fields.Selection(
        [("allow", "Let in"), ("deny", "Keep out")],
        required=True,
        default="allow",
        help="Whoever is kept out by one line is out, whatever another line says.",
    )
    company_ids = fields.Many2many(
        "res.company",
        "spoc_audience_rule_company_rel",
        "rule_id",
        "company_id",
        string="Companies",
        ondelete="restrict",
        help="Those employed there; without an employee record, users of the company.",
    )
    department_ids = fields.Many2many(
        "hr.department",
        "spoc_audience_rule_department_rel",
        "rule_id",
        "department_id",
        string="Departments",
        ondelete="restrict",
        help="These departments and the ones below them.",
    )
    job_ids = fields.Many2many(
        "hr.job",
        "spoc_audience_rule_job_rel",
        "rule_id",
        "job_id",
        string="Job positions",
        ondelete="restrict",
    )
    work_location_ids = fields.Many2many(
        "hr.work.location",
        "spoc_audience_rule_location_rel",
        "rule_id",
        "location_id",
        string="Work locations",
        ondelete="restrict",
    )
    employee_tag_ids = fields.Many2many(
        "hr.employee.category",
        "spoc_audience_rule_tag_rel",
        "rule_id",
        "tag_id",
        string="Employee tags",
        ondelete="restrict",
    )
    managers_only = fields.Boolean(
        string="Those who lead people",
        help="Others report to them, or a department is theirs to manage.",
    )
    group_ids = fields.Many2many(
        "res.groups",
        "spoc_audience_rule_group_rel",
        "rule_id",
        "group_id",
        string="User groups",
        ondelete="restrict",
        help="Also by way of another group that includes it.",
    )
    contact_tag_ids = fields.Many2many(
        "res.partner.category",
        "spoc_audience_rule_contact_tag_rel",
        "rule_id",
        "contact_tag_id",
        string="Contact tags",
        ondelete="restrict",
        help="Of the person, or of the company the person belongs to.",
    )
    country_ids = fields.Many2many(
        "res.country",
        "spoc_audience_rule_country_rel",
        "rule_id",
        "country_id",
        string="Countries",
        ondelete="restrict",
        help="Of the work address; without one, of the own address or the one of the "
        "company the person belongs to.",
    )
    person_ids = fields.Many2many(
        "res.partner",
        "spoc_audience_rule_person_rel",
        "rule_id",
        "person_id",
        string="Named people",
        domain="[('is_company', '=', False)]",
        ondelete="restrict",
    )
    description_text = fields.Char(
        string="In words", compute="_compute_description_text"
    )

    @api.depends(*KIND_FIELDS.values())
    @api.depends_context("lang")
    def _compute_description_text(self):
        for line in self:
            line.description_text = line._get_words()

    @api.depends("description_text", "effect")
    @api.depends_context("lang")
    def _compute_display_name(self):
        effects = dict(self._fields["effect"]._description_selection(self.env))
        for line in self:
            line.display_name = f"{effects.get(line.effect)}: {line.description_text}"

    @api.constrains("audience_id", "effect", *KIND_FIELDS.values())
    def _check_kinds(self):
        for line in self:
            kinds = line._spoc_kinds()
            if not kinds:
                raise ValidationError(
                    self.env._("A line has to say who: choose at least one thing.")
                )
            inner = [kind for kind in kinds if kind in EMPLOYEE_KINDS]
            if line.audience_id.scope == "customers" and inner:
                labels = [
                    self._fields[KIND_FIELDS[kind]]._description_string(self.env)
                    for kind in inner
                ]
                raise ValidationError(
                    self.env._(
                        "Outside customers are not employed here, so a line about them "
                        "cannot name: %(kinds)s.",
                        kinds=", ".join(labels),
                    )
                )

    def _spoc_kinds(self):
        """What the line names: kind -> ids, without the kinds left empty."""
        self.ensure_one()
        # What was archived is still named: a line that lost a kind would hold more
        # people than it should.
        line = self.with_context(active_test=False)
        kinds = {}
        for kind, name in KIND_FIELDS.items():
            value = line[name]
            if kind == "manager":
                value = [1] if value else []
            else:
                value = value._origin.ids
            if value:
                kinds[kind] = value
        return kinds

    def _spoc_compile(self):
        """The line as plain data, see ``audience_rules``."""
        self.ensure_one()
        return {
            "id": self._origin.id or self.id,
            "effect": self.effect,
            "kinds": self._spoc_kinds(),
        }

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def _get_words(self):
        """Who is in the line, as it goes on after "Employees": "of Sales and below"."""
        self.ensure_one()
        # sudo: names of what the line holds, some of which (tags of employees) only
        # personnel officers may look up; who may read the sentence is for its caller.
        line = self.sudo()
        # Literal calls: that is how the texts are found for translation.
        texts = {
            "company": lambda names: self.env._(
                "of the company %(names)s", names=names
            ),
            "department": lambda names: self.env._(
                "of %(names)s and below", names=names
            ),
            "job": lambda names: self.env._("with the job %(names)s", names=names),
            "location": lambda names: self.env._("working at %(names)s", names=names),
            "tag": lambda names: self.env._("tagged %(names)s", names=names),
            "manager": lambda names: self.env._("who lead people"),
            "group": lambda names: self.env._("in the group %(names)s", names=names),
            "contact_tag": lambda names: self.env._(
                "with the contact tag %(names)s", names=names
            ),
            "country": lambda names: self.env._("in %(names)s", names=names),
            "person": lambda names: self.env._("by name: %(names)s", names=names),
        }
        return ", ".join(
            texts[kind]("" if kind == "manager" else line._get_names(name))
            for kind, name in KIND_FIELDS.items()
            if line[name]
        )

    def _get_names(self, field_name):
        """Names of the values in a field: "A", "A or B", at most a handful."""
        field = "display_name" if field_name == "group_ids" else "name"
        names = [name or "" for name in self[field_name].mapped(field)]
        if len(names) > NAMES_SHOWN:
            return self.env._(
                "%(names)s and %(count)s more",
                names=", ".join(names[: NAMES_SHOWN - 1]),
                count=len(names) - NAMES_SHOWN + 1,
            )
        if len(names) > 1:
            return self.env._(
                "%(names)s or %(last)s", names=", ".join(names[:-1]), last=names[-1]
            )
        return "".join(names)

    def _is_by_name(self):
        """Whether the line just names people."""
        return list(self._spoc_kinds()) == ["person"]

"""Does this person belong to it, and why?"""

from odoo import api, fields, models

from .. import audience_rules


class SpocAudienceCheck(models.TransientModel):
    """A question an editor asks about one person."""

    _name = "spoc.audience.check"
    _description = "Check of a person against an audience or a service"

    audience_id = fields.Many2one("spoc.audience", readonly=True)
    service_id = fields.Many2one("spoc.service", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        domain="[('is_company', '=', False)]",
        help="With a sign-in or without: an employee is found by the work contact.",
    )
    belongs = fields.Boolean(compute="_compute_answer_text")
    answer_text = fields.Text(string="Answer", compute="_compute_answer_text")

    @api.depends("partner_id", "audience_id", "service_id")
    @api.depends_context("lang")
    def _compute_answer_text(self):
        for check in self:
            if not check.partner_id or not check.partner_id.has_access("read"):
                check.belongs, check.answer_text = False, ""
                continue
            partner = check.partner_id._origin
            audiences = check.audience_id or check.service_id.audience_ids
            facts = audiences._spoc_facts(partner)[partner.id]
            verdicts = [
                (audience, audience_rules.judge(audience._spoc_compile(), facts))
                for audience in audiences
            ]
            yes = [pair for pair in verdicts if pair[1].belongs]
            check.belongs = bool(yes) or not verdicts
            check.answer_text = "\n".join(
                check._get_verdict_text(audience, verdict)
                for audience, verdict in yes or verdicts
            ) or self.env._("Yes: everyone signed in may ask for it.")
            # The right to ask is not enough where nobody can be found to agree.
            service = check.service_id
            if check.belongs and service and service._spoc_unapproved(partner):
                check.belongs = False
                check.answer_text = self.env._(
                    "No: somebody has to agree to a request of %(name)s, and nobody "
                    "can be found to do so.",
                    name=partner.name,
                )

    def _get_verdict_text(self, audience, verdict):
        """Why somebody belongs to an audience or not, in a sentence."""
        name = self.partner_id.name
        line = self.env["spoc.audience.rule"].browse(verdict.line_id or ())
        scopes = dict(audience._fields["scope"]._description_selection(self.env))
        values = {
            "name": name,
            "audience": audience.name,
            "scope": scopes[audience.scope],
            "line": line.description_text,
        }
        # Literal calls: that is how the texts are found for translation.
        texts = {
            "all": lambda: self.env._(
                "Yes: %(name)s belongs to “%(audience)s”, as everyone of the scope "
                "does (%(scope)s).",
                **values,
            ),
            "allow": lambda: self.env._(
                "Yes: %(name)s belongs to “%(audience)s”, let in by the line: "
                "%(line)s.",
                **values,
            ),
            "scope": lambda: self.env._(
                "No: %(name)s is not of the scope of “%(audience)s” (%(scope)s).",
                **values,
            ),
            "deny": lambda: self.env._(
                "No: %(name)s is kept out of “%(audience)s” by the line: %(line)s.",
                **values,
            ),
            "none": lambda: self.env._(
                "No: no line of “%(audience)s” lets %(name)s in.", **values
            ),
        }
        return texts[verdict.reason]()

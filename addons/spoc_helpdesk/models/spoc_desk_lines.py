"""Where a desk stands: its support line, the supplier behind it, its absence rule."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SpocDesk(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    line_id = fields.Many2one(
        "spoc.line",
        "Support Line",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="First line, second line, and so on: what is counted as solved by the "
        "first line, and what is offered when work is assigned, goes by it.",
    )
    supplier_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="An outside company that does the work given to this desk. Its people "
        "answer by mail or on their own page, and see nothing but their part. Such a "
        "desk owns no tickets.",
    )
    absence_hours = fields.Integer(
        "Hands over after",
        default=24,
        required=True,
        help="Hours: an owner who is on leave for longer hands over when the leave "
        "begins, to their deputy or to whom the desk's routing chooses. 0: never.",
    )

    _absence_hours_positive = models.Constraint(
        "CHECK (absence_hours >= 0)", "Hours of absence cannot be negative."
    )

    @api.depends("line_id.name")
    @api.depends_context("spoc_show_line")
    def _compute_display_name(self):
        super()._compute_display_name()
        if not self.env.context.get("spoc_show_line"):
            return
        for desk in self.filtered("line_id"):
            desk.display_name = f"{desk.display_name} ({desk.line_id.name})"

    @api.constrains("supplier_id")
    def _check_supplier(self):
        # sudo: tickets of every desk count
        owning = (
            self.env["spoc.ticket"]
            .sudo()
            ._read_group(
                [("desk_id", "in", self.filtered("supplier_id").ids)], ["desk_id"]
            )
        )
        if owning:
            raise ValidationError(
                self.env._(
                    "%s owns tickets: an outside company cannot stand behind it.",
                    owning[0][0].name,
                )
            )

    def _spoc_has_people(self):
        """Whether anybody would see a ticket of this desk."""
        self.ensure_one()
        # sudo: who the desk is, whoever asks
        desk = self.sudo()
        return bool((desk.member_ids | desk.manager_id).filtered("active"))

    def _spoc_release_owned(self, users):
        """Who is no longer at the desk does none of its parts, either."""
        result = super()._spoc_release_owned(users)
        if users:
            # sudo: parts of tickets that who changed the desk cannot read
            parts = self.env["spoc.assignment"].sudo()
            parts.search(
                [
                    ("desk_id", "in", self.ids),
                    ("user_id", "in", users.ids),
                    ("is_open", "=", True),
                ]
            ).with_env(self.env)._spoc_lose_worker()
        return result

"""What a ticket keeps to, whoever writes it: input is judged, results are kept."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, is_html_empty

from .spoc_stage import CLOSED_STATES, OPEN_STATES
from .spoc_ticket import ENGINE, ENGINE_FIELDS, FINAL_FIELDS


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    # ---- constraints -------------------------------------------------------

    @api.constrains("owner_id", "desk_id", "state")
    def _check_owner(self):
        owned = self.filtered(lambda t: t.owner_id and t.state not in CLOSED_STATES)
        if not owned:
            return
        # SQL: who is an active member, without reading users and all their colleagues
        fit = set(
            self.env.execute_query(
                SQL(
                    "SELECT m.desk_id, m.user_id FROM spoc_desk_member_rel m"
                    " JOIN res_users u ON u.id = m.user_id AND u.active"
                    " WHERE m.desk_id = ANY(%s) AND m.user_id = ANY(%s)",
                    owned.desk_id.ids,
                    owned.owner_id.ids,
                    to_flush=self.env["res.users"]._fields["active"],
                )
            )
        )
        for ticket in owned:
            if (ticket.desk_id.id, ticket.owner_id.id) not in fit:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot own %(number)s: its owner is an active "
                        "member of %(desk)s.",
                        user=ticket.owner_id.name,
                        number=ticket.number,
                        desk=ticket.desk_id.name,
                    )
                )

    @api.constrains("stage_id", "desk_id")
    def _check_stage(self):
        for ticket in self:
            desk_ids = ticket.stage_id._spoc_desks_of(ticket.stage_id.id)
            if desk_ids and ticket.desk_id.id not in desk_ids:
                raise ValidationError(
                    self.env._(
                        "The stage %(stage)s is not one of %(desk)s.",
                        stage=ticket.stage_id.name,
                        desk=ticket.desk_id.name,
                    )
                )

    @api.constrains("state", "resolution", "told_at", "resolved_at")
    def _check_closing(self):
        for ticket in self:
            if ticket.state not in ("resolved", "closed"):
                continue
            if is_html_empty(ticket.resolution) or not ticket.resolved_at:
                raise ValidationError(
                    self.env._(
                        "%s is not resolved: write what solved it.", ticket.number
                    )
                )
            if ticket.state == "closed" and not ticket.told_at:
                raise ValidationError(
                    self.env._("%s: the requester was not told.", ticket.number)
                )
            if ticket.assignment_ids.filtered("is_open"):
                raise ValidationError(
                    self.env._(
                        "%s: another line still works on it. End its part first.",
                        ticket.number,
                    )
                )

    @api.constrains("follow_up_of_id")
    def _check_follow_up(self):
        if self._has_cycle("follow_up_of_id"):
            raise ValidationError(self.env._("A ticket cannot follow itself."))

    # ---- write: input is judged, results are the engine's ------------------

    @api.model
    def _spoc_is_engine(self):
        return self.env.context.get("spoc_engine") is ENGINE

    def _spoc_write(self, vals):
        """Write what follows from work, past the judgement of :meth:`write`."""
        # sudo: whoever caused it; the rules were applied by the caller
        return self.sudo().with_context(spoc_engine=ENGINE).write(vals)

    def write(self, vals):
        if self._spoc_is_engine():
            return super().write(vals)
        vals = dict(vals)
        stage_id = vals.pop("stage_id", None)
        owner = vals.pop("owner_id", None)
        vals = self._spoc_judge_write(vals)
        done = super().write(vals) if vals else True
        if owner is not None:
            self.check_access("write")
            self._spoc_hand_to(self.env["res.users"].browse(owner))
        if stage_id:
            self._spoc_go_to_stage(self.env["spoc.stage"].browse(stage_id))
        return done

    def _spoc_judge_write(self, vals):
        """Refuse values that are not input; drop those that change nothing."""
        for name in (ENGINE_FIELDS | FINAL_FIELDS | {"desk_id"}) & vals.keys():
            value = vals[name]
            field = self._fields[name]
            if field.type in ("one2many", "many2many"):
                unchanged = not value
            else:
                unchanged = all(
                    field.convert_to_cache(value, ticket)
                    == field.convert_to_cache(ticket[name], ticket)
                    for ticket in self
                )
            if not unchanged:
                self._spoc_refuse([name])
            vals.pop(name)
        ending = {"resolution", "resolution_article_id", "resolution_code_id"}
        if ending & vals.keys() and any(
            state not in OPEN_STATES for state in self.mapped("state")
        ):
            raise UserError(
                self.env._(
                    "The requester has been told how it was resolved: reopen the "
                    "ticket to resolve it otherwise."
                )
            )
        return vals

    @api.model
    def _spoc_refuse(self, names):
        """Raise when there is anything in ``names``.

        :raises AccessError: naming the fields
        """
        names = list(names)
        if not names:
            return
        labels = ", ".join(
            sorted(
                self._fields[name].get_description(self.env)["string"] for name in names
            )
        )
        raise AccessError(
            self.env._(
                "These values of a ticket follow from the work on it and cannot be "
                "set: %s.",
                labels,
            )
        )

    def copy_data(self, default=None):
        default = dict(default or {})
        self._spoc_refuse((ENGINE_FIELDS | {"stage_id"}) & default.keys())
        return super().copy_data(default)

    def unlink(self):
        # Whoever has no right hears that, before the thread refuses to go.
        self.check_access("unlink")
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._("Tickets are never deleted. Cancel this one and say why.")
        )

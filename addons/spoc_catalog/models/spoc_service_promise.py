"""A promise that changes makes the services that give it read differently."""

from odoo import api, models
from odoo.fields import Domain


class SpocTargetPolicy(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.target.policy"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"name", "active"}:
            self._spoc_mark_services()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        result = super().update_field_translations(
            field_name, translations, source_lang=source_lang
        )
        self._spoc_mark_services()
        return result

    def _spoc_mark_services(self):
        """Published services that give the promise say that they changed."""
        if not self:
            return
        own = Domain("target_policy_id", "in", self.ids)
        usual = Domain("target_policy_id", "=", False) & Domain(
            "desk_id.target_policy_id", "in", self.ids
        )
        # sudo: an editor of promises need not see every service that gives them.
        self.env["spoc.service"].sudo().search(
            Domain("state", "=", "published") & (own | usual)
        )._spoc_mark_changed()


class SpocTarget(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.target"

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets.policy_id._spoc_mark_services()
        return targets

    def write(self, vals):
        policies = self.policy_id
        result = super().write(vals)
        (policies | self.policy_id)._spoc_mark_services()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        policies.exists()._spoc_mark_services()
        return result


class SpocDesk(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    def write(self, vals):
        changed = self.browse()
        if "target_policy_id" in vals:
            policy_id = vals["target_policy_id"] or False
            changed = self.filtered(lambda desk: desk.target_policy_id.id != policy_id)
        result = super().write(vals)
        if changed:
            # sudo: a change of the desk's promise marks services its editor cannot see
            self.env["spoc.service"].sudo().search(
                Domain("state", "=", "published")
                & Domain("target_policy_id", "=", False)
                & Domain("desk_id", "in", changed.ids)
            )._spoc_mark_changed()
        return result

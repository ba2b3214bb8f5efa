"""Versions of a promise: what held when."""

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.spoc_catalog.norms import Norm

#: Norms between the lines of the organisation: no requester is promised them.
INNER_KINDS = [("ola", "Work of another line")]
KEYS = ("kind", "priority", "hours", "days", "counts")


class SpocTargetVersion(models.Model):
    """The targets of a policy as they were from a moment on. Nobody changes one.

    ``content`` is a list of dictionaries with ``kind``, ``priority`` (or ``False``),
    ``hours``, ``days`` and ``counts``, as in ``spoc.target``.
    """

    _name = "spoc.target.version"
    _description = "Version of a target policy"
    _order = "policy_id, number desc"
    _rec_names_search = ["policy_id.name"]

    policy_id = fields.Many2one(
        "spoc.target.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    number = fields.Integer(required=True, aggregator=None)
    date = fields.Datetime("From", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Changed by", index="btree_not_null", ondelete="restrict"
    )
    content = fields.Json(required=True)
    content_text = fields.Text("Targets", compute="_compute_content_text")

    _number_uniq = models.UniqueIndex(
        "(policy_id, number)", "The policy has this version already."
    )

    @api.depends("number", "policy_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(policy)s, version %(number)s",
                policy=version.policy_id.name,
                number=version.number,
            )

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_content_text(self):
        Target = self.env["spoc.target"]
        for version in self:
            version.content_text = "\n".join(
                Target.new(target).display_name for target in version.content or []
            )

    def _spoc_norms(self, priority):
        """Norms this version gave a priority; see ``spoc.target.policy._spoc_targets``.

        :return: kind -> ``norms.Norm``, those between lines included
        """
        self.ensure_one()
        found = {}
        # The target for one priority goes before the one for any.
        for wanted in (False, priority):
            for target in self.content or []:
                if (target["priority"] or False) == wanted:
                    found[target["kind"]] = Norm(
                        target["hours"], target["days"], target["counts"]
                    )
        return found

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(self.env._("A version says what held once: it stays."))
        return super().write(vals)


class SpocTargetPolicy(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.target.policy"

    version_ids = fields.One2many("spoc.target.version", "policy_id", string="Versions")
    version_number = fields.Integer("Version", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        policies = super(SpocTargetPolicy, self.with_context(spoc_sealing=True)).create(
            vals_list
        )
        policies = policies.with_env(self.env)
        policies._spoc_seal()
        return policies

    def write(self, vals):
        if "target_ids" not in vals:
            return super().write(vals)
        result = super(SpocTargetPolicy, self.with_context(spoc_sealing=True)).write(
            vals
        )
        self._spoc_seal()
        return result

    @api.model
    def _spoc_seal_all(self):
        """Note the first version of policies that were there before."""
        policies = self.with_context(active_test=False)
        policies.search(Domain("version_ids", "=", False))._spoc_seal()

    def _spoc_seal(self):
        """Note the targets as a new version where they differ from the last one.

        The number is kept on the policy, too: of two who change it at once the
        second begins anew.
        """
        # sudo: versions have no other author than the change of the targets
        policies = self.sudo()
        lasts = {
            version.policy_id.id: version
            for version in policies.version_ids.sorted("number")
        }
        vals_list = []
        for policy in policies:
            content = policy._spoc_content()
            last = lasts.get(policy.id)
            if last and last.content == content:
                continue
            policy.version_number += 1
            vals_list.append(
                {
                    "policy_id": policy.id,
                    "number": policy.version_number,
                    "content": content,
                    "user_id": self.env.uid,
                }
            )
        policies.env["spoc.target.version"].create(vals_list)

    def _spoc_seal_outside(self):
        """Seal what is not being saved with its policy; that seals it as a whole."""
        if not self.env.context.get("spoc_sealing"):
            self._spoc_seal()

    def _spoc_content(self):
        """Plain data of the targets, see ``spoc.target.version``."""
        rows = [
            {name: target[name] or False for name in KEYS} for target in self.target_ids
        ]
        for row in rows:
            row["hours"] = float(row["hours"])
            row["days"] = int(row["days"])
        return sorted(rows, key=lambda row: (row["kind"], row["priority"] or ""))

    def _spoc_version_id(self):
        """Id of the version that holds now, ``False`` without one.

        Kept in memory: every new ticket asks.
        """
        return self._get_version_id(self.id) if self.id else False

    @api.model
    @tools.ormcache("policy_id")
    def _get_version_id(self, policy_id):
        # sudo: what is promised is public, the policies behind it are not
        policy = self.sudo().browse(policy_id)
        return policy.version_ids.filtered(
            lambda version: version.number == policy.version_number
        ).id

    def _spoc_ola(self, priority):
        """The norm for work that is given to a line.

        :param str priority: of the ticket
        :return: ``norms.Norm`` or ``None``
        """
        return self._get_ola(self.id, priority) if self.id else None

    @api.model
    @tools.ormcache("policy_id", "priority")
    def _get_ola(self, policy_id, priority):
        # sudo: norms of a line are kept for everybody, policies are not to read
        targets = self.sudo().browse(policy_id).target_ids
        fit = targets.filtered(
            lambda target: (
                target.kind == "ola"
                and (not target.priority or target.priority == priority)
            )
        ).sorted(lambda target: bool(target.priority))
        return fit[-1:]._get_norm() if fit else None

    def _get_column(self, priority, desk, now, timelines):
        cells = super()._get_column(priority, desk, now, timelines)
        norm = self._spoc_ola(priority) if isinstance(self.id, int) else None
        if desk and norm:
            due = desk._spoc_settle(now, {None: norm}, None, timelines)[None]
            cells["ola"] = {
                "text": desk._spoc_norm_text(norm),
                "moment": desk._spoc_moment_text(due.moment),
            }
        return cells


class SpocTarget(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.target"

    kind = fields.Selection(selection_add=INNER_KINDS, ondelete={"ola": "cascade"})

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets.policy_id._spoc_seal_outside()
        return targets

    def write(self, vals):
        policies = self.policy_id
        result = super().write(vals)
        (policies | self.policy_id)._spoc_seal_outside()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        policies.exists()._spoc_seal_outside()
        return result

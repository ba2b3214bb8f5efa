"""What a file refers to and the database has not."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

# What is decided until somebody decides otherwise. A desk and an audience have to be
# chosen: one answers for the service, the other keeps it from everyone else.
USUAL = {
    "category": "create",
    "facet": "create",
    "department": "empty",
    "owner": "empty",
    "contact": "empty",
    "policy": "empty",
    "currency": "empty",
}


class SpocCatalogImportMissing(models.TransientModel):
    """One missing reference and what to do about it, for all rows that have it."""

    _name = "spoc.catalog.import.missing"
    _description = "Missing reference of an import"
    _order = "kind, name, id"

    wizard_id = fields.Many2one(
        "spoc.catalog.import", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [
            ("category", "Category"),
            ("facet", "Facet"),
            ("desk", "Desk"),
            ("department", "Department"),
            ("owner", "Service owner"),
            ("contact", "Contact"),
            ("audience", "Audience"),
            ("policy", "Promise"),
            ("currency", "Currency"),
            ("approval", "Approval rule"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(string="In the file", required=True, readonly=True)
    count = fields.Integer(string="Services", readonly=True, aggregator=None)
    text = fields.Char(string="What is wrong", readonly=True)
    res_model = fields.Char(readonly=True)
    may_create = fields.Boolean(readonly=True)
    decision = fields.Selection(
        [
            ("use", "Take this instead"),
            ("create", "Make it"),
            ("empty", "Leave it out"),
        ],
        string="What to do",
    )
    res_id = fields.Many2oneReference(string="Instead", model_field="res_model")

    @api.onchange("res_id")
    def _onchange_res_id(self):
        if self.res_id:
            self.decision = "use"

    @api.constrains("decision", "kind", "res_id")
    def _check_decision(self):
        for missing in self:
            if missing.decision == "create" and not missing.may_create:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be made from its name alone: choose another "
                        "or leave it out.",
                        name=missing.name,
                    )
                )
            if missing.decision == "empty" and missing.kind == "desk":
                raise ValidationError(
                    self.env._("A service cannot be without a desk: choose one.")
                )

    def _get_decisions(self):
        """``(kind, name) -> decision``, see ``spoc.exchange._spoc_import``."""
        decisions = {}
        for missing in self:
            key = missing.kind, missing.name
            if missing.decision == "use" and missing.res_id:
                record = self.env[missing.res_model].browse(missing.res_id).exists()
                # Nobody links what they may not see.
                if record and record.has_access("read"):
                    decisions[key] = ("use", record)
            elif missing.decision in ("create", "empty"):
                decisions[key] = (missing.decision,)
        return decisions

    def _get_commands(self, missing, kinds):
        """Commands that make the list that of a report; decisions are kept.

        :param dict missing: ``(kind, name) -> {"count", "text"}``
        :param dict kinds: kind -> (model, can be made)
        """
        held = {(line.kind, line.name): line for line in self}
        commands = [
            Command.delete(line.id) for key, line in held.items() if key not in missing
        ]
        for (kind, name), about in missing.items():
            if (kind, name) in held:
                commands.append(Command.update(held[kind, name].id, about))
                continue
            model, may_create = kinds[kind]
            commands.append(
                Command.create(
                    {
                        "kind": kind,
                        "name": name,
                        "res_model": model,
                        "may_create": may_create,
                        "decision": USUAL.get(kind, False),
                        **about,
                    }
                )
            )
        return commands

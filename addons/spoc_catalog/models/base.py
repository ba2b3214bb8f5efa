"""Nobody learns a name by pointing at what is not theirs."""

from odoo import api, models
from odoo.fields import Command

#: How the names of the suite's own models begin.
SUITE = ("spoc.",)


class Base(models.AbstractModel):
    """A link leads only to what whoever sets it may read.

    Odoo shows the name of a linked record to whoever may read the record that links to
    it, whatever the rules say of the linked one. Where people make such records
    themselves, the number of a confidential ticket would be enough to learn what it is
    about. So the right to read it is asked when the link is set: in every wizard of
    the suite, in stored models that say so, and while any form is filled in.

    Code as the superuser links what it likes, and nothing is asked.
    """

    _inherit = "base"

    #: How the names of models begin that a stored record leads only readers to.
    #: Wizards of the suite: all of the suite's, without saying so.
    _spoc_leads_readers_to = ()
    #: Links whose name tells nothing, on models that judge themselves who may set them.
    _spoc_judged_links = ()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and (models_asked := self._spoc_asked_links()):
            self._spoc_check_links(vals_list, models_asked)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (models_asked := self._spoc_asked_links()):
            self._spoc_check_links([vals], models_asked)
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        # Anybody may send defaults along, or keep some of their own.
        defaults = super().default_get(fields)
        if defaults and not self.env.su:
            self._spoc_check_links([defaults])
        return defaults

    def onchange(self, values, field_names, fields_spec):
        if not self.env.su:
            self._spoc_check_links([values])
            if not self:
                # Asked here: what is computed as the superuser takes defaults as such.
                self.default_get(self._spoc_get_links().difference(values))
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _spoc_asked_links(self):
        """Beginnings of models' names, see ``_spoc_leads_readers_to``."""
        if self._transient and self._name.startswith(SUITE):
            return SUITE
        return self._spoc_leads_readers_to

    @api.model
    def _spoc_get_links(self):
        """Names of the fields that lead to records of the suite: a set."""
        return {
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many")
            and field.comodel_name.startswith(SUITE)
        }

    def _spoc_check_links(self, vals_list, models_asked=SUITE):
        """The current user may read whatever values lead to.

        :param vals_list: dicts of values as they are written, or sent by a form
        :param models_asked: how the names of the models begin that count
        :raise AccessError: they may not; no name is told
        """
        linked = {}
        self._spoc_collect_links(vals_list, models_asked, linked)
        for name, ids in linked.items():
            self.env[name].browse(ids).exists().check_access("read")

    def _spoc_collect_links(self, vals_list, models_asked, linked):
        """Add to ``linked``, sets of ids by model, what values newly lead to."""
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if not value or not field or not field.relational:
                    continue
                if name in self._spoc_judged_links:
                    continue
                ids, lines = self._spoc_read_commands(value)
                comodel = field.comodel_name
                if ids and comodel.startswith(models_asked):
                    if len(self) == 1:
                        # sudo: numbers alone; what stands there tells nothing new
                        ids.difference_update(self.sudo()[name].ids)
                    linked.setdefault(comodel, set()).update(ids)
                for line_id, line in lines:
                    self.env[comodel].browse(line_id)._spoc_collect_links(
                        [line], models_asked, linked
                    )

    @api.model
    def _spoc_read_commands(self, value):
        """The value of a relational field as it may be written, or sent by a form.

        :return: set of ids it leads to; list of ``(ids, values)`` of lines in it
        """
        if isinstance(value, models.BaseModel):
            return set(value.ids), []
        if isinstance(value, dict):
            value = value.get("id")
        if not isinstance(value, list | tuple):
            value = [value]
        ids, lines = set(), []
        for part in value:
            if not isinstance(part, list | tuple):
                ids.add(part)
            elif part[0] in (Command.CREATE, Command.UPDATE):
                known = part[1] if part[0] == Command.UPDATE else None
                lines.append(([known] if known else [], part[2] or {}))
            elif part[0] == Command.LINK:
                ids.add(part[1])
            elif part[0] == Command.SET:
                ids.update(part[2])
        return {one for one in ids if isinstance(one, int) and one}, lines

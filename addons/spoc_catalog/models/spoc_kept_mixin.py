"""What is kept in memory, and when it is forgotten."""

from odoo import api, models, tools

FORGETTING = "spoc_catalog.forgetting"


class SpocKeptMixin(models.AbstractModel):
    """Records that are shown over and over and seldom change.

    What is worked out from them (``ormcache``) is forgotten when one of them changes:
    at once here, in every other process as soon as the change is committed.
    """

    _name = "spoc.kept.mixin"
    _description = "Kept in memory"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._spoc_forget()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._spoc_forget()
        return result

    def unlink(self):
        result = super().unlink()
        self._spoc_forget()
        return result

    def _update_field_translations(self, *args, **kwargs):
        result = super()._update_field_translations(*args, **kwargs)
        self._spoc_forget()
        return result

    @api.model
    def _spoc_kept_columns(self):
        """Names of the columns :meth:`_spoc_recall` keeps. A hook.

        Only what is typed in: a computed column changes without a word to this model,
        and so does one whose record the database takes out (``ondelete`` other than
        ``restrict``), unless that record is kept itself or a user.
        """
        return ()

    def _spoc_recall(self):
        """Spare the reading of these records: take the kept columns from memory.

        They are put where the ORM looks first; what was read, or waits to be written,
        stays. As with ``sudo()``, what may be read is judged by the caller.

        :return: the same records
        """
        fields = [self._fields[name] for name in self._spoc_kept_columns()]
        rows = [self._get_columns(id_) for id_ in self._ids]
        for field, values in zip(fields, zip(*rows, strict=True), strict=False):
            field._insert_cache(self, values)
        return self

    @api.model
    @tools.ormcache("id_", "self.env.lang")
    def _get_columns(self, id_):
        """Values of the kept columns of a record, as the cache of records has them."""
        # sudo: see _spoc_recall
        record = self.sudo().browse(id_)
        names = self._spoc_kept_columns()
        record.fetch(names)
        return tuple(
            record._fields[name].convert_to_cache(record[name], record, validate=False)
            for name in names
        )

    def _spoc_forget(self):
        """Forget what was worked out, before and after the change is committed.

        Another thread may work it out again from what was there before: that is
        forgotten with the second time.
        """
        registry, commit = self.env.registry, self.env.cr.postcommit
        registry.clear_cache()
        if not commit.data.get(FORGETTING):
            commit.data[FORGETTING] = True
            commit.add(registry.clear_cache)

"""What is kept in memory, and when it is forgotten."""

from odoo import api, models

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

"""What an administrator may want to know of the search, and to change."""

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.db import has_trigram
from odoo.tools import SQL

from .. import search_embedding
from .spoc_search_log import KEPT_DAYS, KEPT_DAYS_DEFAULT


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    spoc_search_trigram = fields.Boolean(compute="_compute_spoc_search_trigram")
    spoc_search_embedding = fields.Char(
        "Model of meaning", config_parameter=search_embedding.PARAMETER
    )
    spoc_search_embedding_state = fields.Text(
        "What the model does", compute="_compute_spoc_search_embedding_state"
    )
    spoc_search_log_days = fields.Integer(
        "Days searches are kept",
        config_parameter=KEPT_DAYS,
        default=KEPT_DAYS_DEFAULT,
    )

    @api.depends_context("uid")
    def _compute_spoc_search_trigram(self):
        self.spoc_search_trigram = bool(
            self.env.registry.has_trigram and has_trigram(self.env.cr)
        )

    @api.depends("spoc_search_embedding")
    def _compute_spoc_search_embedding_state(self):
        for settings in self:
            name = settings.spoc_search_embedding
            settings.spoc_search_embedding_state = (
                settings._get_spoc_embedding_state(name) if name else False
            )

    @api.model
    def _get_spoc_embedding_state(self, name):
        """How far the reading of the documents by a model has come, in words."""
        # SQL: nobody may read the model, not even who administers.
        ((read,),) = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM spoc_search_meaning"
                " WHERE part = 0 AND model = %s",
                name,
            )
        )
        searched = self.env["spoc.search.word"]._get_searched()
        # sudo: how many there are of all, to whom may administer them
        total = sum(model.sudo().search_count([]) for model in searched)
        return self.env._(
            "Read so far: %(read)s of %(total)s texts. The others follow by and by.",
            read=read,
            total=total,
        )

    def set_values(self):
        """Refuse a model that does not load, before anything is stored."""
        known = self.env["spoc.search.meaning"]._get_model()[0] or ""
        for settings in self:
            name = (settings.spoc_search_embedding or "").strip()
            settings.spoc_search_embedding = name
            if name and name != known and not search_embedding.load(name):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be loaded; Odoo's log says why. Write for "
                        "example onnx:/srv/model, the kind and the folder.",
                        name=name,
                    )
                )
        return super().set_values()

    def action_spoc_search_trigram(self):
        """Create the extension the search knows misspelt words by, if Odoo may."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may do this."))
        try:
            self._spoc_create_trigram()
        except psycopg2.Error as error:
            raise UserError(
                self.env._(
                    "The database does not let Odoo do it: %(reason)s\n\nWho "
                    "administers PostgreSQL runs this in the database %(database)s, "
                    "and restarts Odoo with an update of the Service Catalogue:\n"
                    "CREATE EXTENSION pg_trgm;",
                    reason=(error.diag.message_primary or str(error)).strip(),
                    database=self.env.cr.dbname,
                )
            ) from error
        registry = self.env.registry
        registry.has_trigram = has_trigram(self.env.cr)
        self.env["spoc.search.word"].init()
        # The other processes look again.
        registry.registry_invalidated = True
        return {"type": "ir.actions.client", "tag": "reload"}

    def _spoc_create_trigram(self):
        with self.env.cr.savepoint():
            # SQL: extensions are not ORM objects.
            self.env.cr.execute(
                "CREATE EXTENSION IF NOT EXISTS pg_trgm", log_exceptions=False
            )

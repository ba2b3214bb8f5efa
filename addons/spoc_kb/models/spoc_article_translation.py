"""One article per language, and which of them have fallen behind."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .spoc_article import AUTHOR_GROUPS
from .spoc_article_life import ACTIVITY_REVIEW


class SpocArticle(models.Model):
    """Translations follow their original's desk, readers and changes of substance."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    translation_group_id = fields.Many2one(
        "spoc.article",
        "Translation of",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=AUTHOR_GROUPS,
        domain="[('translation_group_id', '=', False), ('id', '!=', id),"
        " ('revision_of_id', '=', False)]",
    )
    translation_ids = fields.One2many(
        "spoc.article", "translation_group_id", "Translations", groups=AUTHOR_GROUPS
    )
    substance_on = fields.Datetime(
        "Last change of substance",
        readonly=True,
        copy=False,
        help="When it was last published with more than a small change.",
    )
    translation_outdated = fields.Boolean(
        compute="_compute_translation_outdated",
        store=True,
        groups=AUTHOR_GROUPS,
        help="The original changed in substance after this translation.",
    )
    is_translation = fields.Boolean(
        compute="_compute_is_translation",
        compute_sudo=True,
        export_string_translation=False,
    )

    # Whether publishing asks what changed: translations may have to follow, readers
    # may see other words.
    asks_note = fields.Boolean(
        compute="_compute_is_translation",
        compute_sudo=True,
        export_string_translation=False,
    )

    _lang_uniq = models.UniqueIndex(
        "(translation_group_id, lang) WHERE translation_group_id IS NOT NULL",
        "The article has a translation into this language already.",
    )
    _outdated_idx = models.Index("(desk_id) WHERE translation_outdated")

    @api.constrains("translation_group_id", "lang", "desk_id", "audience_ids")
    def _check_translation(self):
        for article in self:
            original = article.translation_group_id
            if not original:
                if article.lang in article.translation_ids.mapped("lang"):
                    raise ValidationError(
                        self.env._(
                            "“%s” has a translation into this language.", article.name
                        )
                    )
                continue
            if original == article or original.translation_group_id:
                raise ValidationError(
                    self.env._("Tie “%s” to the original itself.", article.name)
                )
            if original.lang == article.lang:
                raise ValidationError(
                    self.env._("“%s” is in the language of its original.", article.name)
                )
            # A translation readable by more people would tell them the title.
            if (
                article.desk_id != original.desk_id
                or article.audience_ids != original.audience_ids
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” must have the desk and the audience of its original.",
                        article.name,
                    )
                )

    @api.depends("substance_on", "translation_group_id.substance_on")
    def _compute_translation_outdated(self):
        for article in self:
            original = article.translation_group_id
            article.translation_outdated = bool(
                original.substance_on
                and article.substance_on
                and original.substance_on > article.substance_on
            )

    @api.depends("translation_group_id", "translation_ids", "revision_of_id")
    def _compute_is_translation(self):
        for article in self:
            article.is_translation = bool(article.translation_group_id)
            article.asks_note = bool(
                article.translation_group_id
                or article.translation_ids
                or article.revision_of_id
            )

    def action_add_translation(self):
        """Open a new draft in an installed language the article lacks."""
        self.ensure_one()
        original = self.translation_group_id or self
        # The unique index looks at the database.
        original.translation_ids.flush_recordset(["lang"])
        taken = {original.lang, *original.translation_ids.mapped("lang")}
        missing = [code for code, _name in self._get_languages() if code not in taken]
        if not missing:
            raise UserError(
                self.env._("“%s” is written in every installed language.", self.name)
            )
        vals = original.copy_data({"name": original.name})[0]
        translation = self.create(
            {**vals, "lang": missing[0], "translation_group_id": original.id}
        )
        return translation._get_records_action()

    def _spoc_tell_translators(self):
        """Ask the keepers of translations that have fallen behind, once each."""
        behind = self.translation_ids.filtered(
            lambda article: (
                article.translation_outdated and article.state == "published"
            )
        )
        kind = self.env.ref(ACTIVITY_REVIEW)
        for article in behind:
            keeper = article._spoc_keeper()
            if not keeper or kind in article.activity_ids.activity_type_id:
                continue
            speaking = article.with_context(lang=keeper.lang)
            speaking._spoc_ask(
                ACTIVITY_REVIEW,
                keeper,
                speaking.env._("The original changed: bring the translation up to it"),
            )

"""Words that mean the same: what people say, and what is written."""

import re
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.sql import column_exists

MOST_WORDS = 20
# Everyday words of three languages, a line each, to begin with
HOUSE_WORDS = Path(__file__).parents[1] / "data" / "synonyms"
HOUSE_LANGUAGES = ("en_US", "ru_RU", "sv_SE")
_SEPARATOR = re.compile(r"\s*[,;\n]\s*")
_LEXEMES = """
    ALTER TABLE spoc_search_synonym ADD COLUMN lexemes text[] GENERATED ALWAYS AS (
        tsvector_to_array(spoc_search_vector(words::text, lang::text, false))) STORED;
    CREATE INDEX spoc_search_synonym_lexemes_idx ON spoc_search_synonym
        USING gin (lexemes) WITH (fastupdate = off);
"""


class SpocSearchSynonym(models.Model):
    """Words of one language that mean the same to who searches.

    Whoever asks for one of them finds the others too, a little further down. Any
    form of a word will do: they are compared by their stems.
    """

    _name = "spoc.search.synonym"
    _description = "Words that mean the same"
    _rec_name = "words"
    _order = "lang, words, id"

    words = fields.Char(
        required=True,
        help="Single words, with commas between them: photo, picture, image. Whoever"
        " searches for one of them finds the others too.",
    )
    lang = fields.Selection(
        selection="_get_languages",
        string="Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
        help="The words are used where this language is installed.",
    )
    active = fields.Boolean(default=True)

    def init(self):
        """The stems, computed by the database with every write."""
        if not column_exists(self.env.cr, self._table, "lexemes"):
            self.env["spoc.search.mixin"].init()
            # SQL: the ORM has no generated columns.
            self.env.cr.execute(SQL(_LEXEMES))
        return super().init()

    @api.model
    def _load_house_words(self):
        """Everyday words to begin with; from then on they are the editors' own."""
        if self.with_context(active_test=False).search_count([], limit=1):
            return
        values = []
        for lang in HOUSE_LANGUAGES:
            lines = (HOUSE_WORDS / f"{lang[:2]}.txt").read_text("utf-8").splitlines()
            values += [{"lang": lang, "words": line} for line in lines]
        self.create(values)

    @api.model
    def _get_languages(self):
        langs = (
            self.env["res.lang"]
            .with_context(active_test=False)
            .search([("code", "!=", False)])
        )
        return [(lang.code, lang.name) for lang in langs]

    @api.model_create_multi
    def create(self, vals_list):
        self._forget()
        return super().create([self._tidied(vals) for vals in vals_list])

    def write(self, vals):
        self._forget()
        return super().write(self._tidied(vals))

    @api.model
    def _forget(self):
        self.env["spoc.search.mixin"]._spoc_search_forget()

    @api.model
    def _tidied(self, vals):
        """The same values, the words parted by commas and each there once."""
        if not isinstance(vals.get("words"), str):
            return vals
        words = filter(None, _SEPARATOR.split(vals["words"].strip()))
        return {**vals, "words": ", ".join(dict.fromkeys(words))}

    @api.constrains("words")
    def _check_words(self):
        for synonym in self:
            words = synonym.words.split(", ")
            if not 2 <= len(words) <= MOST_WORDS:
                raise ValidationError(
                    self.env._(
                        "Write two to %(most)s words with commas between them.",
                        most=MOST_WORDS,
                    )
                )
            several = next((word for word in words if " " in word), None)
            if several:
                raise ValidationError(
                    self.env._(
                        "“%(words)s” is more than one word. Put a comma between words.",
                        words=several,
                    )
                )

"""Full-text search for any model of the suite."""

import hashlib
import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_index

from .. import search_query

_logger = logging.getLogger(__name__)

# PostgreSQL's own stemmers by the first part of the language code. The Russian
# configuration stems Latin words as English, so codes and terms work in both.
CONFIGURATIONS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
# A text whose language nobody noted is read in each of these.
UNKNOWN_LANGUAGE = ("ru_RU", "sv_SE")
# What trigrams have to agree on for a heading to be looked at for typos, and how
# many such headings are looked at.
LIKENESS = 0.3
CANDIDATES = 50

# Raw SQL: functions of a generated column have to live in the database. All are
# immutable, and fix the search path so that a dump can be restored.
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION spoc_search_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT regexp_replace(replace(replace(translate(lower(normalize(regexp_replace(
        normalize(
            left(regexp_replace(value, '<[^>]*>|&[#a-zA-Z0-9]+;', ' ', 'g'), 100000),
            NFKD
        ), '([A-Za-z])[\\u0300-\\u036f]+', '\\1', 'g'), NFKC)),
        'ёøłđ', 'еold'), 'æ', 'ae'), 'ß', 'ss'),
        '[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00bf\\u2000-\\u206f]+',
        ' ', 'g')
$$;

CREATE OR REPLACE FUNCTION spoc_search_config(lang text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT (CASE split_part(lang, '_', 1) {cases} ELSE 'simple' END)::regconfig
$$;

CREATE OR REPLACE FUNCTION spoc_search_vector(value text, langs text)
RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    folded text := spoc_search_fold(coalesce(value, ''));
    vector tsvector := to_tsvector('simple', folded);
    code text;
BEGIN
    FOREACH code IN ARRAY string_to_array(coalesce(langs, ''), ',') LOOP
        vector := vector || to_tsvector(spoc_search_config(code), folded);
    END LOOP;
    RETURN vector;
END
$$;

CREATE OR REPLACE FUNCTION spoc_search_vector(value jsonb) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    vector tsvector := ''::tsvector;
    term record;
BEGIN
    FOR term IN SELECT * FROM jsonb_each_text(coalesce(value, '{{}}'::jsonb)) LOOP
        vector := vector || spoc_search_vector(term.value, term.key);
    END LOOP;
    RETURN vector;
END
$$;

CREATE OR REPLACE FUNCTION spoc_search_heading(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT left(spoc_search_fold(coalesce(value, '')), 2000)
$$;

CREATE OR REPLACE FUNCTION spoc_search_heading(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT coalesce(string_agg(spoc_search_heading(term.value), ' '), '')
    FROM jsonb_each_text(coalesce(value, '{{}}'::jsonb)) AS term
$$;
"""


class SpocSearchMixin(models.AbstractModel):
    """Gives a model ``_spoc_search``: words, word forms, beginnings and typos.

    The model says what is searched, and how much a place weighs::

        class SpocArticle(models.Model):
            _name = "spoc.article"
            _inherit = ["spoc.search.mixin"]
            _spoc_search_weights = {"A": ("name", "keywords"), "C": ("body",)}
            _spoc_search_lang_field = "lang"

    Only stored text fields of the model's own table may be named. A translated
    field is indexed in each language with that language's stemmer; a plain one
    in the language the record names in ``_spoc_search_lang_field``, or in all
    languages of :data:`UNKNOWN_LANGUAGE`.

    Two generated columns, ``spoc_fts`` and ``spoc_heading``, follow every write
    by themselves. They are rebuilt when the declaration changes (at upgrade).
    """

    _name = "spoc.search.mixin"
    _description = "Full-text search"

    _spoc_search_weights = {}
    _spoc_search_lang_field = None

    # ------------------------------------------------------------------
    # Database
    # ------------------------------------------------------------------

    def init(self):
        """Create or renew functions, generated columns and their indexes."""
        super().init()
        cases = " ".join(
            f"WHEN '{code}' THEN '{name}'" for code, name in CONFIGURATIONS.items()
        )
        functions = _FUNCTIONS.format(cases=cases)
        # SQL: see _FUNCTIONS.
        self.env.cr.execute(SQL(functions.replace("%", "%%")))
        if self._abstract or not self._spoc_search_weights:
            return
        fts, heading = self._spoc_search_expressions()
        self._spoc_search_column("spoc_fts", "tsvector", fts, functions)
        self._spoc_search_column("spoc_heading", "text", heading, functions)
        create_index(
            self.env.cr, f"{self._table}_spoc_fts_idx", self._table, ["spoc_fts"], "gin"
        )
        if self.env.registry.has_trigram:
            create_index(
                self.env.cr,
                f"{self._table}_spoc_heading_idx",
                self._table,
                ["spoc_heading gin_trgm_ops"],
                "gin",
            )
        else:
            _logger.info(
                "%s: no extension pg_trgm, misspelt words will not be found.",
                self._name,
            )

    def _spoc_search_expressions(self):
        """Expressions of the two generated columns, as SQL text."""
        vectors, headings = [], []
        for weight, names in sorted(self._spoc_search_weights.items()):
            for name in names:
                field = self._fields[name]
                if field.translate:
                    vector = f'spoc_search_vector("{name}")'
                    heading = f'spoc_search_heading("{name}")'
                else:
                    lang = self._spoc_search_lang_field
                    langs = (
                        f'"{lang}"::text' if lang else f"'{','.join(UNKNOWN_LANGUAGE)}'"
                    )
                    vector = f'spoc_search_vector("{name}"::text, {langs})'
                    heading = f'spoc_search_heading("{name}"::text)'
                vectors.append(f"setweight({vector}, '{weight}')")
                if weight == "A":
                    headings.append(heading)
        return " || ".join(vectors), " || ' ' || ".join(headings) or "''"

    def _spoc_search_column(self, column, sql_type, expression, functions):
        """(Re)create a generated column unless it is there in this very form."""
        cr = self.env.cr
        form = hashlib.sha256(f"{expression}{functions}".encode()).hexdigest()[:32]
        if column_exists(cr, self._table, column):
            # SQL: column comments are not within the ORM's reach.
            cr.execute(
                """SELECT col_description(attrelid, attnum) FROM pg_attribute
                   WHERE attrelid = %s::regclass AND attname = %s""",
                [self._table, column],
            )
            if cr.fetchone()[0] == form:
                return
        table, name = SQL.identifier(self._table), SQL.identifier(column)
        # SQL: the ORM has no generated columns. Type and expression come from
        # the code of the model, never from data.
        cr.execute(SQL("ALTER TABLE %s DROP COLUMN IF EXISTS %s", table, name))
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN %s %s GENERATED ALWAYS AS (%s) STORED",
                table,
                name,
                SQL(sql_type),
                SQL(expression.replace("%", "%%")),
            )
        )
        cr.execute(SQL("COMMENT ON COLUMN %s.%s IS %s", table, name, form))

    # ------------------------------------------------------------------
    # Searching
    # ------------------------------------------------------------------

    @api.model
    def _spoc_search(self, text, domain=None, limit=10):
        """Records that answer ``text``, best first.

        Only what the user may read is looked at, ranked and counted. Any text
        is safe. The last word may be unfinished unless something follows it.

        :param str text: what the person typed, in any mix of languages
        :param domain: narrows the search
        :param int limit: at most so many records
        :rtype: recordset
        """
        plan = search_query.analyse(text)
        if not plan:
            return self.browse()
        domain = Domain(domain or Domain.TRUE)
        found, complete = self._spoc_search_words(plan, domain, limit)
        if complete or len(found) >= limit:
            return found
        return found + self._spoc_search_likeness(
            plan, domain & Domain("id", "not in", found.ids), limit - len(found)
        )

    @api.model
    def _spoc_search_words(self, plan, domain, limit):
        """Full text: any of the words, those with most of them first.

        :return: the records, and whether the first has every word
        """
        queries = [self._spoc_search_tsquery(plan, word) for word in plan.words]
        # SQL: ranking by full text has no words in the ORM.
        anything = SQL(" || ").join(queries)
        fts = SQL.identifier(self._table, "spoc_fts")
        matching = SQL(" + ").join(
            SQL("(%s @@ (%s))::int", fts, query) for query in queries
        )
        rank = SQL(
            "%s + %s + ts_rank('{0.05, 0.1, 0.4, 1.0}', %s, %s, 1)",
            matching,
            self._spoc_search_bonus(),
            fts,
            anything,
        )
        match = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s @@ (%s)",
                SQL.identifier(alias, "spoc_fts"),
                anything,
                to_flush=model._spoc_search_fields(),
            )
        )
        query = self._spoc_search_query(domain & match, rank, limit)
        rows = self.env.execute_query(
            query.select(SQL.identifier(self._table, "id"), matching)
        )
        complete = bool(rows) and rows[0][1] == len(plan.words)
        return self.browse(id_ for id_, _matching in rows), complete

    @api.model
    def _spoc_search_likeness(self, plan, domain, limit):
        """Misspelt words: trigrams propose headings, edit distance decides."""
        if not plan.fuzzy or not self.env.registry.has_trigram:
            return self.browse()
        heading = SQL.identifier(self._table, "spoc_heading")
        rank = SQL(" + ").join(
            # SQL: neither have trigrams.
            SQL("word_similarity(%s, %s)", word, heading)
            for word in plan.fuzzy
        )
        # SQL: makes the operator, and so its index, use our threshold; falls
        # back with the transaction.
        self.env.cr.execute(
            SQL(
                "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)",
                str(LIKENESS),
            )
        )
        alike = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s)",
                SQL(" OR ").join(
                    SQL("%s <%% %s", word, SQL.identifier(alias, "spoc_heading"))
                    for word in plan.fuzzy
                ),
                to_flush=model._spoc_search_fields(),
            )
        )
        query = self._spoc_search_query(domain & alike, rank, CANDIDATES)
        rows = self.env.execute_query(
            query.select(SQL.identifier(self._table, "id"), heading)
        )
        scored = [(search_query.likeness(plan, text), id_) for id_, text in rows]
        scored = sorted(((score, id_) for score, id_ in scored if score), reverse=True)
        return self.browse(id_ for _score, id_ in scored[:limit])

    @api.model
    def _spoc_search_query(self, domain, rank, limit):
        """Query with the record rules applied, ordered by an SQL expression."""
        query = self._search(domain)
        query.order = SQL("%s DESC, %s", rank, SQL.identifier(self._table, "id"))
        query.limit = limit
        return query

    @api.model
    def _spoc_search_tsquery(self, plan, word):
        """One word in all its readings: as it stands and in each language."""
        # A word holds letters and digits only, so quoting it is all it takes.
        term = f"'{word}'" + (":*" if word == plan.prefix else "")
        # SQL: the reading of a word by PostgreSQL's dictionaries.
        readings = [SQL("to_tsquery('simple', %s)", term)]
        for name in self._spoc_search_configurations():
            readings.append(SQL("to_tsquery(%s::regconfig, %s)", name, term))
        return SQL("(%s)", SQL(" || ").join(readings))

    @api.model
    def _spoc_search_configurations(self):
        """Stemmers of the installed languages."""
        installed = self.env["res.lang"].get_installed()
        codes = {code.split("_")[0] for code, _name in installed}
        return sorted(CONFIGURATIONS[code] for code in codes & set(CONFIGURATIONS))

    @api.model
    def _spoc_search_bonus(self):
        """SQL number added to the rank: what is in the reader's language leads."""
        if not self._spoc_search_lang_field:
            return SQL("0")
        lang = SQL.identifier(self._table, self._spoc_search_lang_field)
        own = self.env.lang or "en_US"
        return SQL("CASE WHEN %s = %s THEN 0.5 ELSE 0 END", lang, own)

    @api.model
    def _spoc_search_fields(self):
        """Fields whose pending changes have to be in the database first."""
        names = {name for names in self._spoc_search_weights.values() for name in names}
        if self._spoc_search_lang_field:
            names.add(self._spoc_search_lang_field)
        return [self._fields[name] for name in sorted(names)]

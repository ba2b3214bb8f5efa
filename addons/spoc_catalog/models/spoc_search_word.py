"""The vocabulary of the search: which words there are, and how common."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import create_index

from ..search_concepts import MAX_PREFIXES, Entry, Vocabulary
from ..search_query import splits
from ..search_sql import COMPOUNDING, CONFIGURATIONS

_logger = logging.getLogger(__name__)

# How alike words have to be for the edit distance to be asked, and how many are.
LIKENESS = 0.2
ALIKE = 60
# The same without trigrams, where all that begin alike have to be asked.
ALIKE_SLOWLY = 2000
PARTS = 20
# Words that mean the same as one.
SYNONYMS = 12
# Lexemes of an average document, as long as nobody has counted.
SIZE = 100
# The highest character there is: everything that begins with a text comes before it.
LAST = "\U0010ffff"


class SpocSearchWord(models.Model):
    """A word that occurs in documents of a table, in one language.

    Filled by the trigger ``spoc_search_learn`` of the searched tables, which adds
    rows and changes none; so writers never wait for each other. Frequencies are
    those of the last refresh (:meth:`_cron_refresh`).

    It knows the words of all documents, readable or not, and nobody but the search
    reads it: words expand a query that then runs under the record rules of the user,
    and never come back to anyone (a document has to be readable to be found by one).
    """

    _name = "spoc.search.word"
    _description = "Word of the search"
    _log_access = False
    _rec_name = "word"

    # The table of the documents
    source = fields.Char(required=True, export_string_translation=False)
    lang = fields.Char(required=True, export_string_translation=False)
    # Without diacritics and capitals
    word = fields.Char(required=True, export_string_translation=False)
    stem = fields.Char(required=True, export_string_translation=False)
    # Documents with the stem, and those with it in their heading
    documents = fields.Integer(export_string_translation=False)
    headings = fields.Integer(export_string_translation=False)

    def init(self):
        """Indexes: by beginning, by end, by stem, by likeness."""
        cr, table = self.env.cr, self._table
        for name, columns in (
            ("word", ["source", "word text_pattern_ops"]),
            ("end", ["source", "reverse(word) text_pattern_ops"]),
            ("stem", ["source", "stem"]),
        ):
            create_index(cr, f"{table}_{name}_idx", table, columns)
        if self.env.registry.has_trigram:
            index = f"{table}_trigram_idx"
            create_index(cr, index, table, ["word gin_trgm_ops"], "gin")
            # SQL: how an index is kept. New words are few and looked for at once: in a
            # list apart every search would read the whole list.
            index = SQL.identifier(index)
            cr.execute(SQL("ALTER INDEX %s SET (fastupdate = off)", index))
        else:
            _logger.info(
                "No extension pg_trgm: the search recognises misspelt words only "
                "when their first two letters are right."
            )
        return super().init()

    # ------------------------------------------------------------------
    # Questions
    # ------------------------------------------------------------------

    @api.model
    def _spoc_ask(self, sources, plan):
        """What the vocabulary knows of the words of a plan.

        One query for all tables, and another one for words that are not known.

        :param list sources: tables of the documents
        :param Plan plan: what was typed
        :return: {source: Vocabulary}
        """
        self._flush_synonyms()
        asked = self._prepare_asked(sources)
        vocabularies = {source: Vocabulary() for source in sources}
        # SQL: the vocabulary's indexes (beginnings, ends) have no words in the ORM;
        # and nobody may read the model.
        rows = self.env.execute_query(self._get_first_query(plan, asked))
        self._note(vocabularies, rows)
        doubtful, more = {}, {}
        for found in vocabularies.values():
            words = plan.doubtful(found.known, found.completions, found.total)
            found.alike = {word: [] for word in words}
            doubtful.update(dict.fromkeys(words))
            readings = plan.readings(found.known, found.completions)
            more.update(dict.fromkeys(readings))
        for word in doubtful:
            more.update(dict.fromkeys(part for pair in splits(word) for part in pair))
        if doubtful or more:
            query = self._get_second_query(list(doubtful), sorted(more), asked)
            self._note(vocabularies, self.env.execute_query(query))
        return vocabularies

    @api.model
    def _prepare_asked(self, sources):
        """What the parts of the questions have in common."""
        installed = self.env["res.lang"].get_installed()
        langs = sorted({code.split("_")[0] for code, _name in installed})
        return {
            "table": SQL.identifier(self._table),
            "sources": list(sources),
            "langs": langs,
            "configurations": [
                CONFIGURATIONS[lang] for lang in langs if lang in CONFIGURATIONS
            ],
            "compounding": list(COMPOUNDING),
            "last": LAST,
        }

    @api.model
    def _note(self, vocabularies, rows):
        """Sort the rows of a question: (source, kind, asked, word, stem, documents,
        headings)."""
        for source, kind, asked, word, stem, documents, headings in rows:
            if kind == "common":
                for found in vocabularies.values():
                    found.common.add(asked)
                continue
            found = vocabularies[source]
            if kind == "total":
                found.total, found.size = documents, headings or SIZE
            elif kind == "form":
                found.known.setdefault(asked, {})[stem] = (documents, headings)
            elif kind == "prefix":
                found.completions.append(Entry(word, stem, documents, headings))
            else:
                entry = Entry(word, stem, documents, headings)
                of_kind = getattr(found, kind)
                if kind != "alike" or asked in of_kind:
                    of_kind.setdefault(asked, []).append(entry)

    @api.model
    def _get_first_query(self, plan, asked):
        """SQL: what has to be known of any question."""
        parts = [
            # The empty word stands for all documents: how many, how long.
            SQL(
                "SELECT source, 'total', '', '', '', max(documents), max(headings)"
                " FROM %(table)s WHERE source = ANY(%(sources)s) AND word = ''"
                " GROUP BY source",
                **asked,
            ),
            SQL(
                "SELECT NULL, 'common', form, NULL, NULL, 0, 0 FROM readings"
                " WHERE length(vector) = 0"
            ),
            self._get_synonyms_query(plan, asked),
        ]
        if plan.prefix:
            parts.append(self._get_beginnings_query(plan.prefix, asked))
        if plan.parts():
            parts.append(self._get_parts_query(plan.parts(), asked))
        return self._get_forms_query(plan.forms(), parts, asked)

    @api.model
    def _get_forms_query(self, forms, parts, asked):
        """SQL: lexemes of spellings (as they stand, stems) and how common they are.

        :param list parts: what is asked besides, of ``readings`` or ``lexemes``
        """
        return SQL(
            """
            WITH readings AS MATERIALIZED (
                SELECT form, to_tsvector(config, form) AS vector
                FROM unnest(%(forms)s::text[]) AS form,
                     unnest(%(configurations)s::regconfig[]) AS config
            ), lexemes AS MATERIALIZED (
                SELECT form, form AS lexeme FROM unnest(%(forms)s::text[]) AS form
                UNION
                SELECT form, term.lexeme FROM readings, unnest(vector) AS term
            )
            SELECT source, 'form', lexemes.form, NULL, lexemes.lexeme,
                   coalesce(seen.documents, 0), coalesce(seen.headings, 0)
            FROM lexemes CROSS JOIN unnest(%(sources)s::text[]) AS source
            CROSS JOIN LATERAL (
                SELECT max(documents) AS documents, max(headings) AS headings
                FROM %(table)s AS word
                WHERE word.source = source.source AND word.stem = lexemes.lexeme
            ) AS seen
            %(parts)s
            """,
            **asked,
            forms=list(forms),
            parts=SQL(" ").join(SQL("UNION ALL %s", part) for part in parts),
        )

    @api.model
    def _get_beginnings_query(self, prefix, asked):
        """SQL: words that begin so, those of headings first."""
        return SQL(
            """
            SELECT source.source, 'prefix', '', begun.*
            FROM unnest(%(sources)s::text[]) AS source
            CROSS JOIN LATERAL (
                SELECT word, stem, documents, headings FROM %(table)s AS word
                WHERE word.source = source.source
                  AND word ~>=~ %(prefix)s AND word ~<~ %(end)s
                ORDER BY headings DESC, documents DESC, word LIMIT %(limit)s
            ) AS begun
            """,
            **asked,
            prefix=prefix,
            end=prefix + LAST,
            limit=MAX_PREFIXES,
        )

    @api.model
    def _get_parts_query(self, words, asked):
        """SQL: compounds that begin or end with a word."""
        return SQL(
            """
            SELECT source.source, 'compounds', asked.word, compound.word,
                   compound.stem, compound.documents, compound.headings
            FROM unnest(%(words)s::text[]) AS asked (word)
            CROSS JOIN unnest(%(sources)s::text[]) AS source
            CROSS JOIN LATERAL (
                SELECT found.* FROM (
                    (SELECT word, stem, lang, documents, headings FROM %(table)s AS w
                     WHERE w.source = source.source AND word ~>=~ asked.word
                       AND word ~<~ (asked.word || %(last)s))
                    UNION ALL
                    (SELECT word, stem, lang, documents, headings FROM %(table)s AS w
                     WHERE w.source = source.source
                       AND reverse(word) ~>=~ reverse(asked.word)
                       AND reverse(word) ~<~ (reverse(asked.word) || %(last)s))
                ) AS found
                WHERE found.lang = ANY(%(compounding)s)
                  AND length(found.word) > length(asked.word) + 2
                ORDER BY found.headings DESC, found.documents DESC, found.word
                LIMIT %(limit)s
            ) AS compound
            """,
            **asked,
            words=list(words),
            limit=PARTS,
        )

    @api.model
    def _get_synonyms_query(self, plan, asked):
        """SQL: words that mean the same and are there."""
        return SQL(
            """
            SELECT source.source, 'synonyms', alias.form, alias.lexeme, alias.lexeme,
                   seen.documents, seen.headings
            FROM (
                SELECT DISTINCT mine.form, theirs.lexeme
                FROM lexemes AS mine
                JOIN spoc_search_synonym AS same
                  ON same.lexemes @> ARRAY[mine.lexeme] AND same.active
                 AND split_part(same.lang, '_', 1) = ANY(%(langs)s)
                CROSS JOIN unnest(same.lexemes) AS theirs (lexeme)
                WHERE mine.form = ANY(%(words)s) AND theirs.lexeme <> mine.lexeme
                LIMIT %(limit)s
            ) AS alias
            CROSS JOIN unnest(%(sources)s::text[]) AS source
            CROSS JOIN LATERAL (
                SELECT max(documents) AS documents, max(headings) AS headings
                FROM %(table)s AS word
                WHERE word.source = source.source AND word.stem = alias.lexeme
            ) AS seen
            WHERE seen.documents > 0
            """,
            **asked,
            words=list(plan.words),
            limit=SYNONYMS * len(plan.words),
        )

    @api.model
    def _get_second_query(self, words, forms, asked):
        """SQL: what looks like words nobody wrote, and what they may be made of."""
        if self.env.registry.has_trigram:
            # SQL: the threshold makes the operator, and so its index, as tolerant as we
            # want; it falls back with the transaction.
            start = SQL(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true); ",
                str(LIKENESS),
            )
            match = SQL("word.word %% asked.word")
            order, limit = SQL("similarity(word.word, asked.word) DESC"), ALIKE
        else:
            start, limit = SQL(), ALIKE_SLOWLY
            match = SQL(
                "word.word ~>=~ left(asked.word, 2)"
                " AND word.word ~<~ (left(asked.word, 2) || %s)",
                LAST,
            )
            order = SQL("word.headings DESC")
        alike = SQL(
            """
            SELECT source.source, 'alike', asked.word, near.*
            FROM unnest(%(words)s::text[]) AS asked (word)
            CROSS JOIN unnest(%(sources)s::text[]) AS source
            CROSS JOIN LATERAL (
                SELECT word.word, word.stem, word.documents, word.headings
                FROM %(table)s AS word
                WHERE word.source = source.source AND %(match)s
                  AND abs(length(word.word) - length(asked.word)) <= 2
                ORDER BY %(order)s, word.word LIMIT %(limit)s
            ) AS near
            """,
            **asked,
            words=words,
            match=match,
            order=order,
            limit=limit,
        )
        # SQL: see _spoc_ask.
        return SQL("%s%s", start, self._get_forms_query(forms, [alike], asked))

    @api.model
    def _flush_synonyms(self):
        synonyms = self.env["spoc.search.synonym"]
        synonyms.flush_model(["words", "lang", "active"])

"""The vocabulary of the search: which words there are, and how common."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import create_index

from ..search_query import MAX_PREFIXES, Entry
from ..search_sql import COMPOUNDING, NEW_WORDS

_logger = logging.getLogger(__name__)

# How alike words have to be for the edit distance to be asked, and how many are.
LIKENESS = 0.2
ALIKE = 60
# The same without trigrams, where all that begin alike have to be asked.
ALIKE_SLOWLY = 2000
PARTS = 20
# Lexemes of an average document, as long as nobody has counted.
SIZE = 100
# The highest character there is: everything that begins with a text comes before it.
LAST = "\U0010ffff"
REFRESH_LOCK = 0x5B0C


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

    # Documents counted for the frequencies; of more, a sample.
    _sample_size = 20_000

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
            create_index(
                cr, f"{table}_trigram_idx", table, ["word gin_trgm_ops"], "gin"
            )
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
    def _spoc_ask(self, source, plan, configurations):
        """What the vocabulary knows of the words of a plan, in one query.

        :param str source: table of the documents
        :param Plan plan: what was typed
        :param list configurations: text search configurations to read it in
        :return: (known, completions, compounds, total, size): form -> {lexeme:
            (documents, headings)}, list of Entry, word -> list of Entry, number of
            documents, lexemes of an average one
        """
        # SQL: the vocabulary's indexes (beginnings, ends) have no words in the ORM;
        # and nobody may read the model.
        parts = [
            SQL(
                # The empty word stands for all documents: how many, how long.
                "SELECT 'total', '', '', max(documents), max(headings) FROM %s"
                " WHERE source = %s AND word = ''",
                SQL.identifier(self._table),
                source,
            ),
            self._get_forms_query(source, plan.forms(), configurations),
        ]
        if plan.prefix:
            parts.append(
                SQL(
                    "(SELECT 'prefix', word, stem, documents, headings FROM %s"
                    " WHERE source = %s AND word ~>=~ %s AND word ~<~ %s"
                    " ORDER BY headings DESC, documents DESC, word LIMIT %s)",
                    SQL.identifier(self._table),
                    source,
                    plan.prefix,
                    plan.prefix + LAST,
                    MAX_PREFIXES,
                )
            )
        if plan.parts():
            parts.append(self._get_parts_query(source, plan.parts()))
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        known, completions, compounds, total, size = {}, [], {}, 0, 0
        for kind, word, stem, documents, headings in rows:
            if kind == "total":
                total, size = documents or 0, headings or 0
            elif kind == "form":
                known.setdefault(word, {})[stem] = (documents or 0, headings or 0)
            elif kind == "prefix":
                completions.append(Entry(word, stem, documents, headings))
            else:
                entry = Entry(word, stem, documents, headings)
                compounds.setdefault(kind.removeprefix("part "), []).append(entry)
        return known, completions, compounds, total, size or SIZE

    @api.model
    def _get_forms_query(self, source, forms, configurations):
        """SQL: lexemes of spellings (as they stand, stems) and how common they are."""
        return SQL(
            """
            SELECT 'form', asked.form, lexemes.lexeme, seen.documents, seen.headings
            FROM unnest(%s::text[]) AS asked (form)
            CROSS JOIN LATERAL (
                SELECT asked.form AS lexeme
                UNION
                SELECT term.lexeme
                FROM unnest(%s::regconfig[]) AS config,
                     unnest(to_tsvector(config, asked.form)) AS term
            ) AS lexemes
            LEFT JOIN LATERAL (
                SELECT max(documents) AS documents, max(headings) AS headings
                FROM %s AS word
                WHERE word.source = %s AND word.stem = lexemes.lexeme
            ) AS seen ON true
            """,
            list(forms),
            list(configurations),
            SQL.identifier(self._table),
            source,
        )

    @api.model
    def _get_parts_query(self, source, words):
        """SQL: compounds that begin or end with a word."""
        return SQL(
            """
            SELECT 'part ' || asked.word, compound.word, compound.stem,
                   compound.documents, compound.headings
            FROM unnest(%(words)s::text[]) AS asked (word)
            CROSS JOIN LATERAL (
                SELECT found.* FROM (
                    (SELECT word, stem, lang, documents, headings FROM %(table)s
                     WHERE source = %(source)s AND word ~>=~ asked.word
                       AND word ~<~ (asked.word || %(last)s))
                    UNION ALL
                    (SELECT word, stem, lang, documents, headings FROM %(table)s
                     WHERE source = %(source)s
                       AND reverse(word) ~>=~ reverse(asked.word)
                       AND reverse(word) ~<~ (reverse(asked.word) || %(last)s))
                ) AS found
                WHERE found.lang = ANY(%(langs)s)
                  AND length(found.word) > length(asked.word) + 2
                ORDER BY found.headings DESC, found.documents DESC, found.word
                LIMIT %(limit)s
            ) AS compound
            """,
            words=list(words),
            table=SQL.identifier(self._table),
            source=source,
            last=LAST,
            langs=list(COMPOUNDING),
            limit=PARTS,
        )

    @api.model
    def _spoc_ask_alike(self, source, words, parts, configurations):
        """Words that look like others, and the parts of compounds, in one query.

        :return: (alike, known): word -> list of Entry; as in :meth:`_spoc_ask`
        """
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
        # SQL: see _spoc_ask.
        rows = self.env.execute_query(
            SQL(
                """%(start)s
                SELECT 'alike ' || asked.word, near.*
                FROM unnest(%(words)s::text[]) AS asked (word)
                CROSS JOIN LATERAL (
                    SELECT word.word, word.stem, word.documents, word.headings
                    FROM %(table)s AS word
                    WHERE word.source = %(source)s AND %(match)s
                      AND abs(length(word.word) - length(asked.word)) <= 2
                    ORDER BY %(order)s, word.word LIMIT %(limit)s
                ) AS near
                UNION ALL %(forms)s""",
                start=start,
                words=list(words),
                table=SQL.identifier(self._table),
                source=source,
                match=match,
                order=order,
                limit=limit,
                forms=self._get_forms_query(source, parts, configurations),
            )
        )
        alike, known = {}, {}
        for kind, word, stem, documents, headings in rows:
            if kind == "form":
                known.setdefault(word, {})[stem] = (documents or 0, headings or 0)
            else:
                entry = Entry(word, stem, documents, headings)
                alike.setdefault(kind.removeprefix("alike "), []).append(entry)
        return alike, known

    # ------------------------------------------------------------------
    # Keeping it true
    # ------------------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Nightly: count anew, learn what was missed, forget what is gone."""
        searched = [
            model
            for model in self.env.values()
            if hasattr(model, "_spoc_searches_itself") and model._spoc_searches_itself()
        ]
        # SQL: nobody may write the model, and the ORM would load every word.
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE source <> ALL(%s)",
                SQL.identifier(self._table),
                [model._table for model in searched],
            )
        )
        for model in searched:
            self._spoc_refresh(model)

    @api.model
    def _spoc_learn(self, model, where=None):
        """Add the words of documents that are there already.

        :param model: a model with ``spoc.search.mixin``
        :param SQL where: condition on the documents; all by default
        """
        texts = SQL(
            "SELECT texts.* FROM %s AS row CROSS JOIN LATERAL (%s) AS texts WHERE %s",
            SQL.identifier(model._table),
            SQL(model._spoc_search_texts().replace("$1", "row").replace("%", "%%")),
            where or SQL("true"),
        )
        new_words = NEW_WORDS.replace("%1$L", "{source}").replace("%2$s", "{texts}")
        # SQL: the very statement of the trigger, for many documents.
        self.env.cr.execute(
            SQL(
                new_words.replace("{source}", "%(source)s").replace(
                    "{texts}", "%(texts)s"
                ),
                source=model._table,
                texts=texts,
            )
        )

    @api.model
    def _spoc_refresh(self, model):
        """Count the words of a searched model.

        :param model: a model with ``spoc.search.mixin``
        """
        cr, source = self.env.cr, model._table
        model.flush_model()
        # SQL: counting lexemes has no words in the ORM. The lock keeps two refreshes
        # apart; writers only add rows and do not notice.
        cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", REFRESH_LOCK))
        table = SQL.identifier(source)
        cr.execute(SQL("SELECT count(*) FROM %s", table))
        (total,) = cr.fetchone()
        sample, share = SQL(), 1.0
        if total > self._sample_size:
            share = self._sample_size / total
            sample = SQL("TABLESAMPLE SYSTEM (%s) REPEATABLE (1)", share * 100)
        cr.execute(
            SQL(
                """
                DROP TABLE IF EXISTS spoc_search_count;
                CREATE TEMP TABLE spoc_search_count ON COMMIT DROP AS
                WITH sample AS MATERIALIZED (
                    SELECT spoc_fts, spoc_head FROM %s %s
                )
                SELECT lexeme, sum(body)::int AS documents, sum(head)::int AS headings
                FROM (
                    SELECT term.lexeme, 1 AS body, 0 AS head
                    FROM sample, unnest(sample.spoc_fts) AS term
                    UNION ALL
                    SELECT term.lexeme, 0, 1
                    FROM sample, unnest(sample.spoc_head) AS term
                ) AS seen GROUP BY lexeme;
                CREATE INDEX ON spoc_search_count (lexeme);
                ANALYZE spoc_search_count;
                """,
                table,
                sample,
            )
        )
        self._write_counts(model, total, share, sample)

    @api.model
    def _write_counts(self, model, total, share, sample):
        source = model._table
        words = SQL.identifier(self._table)
        # SQL: see _spoc_refresh.
        statements = [
            # Twice learnt by two who wrote at the same time.
            SQL(
                """DELETE FROM %s AS word USING %s AS earlier
                   WHERE word.source = %s AND earlier.source = word.source
                     AND earlier.lang = word.lang AND earlier.word = word.word
                     AND earlier.id < word.id""",
                words,
                words,
                source,
            ),
            SQL(
                """UPDATE %s AS word
                   SET documents = round(count.documents / %s),
                       headings = round(count.headings / %s)
                   FROM spoc_search_count AS count
                   WHERE word.source = %s AND count.lexeme = word.stem
                     AND (word.documents, word.headings) IS DISTINCT FROM
                         (round(count.documents / %s)::int,
                          round(count.headings / %s)::int)""",
                words,
                share,
                share,
                source,
                share,
                share,
            ),
            SQL("DELETE FROM %s WHERE source = %s AND word = ''", words, source),
            SQL(
                """INSERT INTO %s (source, lang, word, stem, documents, headings)
                   SELECT %s, '', '', '', %s,
                          (SELECT avg(length(spoc_fts))::int FROM %s %s)""",
                words,
                source,
                total,
                SQL.identifier(source),
                sample,
            ),
        ]
        if share == 1.0:
            statements.append(
                SQL(
                    """DELETE FROM %s AS word WHERE source = %s AND word <> ''
                       AND NOT EXISTS (SELECT FROM spoc_search_count AS count
                                       WHERE count.lexeme = word.stem)""",
                    words,
                    source,
                )
            )
        for statement in statements:
            self.env.cr.execute(statement)
        # A word somebody wrote while it was being forgotten; all of a small table.
        recent = SQL("row.write_date > now() - interval '2 days'")
        self._spoc_learn(model, recent if share < 1 else None)

"""The vocabulary of the search is learnt, and counted anew every night."""

from odoo import api, models
from odoo.tools import SQL

from ..search_sql import NEW_WORDS

REFRESH_LOCK = 0x5B0C


class SpocSearchWord(models.Model):
    """Counts of all documents, or of a sample where there are very many."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.search.word"

    # Documents counted for the frequencies; of more, a sample.
    _sample_size = 20_000

    @api.model
    def _cron_refresh(self):
        """Nightly: count anew, learn what was missed, forget what is gone."""
        searched = self._get_searched()
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
    def _get_searched(self):
        """All models with ``spoc.search.mixin``, as a list."""
        return [
            model
            for model in self.env.values()
            if hasattr(model, "_spoc_searches_itself") and model._spoc_searches_itself()
        ]

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
        model._spoc_search_forget()
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
        """Give the words what was counted, and what was counted of all of them.

        :param float share: how much of the documents was counted, 0 to 1
        :param SQL sample: which of them, of ``TABLESAMPLE``
        """
        # SQL: see _spoc_refresh.
        self.env.cr.execute(self._get_twins_query(model._table))
        self.env.cr.execute(self._get_counts_query(model._table, share))
        self._write_size(model._table, total, sample)
        if share == 1.0:
            self.env.cr.execute(self._get_gone_query(model._table))
        # A word somebody wrote while it was being forgotten; all of a small table.
        recent = SQL("row.write_date > now() - interval '2 days'")
        self._spoc_learn(model, recent if share < 1 else None)

    @api.model
    def _get_twins_query(self, source):
        """SQL: drop what was learnt twice by two who wrote at the same time."""
        words = SQL.identifier(self._table)
        return SQL(
            """DELETE FROM %s AS word USING %s AS earlier
               WHERE word.source = %s AND earlier.source = word.source
                 AND earlier.lang = word.lang AND earlier.word = word.word
                 AND earlier.id < word.id""",
            words,
            words,
            source,
        )

    @api.model
    def _get_counts_query(self, source, share):
        """SQL: the frequencies of a table's words, of what was counted."""
        return SQL(
            """UPDATE %(words)s AS word
               SET documents = counted.documents, headings = counted.headings
               FROM (
                   SELECT lexeme, round(documents / %(share)s)::int AS documents,
                          round(headings / %(share)s)::int AS headings
                   FROM spoc_search_count
               ) AS counted
               WHERE word.source = %(source)s AND counted.lexeme = word.stem
                 AND (word.documents, word.headings) IS DISTINCT FROM
                     (counted.documents, counted.headings)""",
            words=SQL.identifier(self._table),
            source=source,
            share=share,
        )

    @api.model
    def _write_size(self, source, total, sample):
        """Keep how many documents there are, and how long: the empty word."""
        words = SQL.identifier(self._table)
        # SQL: see _spoc_refresh.
        self.env.cr.execute(
            SQL("DELETE FROM %s WHERE source = %s AND word = ''", words, source)
        )
        # SQL: likewise.
        self.env.cr.execute(
            SQL(
                """INSERT INTO %s (source, lang, word, stem, documents, headings)
                   SELECT %s, '', '', '', %s,
                          (SELECT avg(length(spoc_fts))::int FROM %s %s)""",
                words,
                source,
                total,
                SQL.identifier(source),
                sample,
            )
        )

    @api.model
    def _get_gone_query(self, source):
        """SQL: drop words that are in no document any more."""
        return SQL(
            """DELETE FROM %s AS word WHERE source = %s AND word <> ''
               AND NOT EXISTS (SELECT FROM spoc_search_count AS count
                               WHERE count.lexeme = word.stem)""",
            SQL.identifier(self._table),
            source,
        )

"""What documents mean, as a local model sees it: optional, off by default."""

import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_index, index_exists

from .. import search_embedding

_logger = logging.getLogger(__name__)

BATCH = 16
# Characters of a document that are looked at.
READ = 6000
# Passages compared closely, of all those whose signatures are alike.
CLOSE = 100
# What the heading's likeness counts beside that of the best passage.
HEADING = 0.5
_COLUMNS = """
    ALTER TABLE spoc_search_meaning ADD COLUMN vector real[],
        ADD COLUMN signature bit varying;
    ALTER TABLE spoc_search_meaning ALTER vector SET STORAGE PLAIN
"""
# SQL: neither vectors nor signatures have words in the ORM. Signatures find the
# likeliest of what the reader may read, vectors put these in order.
NEAR = """
    WITH alike AS MATERIALIZED (
        SELECT document FROM spoc_search_meaning
        WHERE source = %(source)s AND model = %(name)s
          AND length(signature) = %(size)s AND document IN (%(readable)s)
        ORDER BY bit_count(signature # %(bits)s::bit varying)
        LIMIT %(close)s
    )
    SELECT meaning.document
    FROM (SELECT DISTINCT document FROM alike) AS alike
    JOIN spoc_search_meaning AS meaning
      ON meaning.source = %(source)s AND meaning.model = %(name)s
     AND meaning.document = alike.document
     AND length(meaning.signature) = %(size)s
    CROSS JOIN LATERAL (
        SELECT sum(own::float8 * asked::float8) AS likeness
        FROM unnest(meaning.vector, %(vector)s::real[])
          AS number (own, asked)
    ) AS compared
    GROUP BY meaning.document
    ORDER BY max(likeness) + %(heading)s * coalesce(
        max(likeness) FILTER (WHERE part = 0), 0) DESC
    LIMIT %(limit)s
"""


class SpocSearchMeaning(models.Model):
    """The meaning of a document of a table, or of a passage: vector and signature.

    Filled in batches by the scheduler when a model is named (``search_embedding``).
    Signatures, a bit a number, are compared with all that a person may read, which
    PostgreSQL does fast and without any extension; then the likeliest vectors.
    Nobody but the search reads it.
    """

    _name = "spoc.search.meaning"
    _description = "Meaning of a document"
    _log_access = False

    source = fields.Char(required=True, export_string_translation=False)
    document = fields.Integer(required=True, export_string_translation=False)
    # 0: the heading, then its passages
    part = fields.Integer(export_string_translation=False)
    # Which model made it, and when
    model = fields.Char(required=True, export_string_translation=False)
    made = fields.Datetime(required=True, export_string_translation=False)

    def init(self):
        """Columns of types the ORM does not have."""
        cr, table = self.env.cr, self._table
        if not column_exists(cr, table, "vector"):
            # SQL: see above.
            cr.execute(SQL(_COLUMNS))
        if index_exists(cr, f"{table}_document_idx"):
            # SQL: one meaning for all of a document; they are read anew, in passages.
            cr.execute(
                SQL(
                    "DROP INDEX %s; TRUNCATE %s",
                    SQL.identifier(f"{table}_document_idx"),
                    SQL.identifier(table),
                )
            )
        create_index(
            cr, f"{table}_part_idx", table, ["source", "document", "part"], unique=True
        )
        return super().init()

    @api.model
    def _get_model(self):
        """(its name, the function) of the model in use, or (False, None)."""
        # sudo: the name of a program's part, read for whoever searches.
        parameters = self.env["ir.config_parameter"].sudo()
        name = parameters.get_param(search_embedding.PARAMETER)
        return name, search_embedding.load(name) if name else None

    # ------------------------------------------------------------------
    # Questions
    # ------------------------------------------------------------------

    @api.model
    def _spoc_near(self, model, text, domain, limit):
        """Ids of documents that mean what a text says, the nearest first.

        :param model: a model with ``spoc.search.mixin``, with the rights of the reader
        :param str text: what the person typed
        :param domain: narrows the search
        :return: list of ids; empty when no model is in use
        """
        name, embed = self._get_model()
        vector = embed([text], asked=True)[0] if embed else []
        if not vector:
            return []
        bits = search_embedding.signature(vector)
        # The rules of the reader are part of the statement
        readable = model._search(Domain(domain or Domain.TRUE))
        # SQL: vectors have no words in the ORM, see NEAR
        rows = self.env.execute_query(
            SQL(
                NEAR,
                source=model._table,
                name=name,
                size=len(bits),
                readable=readable.select(),
                bits=bits,
                close=max(CLOSE, limit),
                heading=HEADING,
                vector=vector,
                limit=limit,
            )
        )
        return [document for (document,) in rows]

    # ------------------------------------------------------------------
    # Keeping it true
    # ------------------------------------------------------------------

    @api.model
    def _cron_learn(self):
        """Read what is new or was changed, a batch at a time; goes on by itself."""
        name, embed = self._get_model()
        if not embed:
            return
        cron = self.env["ir.cron"]
        for model in self.env["spoc.search.word"]._get_searched():
            self._forget(model)
            while texts := self._get_unread(model, name):
                self._spoc_note(model, name, embed, texts)
                if not cron._commit_progress(len(texts)):
                    return

    @api.model
    def _forget(self, model):
        """Drop the meaning of documents that are gone."""
        # SQL: nobody may write the model.
        self.env.cr.execute(
            SQL(
                "DELETE FROM spoc_search_meaning AS meaning WHERE source = %s AND NOT"
                " EXISTS (SELECT FROM %s AS row WHERE row.id = meaning.document)",
                model._table,
                SQL.identifier(model._table),
            )
        )

    @api.model
    def _get_unread(self, model, name):
        """[(id, heading, text)] of documents without a meaning, or with an old one."""
        texts = model._spoc_search_texts().replace("$1", "row").replace("%", "%%")
        # SQL: the texts as the search knows them.
        return self.env.execute_query(
            SQL(
                """
                SELECT row.id,
                       string_agg(texts.value, '. ') FILTER (WHERE texts.heading),
                       left(regexp_replace(
                           string_agg(texts.value, ' ') FILTER (
                               WHERE NOT texts.heading),
                           '<[^>]*>|&[#a-zA-Z0-9]+;|\\s+', ' ', 'g'), %s)
                FROM (
                    SELECT row.* FROM %s AS row
                    LEFT JOIN spoc_search_meaning AS meaning
                      ON meaning.source = %s AND meaning.document = row.id
                     AND meaning.part = 0
                    WHERE meaning.id IS NULL OR meaning.model <> %s
                       OR meaning.made < row.write_date
                    ORDER BY row.id LIMIT %s
                ) AS row
                CROSS JOIN LATERAL (%s) AS texts (value, langs, heading)
                GROUP BY row.id
                """,
                READ,
                SQL.identifier(model._table),
                model._table,
                name,
                BATCH,
                SQL(texts),
            )
        )

    @api.model
    def _spoc_note(self, model, name, embed, texts):
        """Keep the meaning of documents, of their headings and passages.

        :param list texts: (id, heading, text)
        """
        parts = [
            (document, part, words)
            for document, heading, text in texts
            for part, words in enumerate(search_embedding.passages(heading, text))
        ]
        vectors = embed([words for _document, _part, words in parts])
        rows = [
            (
                model._table,
                document,
                part,
                name,
                vector,
                search_embedding.signature(vector),
            )
            for (document, part, _words), vector in zip(parts, vectors, strict=True)
        ]
        # SQL: see _forget. A document that was shortened has fewer passages.
        self.env.cr.execute(
            SQL(
                "DELETE FROM spoc_search_meaning WHERE source = %s"
                " AND document = ANY(%s)",
                model._table,
                [document for document, *_texts in texts],
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO spoc_search_meaning
                    (source, document, part, model, made, vector, signature)
                VALUES %s
                ON CONFLICT (source, document, part) DO NOTHING
                """,
                SQL(", ").join(
                    SQL(
                        "(%s, %s, %s, %s, now() AT TIME ZONE 'UTC', %s::real[],"
                        " %s::bit varying)",
                        *row,
                    )
                    for row in rows
                ),
            )
        )

"""How the full-text search ranks what it has found."""

import re

from odoo import api, models
from odoo.tools import SQL

from .. import search_concepts

# Documents looked at closely in the end: do the words stand together?
CLOSE = 40
# The same when codes were typed, and what it is worth that a text has one as it stands.
CLOSE_CODES = 150
CODE = 1.0
# Codes of one question that are looked for, the most telling.
CODES = 4
# What an occurrence is worth by the weight of its place: D, C, B, A.
PLACES = "{0.8, 0.9, 1.0, 1.0}"
# How much less a word tells in a text longer than others.
LENGTH = 0.3
# What it is worth beside the text: the heading, words standing beside each other.
HEADING = 1.3
BESIDE = 1.2
# A document in the reader's language before one in another.
OWN_LANGUAGE = 1.3


def _number(value):
    """A number as double precision: PostgreSQL reads a literal as a slow numeric."""
    return SQL("%s::float8", value)


class SpocSearchMixin(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.search.mixin"

    @api.model
    def _spoc_search_ranking(self, concepts, size, candidates, limit):
        """SQL that ranks candidates (id, fts, head, own).

        Every concept counts by its rarity: how often it occurs in the text and in
        which place, less in a long text; and whether it is in the heading, by how
        much of the heading and of the question it is.
        """
        total = sum(concept.idf for concept in concepts)
        heads = [
            (concept, SQL.identifier(f"head_{number}"))
            for number, concept in enumerate(concepts)
        ]
        scored = SQL(
            """
            SELECT id, fts, own, length(fts[1]) AS size, length(head[1]) AS head_size,
                   %s AS body, %s
            FROM (%s OFFSET 0) AS candidates
            """,
            SQL(" + ").join(
                SQL("%s * %s", _number(concept.idf), self._spoc_search_body(concept))
                for concept in concepts
            ),
            SQL(", ").join(
                SQL("%s AS %s", self._spoc_search_head(concept), name)
                for concept, name in heads
            ),
            candidates,
        )
        headed = SQL(" + ").join(
            SQL("%s * %s", _number(concept.idf / total), name)
            for concept, name in heads
        )
        # A heading has a word twice, as it stands and as its stem.
        rank = SQL(
            "own * (body / %s / (%s + %s * size)"
            " + %s * pow(%s, 2) * sqrt(least((%s) * 2 / greatest(head_size, 2), 1)))",
            _number(total),
            _number(1 - LENGTH),
            _number(LENGTH / size),
            _number(HEADING),
            headed,
            SQL(" + ").join(name for _concept, name in heads),
        )
        return self._spoc_search_close(concepts, scored, rank, limit)

    @api.model
    def _spoc_search_body(self, concept):
        """SQL: how much a text has of a concept, 0 to 1."""
        # ts_rank divides by the number of lexemes; one of them is as good as all.
        ranks = [
            SQL(
                "%s * pow(least(1, %s * ts_rank(%s, fts[1], %s::tsquery)), 1.5)",
                _number(tier.weight),
                _number(len(tier.spellings)),
                PLACES,
                str(tier),
            )
            for tier in concept.tiers
        ]
        return SQL("greatest(%s)", SQL(", ").join(ranks))

    @api.model
    def _spoc_search_head(self, concept):
        """SQL: whether a concept is in the heading, 0 to 1."""
        cases = [
            SQL(
                "WHEN head[1] @@ %s::tsquery THEN %s",
                str(tier),
                _number(tier.weight),
            )
            for tier in concept.tiers
        ]
        return SQL("CASE %s ELSE 0::float8 END", SQL(" ").join(cases))

    @api.model
    def _spoc_search_close(self, concepts, scored, rank, limit):
        """SQL: of the best, those where the words stand beside each other first."""
        pairs = search_concepts.neighbours(concepts)
        beside = [
            SQL(
                "CASE WHEN fts[1] @@ %s::tsquery THEN %s ELSE 0 END",
                phrase,
                _number(weight),
            )
            for weight, phrase in pairs
        ]
        # One pair of many is chance; all of them, one after the other, are a passage.
        told = sum(concept.idf for concept in concepts)
        told *= sum(weight for weight, _phrase in pairs) or 1
        exact = self._spoc_search_exact(concepts)
        return SQL(
            """
            SELECT id FROM (
                SELECT id, fts, own, %(rank)s AS rank
                FROM (%(scored)s OFFSET 0) AS scored
                ORDER BY rank DESC, id LIMIT %(close)s
            ) AS best
            ORDER BY rank + own * (%(factor)s * pow(%(beside)s, 2) + %(exact)s) DESC, id
            LIMIT %(limit)s
            """,
            rank=rank,
            scored=scored,
            close=max(CLOSE_CODES if exact else CLOSE, limit),
            factor=_number(BESIDE / told),
            beside=SQL(" + ").join(beside) if beside else SQL("0"),
            exact=exact or SQL("0"),
            limit=limit,
        )

    @api.model
    def _spoc_search_exact(self, concepts):
        """SQL: how many of the codes typed a row of ``best`` has as they stand.

        The index knows stems: LEN and "lens" are the same to it.
        """
        codes = dict.fromkeys(concept.exact for concept in concepts if concept.exact)
        codes = list(codes)[:CODES]
        if not codes:
            return SQL()
        names = [n for names in self._spoc_search_weights.values() for n in names]
        return SQL(
            """%s * (
                SELECT %s
                FROM (SELECT concat_ws(' ', %s) AS text FROM %s AS row
                      WHERE row.id = best.id OFFSET 0) AS written
            )""",
            _number(CODE / len(codes)),
            SQL(" + ").join(
                SQL("(text ~* %s)::int", rf"\m{re.escape(code)}\M") for code in codes
            ),
            SQL(", ").join(SQL.identifier("row", name) for name in names),
            SQL.identifier(self._table),
        )

    @api.model
    def _spoc_search_bonus(self):
        """SQL number the rank grows by: what is in the reader's language leads."""
        if not self._spoc_search_lang_field:
            return _number(1)
        lang = SQL.identifier(self._table, self._spoc_search_lang_field)
        own = self.env.lang or "en_US"
        return SQL(
            "CASE WHEN %s = %s THEN %s ELSE 1 END", lang, own, _number(OWN_LANGUAGE)
        )

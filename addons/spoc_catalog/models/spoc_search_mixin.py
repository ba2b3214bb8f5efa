"""Full-text search for any model of the suite."""

import hashlib

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_index

from .. import search_query, search_sql

# About how many documents are ranked in one search, and the most there can be.
CANDIDATES = 300
MOST = 600
# Documents looked at closely in the end: do the words stand beside each other?
CLOSE = 40
# What an occurrence is worth by the weight of its place: D, C, B, A.
PLACES = "{0.8, 0.9, 1.0, 1.0}"
# How much less a word tells in a text longer than others.
LENGTH = 0.3
# What it is worth beside the text: the heading, words standing beside each other.
HEADING = 1.3
BESIDE = 1.5
# A document in the reader's language before one in another.
OWN_LANGUAGE = 1.3


def _number(value):
    """A number as double precision: PostgreSQL reads a literal as a slow numeric."""
    return SQL("%s::float8", value)


class SpocSearchMixin(models.AbstractModel):
    """Gives a model ``_spoc_search``: words, forms, beginnings, compounds, typos.

    The model says what is searched, and how much a place weighs::

        class SpocArticle(models.Model):
            _name = "spoc.article"
            _inherit = ["spoc.search.mixin"]
            _spoc_search_weights = {"A": ("name", "keywords"), "C": ("body",)}
            _spoc_search_lang_field = "lang"

    Only stored text fields of the model's own table may be named; ``A`` is the
    heading. A translated field is indexed in each language with that language's
    stemmer; a plain one in the language the record names in
    ``_spoc_search_lang_field``, or in all of ``search_sql.UNKNOWN_LANGUAGE``.

    Two generated columns, ``spoc_fts`` (everything) and ``spoc_head`` (the heading),
    follow every write by themselves, and a trigger teaches new words to the
    vocabulary (``spoc.search.word``). They are rebuilt when the declaration changes
    (at upgrade).

    A search asks the vocabulary how the words of the question may be spelt and how
    rare they are; then one query finds and ranks documents under the record rules
    of the user. What the vocabulary knows of documents the user may not read changes
    which spellings are tried and how much a word weighs, never what is found: a
    result, a count, a message comes of readable documents alone.
    """

    _name = "spoc.search.mixin"
    _description = "Full-text search"

    _spoc_search_weights = {}
    _spoc_search_lang_field = None

    # ------------------------------------------------------------------
    # Database
    # ------------------------------------------------------------------

    def init(self):
        """Create or renew functions, generated columns, their indexes, the trigger."""
        super().init()
        functions = search_sql.functions()
        # SQL: functions are not ORM objects; the text is our own.
        self.env.cr.execute(SQL(functions.replace("%", "%%")))
        if not self._spoc_searches_itself():
            return
        fts = self._spoc_search_expression(sorted(self._spoc_search_weights))
        head = self._spoc_search_expression(["A"])
        rebuilt = self._spoc_search_column("spoc_fts", fts, functions)
        rebuilt |= self._spoc_search_column("spoc_head", head, functions)
        for column in ("spoc_fts", "spoc_head"):
            create_index(
                self.env.cr, f"{self._table}_{column}_idx", self._table, [column], "gin"
            )
        self._spoc_search_trigger(rebuilt)

    @api.model
    def _spoc_searches_itself(self):
        """Whether this is a model to be searched, not the mixin alone."""
        return bool(not self._abstract and getattr(self, "_spoc_search_weights", None))

    def _spoc_search_expression(self, weights):
        """Expression of a generated column, as SQL text."""
        vectors = []
        for weight in weights:
            words = "true" if weight == "A" else "false"
            for name in self._spoc_search_weights.get(weight, ()):
                if self._fields[name].translate:
                    vector = f'spoc_search_vector("{name}", {words})'
                else:
                    langs = self._spoc_search_langs()
                    vector = f'spoc_search_vector("{name}"::text, {langs}, {words})'
                vectors.append(f"setweight({vector}, '{weight}')")
        return " || ".join(vectors) or "''::tsvector"

    def _spoc_search_langs(self):
        """SQL text: the languages of a plain field."""
        lang = self._spoc_search_lang_field
        unknown = ",".join(search_sql.UNKNOWN_LANGUAGE)
        return f'"{lang}"::text' if lang else f"'{unknown}'"

    def _spoc_search_column(self, column, expression, functions):
        """(Re)create a generated column unless it is there in this very form.

        :return: whether it was made
        """
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
                return False
        table, name = SQL.identifier(self._table), SQL.identifier(column)
        # SQL: the ORM has no generated columns. The expression comes from the code
        # of the model, never from data.
        cr.execute(SQL("ALTER TABLE %s DROP COLUMN IF EXISTS %s", table, name))
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN %s tsvector GENERATED ALWAYS AS (%s) STORED",
                table,
                name,
                SQL(expression.replace("%", "%%")),
            )
        )
        # Read for every candidate: not packed, which takes little more room.
        cr.execute(SQL("ALTER TABLE %s ALTER %s SET STORAGE EXTERNAL", table, name))
        cr.execute(SQL("COMMENT ON COLUMN %s.%s IS %s", table, name, form))
        return True

    def _spoc_search_texts(self):
        """Query for the texts of one row ``$1``, as SQL text: text, langs, heading."""
        queries = []
        for weight, names in sorted(self._spoc_search_weights.items()):
            heading = "true" if weight == "A" else "false"
            for name in names:
                if self._fields[name].translate:
                    queries.append(
                        f"SELECT value, key, {heading}"
                        f' FROM jsonb_each_text(($1)."{name}")'
                    )
                else:
                    langs = self._spoc_search_langs()
                    langs = langs if langs[0] == "'" else f"($1).{langs}"
                    queries.append(f'SELECT ($1)."{name}"::text, {langs}, {heading}')
        return " UNION ALL ".join(queries)

    def _spoc_search_trigger(self, rebuilt):
        """The trigger that teaches the vocabulary, and what is there already.

        It comes after the row was written: a trigger before it would make PostgreSQL
        compute the generated columns at every write, whatever was written.
        """
        cr, table = self.env.cr, SQL.identifier(self._table)
        texts = self._spoc_search_texts()
        columns = [field.name for field in self._spoc_search_fields()]
        # SQL: triggers are not ORM objects.
        cr.execute(SQL("DROP TRIGGER IF EXISTS spoc_search_learn ON %s", table))
        cr.execute(
            SQL(
                "CREATE TRIGGER spoc_search_learn AFTER INSERT OR UPDATE OF %s ON %s"
                " FOR EACH ROW EXECUTE FUNCTION spoc_search_learn(%s)",
                SQL(", ").join(map(SQL.identifier, columns)),
                table,
                texts,
            )
        )
        if rebuilt:
            words = self.env["spoc.search.word"]
            words._spoc_learn(self)
            words._spoc_refresh(self)

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
        concepts, total, size = self._spoc_search_concepts(plan)
        if not concepts:
            return self.browse()
        domain = Domain(domain or Domain.TRUE)
        match, complete = search_query.candidates(concepts, total, CANDIDATES)
        found = self._spoc_search_ranked(concepts, size, match, domain, limit)
        if len(found) < limit and not complete:
            # Few of the likeliest are readable: go on with the others.
            match = search_query.everything(concepts)
            others = domain & Domain("id", "not in", found.ids)
            found += self._spoc_search_ranked(
                concepts, size, match, others, limit - len(found)
            )
        return found

    @api.model
    def _spoc_search_concepts(self, plan):
        """What to look for, and in what.

        :return: (list of Concept, number of documents, lexemes of an average one)
        """
        words = self.env["spoc.search.word"]
        # The vocabulary learns from what is in the database.
        self.flush_model([field.name for field in self._spoc_search_fields()])
        configurations = self._spoc_search_configurations()
        known, completions, compounds, total, size = words._spoc_ask(
            self._table, plan, configurations
        )
        doubtful, alike = plan.doubtful(known, completions, total), {}
        if doubtful:
            parts = {
                part
                for word in doubtful
                for pair in search_query.splits(word)
                for part in pair
            }
            alike, more = words._spoc_ask_alike(
                self._table, doubtful, sorted(parts), configurations
            )
            alike = {word: alike.get(word, []) for word in doubtful}
            known = {**more, **known}
        concepts = search_query.concepts(
            plan, known, completions, compounds, alike, total
        )
        return concepts, total, size

    @api.model
    def _spoc_search_ranked(self, concepts, size, match, domain, limit):
        """Records that match, ranked.

        :param int size: lexemes of an average document
        :param tuple match: text of two tsqueries: of the whole, of the heading
        """
        # SQL: full text has no words in the ORM.
        inside = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s)",
                SQL(" OR ").join(
                    SQL("%s @@ %s::tsquery", SQL.identifier(alias, column), tsquery)
                    for column, tsquery in zip(
                        ("spoc_fts", "spoc_head"), match, strict=True
                    )
                    if tsquery
                ),
                to_flush=model._spoc_search_fields(),
            )
        )
        query = self._search(Domain(domain) & inside)
        query.order, query.limit = None, MOST
        # Concatenation takes the vector out of its storage, once for all that is
        # asked of it.
        candidates = query.select(
            SQL("%s AS id", SQL.identifier(self._table, "id")),
            SQL("ARRAY[%s] AS fts", SQL.identifier(self._table, "spoc_fts")),
            SQL("ARRAY[%s] AS head", SQL.identifier(self._table, "spoc_head")),
            SQL("%s AS own", self._spoc_search_bonus()),
        )
        # The planner takes the rules for dear and would compile the query, which takes
        # longer than running it; falls back with the transaction.
        quick = SQL("SELECT set_config('jit', 'off', true); ")
        ranking = self._spoc_search_ranking(concepts, size, candidates, limit)
        rows = self.env.execute_query(SQL("%s%s", quick, ranking))
        return self.browse(row[0] for row in rows)

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
                _number(weight),
                _number(len(spellings)),
                PLACES,
                search_query.any_of(spellings),
            )
            for weight, spellings in concept.tiers
        ]
        return SQL("greatest(%s)", SQL(", ").join(ranks))

    @api.model
    def _spoc_search_head(self, concept):
        """SQL: whether a concept is in the heading, 0 to 1."""
        cases = [
            SQL(
                "WHEN head[1] @@ %s::tsquery THEN %s",
                search_query.any_of(spellings),
                _number(weight),
            )
            for weight, spellings in concept.tiers
        ]
        return SQL("CASE %s ELSE 0::float8 END", SQL(" ").join(cases))

    @api.model
    def _spoc_search_close(self, concepts, scored, rank, limit):
        """SQL: of the best, those where the words stand beside each other first."""
        pairs = search_query.neighbours(concepts)
        beside = [
            SQL(
                "CASE WHEN fts[1] @@ %s::tsquery THEN %s ELSE 0 END",
                phrase,
                _number(weight),
            )
            for weight, phrase in pairs
        ]
        return SQL(
            """
            SELECT id FROM (
                SELECT id, fts, own, %(rank)s AS rank
                FROM (%(scored)s OFFSET 0) AS scored
                ORDER BY rank DESC, id LIMIT %(close)s
            ) AS best
            ORDER BY rank + own * %(factor)s * (%(beside)s) DESC, id LIMIT %(limit)s
            """,
            rank=rank,
            scored=scored,
            close=max(CLOSE, limit),
            factor=_number(BESIDE / sum(concept.idf for concept in concepts)),
            beside=SQL(" + ").join(beside) if beside else SQL("0"),
            limit=limit,
        )

    @api.model
    def _spoc_search_configurations(self):
        """Stemmers of the installed languages."""
        installed = self.env["res.lang"].get_installed()
        codes = {code.split("_")[0] for code, _name in installed}
        configurations = search_sql.CONFIGURATIONS
        return sorted(configurations[code] for code in codes & set(configurations))

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

    @api.model
    def _spoc_search_fields(self):
        """Fields whose pending changes have to be in the database first."""
        names = {name for names in self._spoc_search_weights.values() for name in names}
        if self._spoc_search_lang_field:
            names.add(self._spoc_search_lang_field)
        return [self._fields[name] for name in sorted(names)]

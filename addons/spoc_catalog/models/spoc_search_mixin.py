"""Full-text search for any model of the suite."""

import hashlib

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_index

from .. import search_concepts, search_query, search_sql

# Kilobytes of new entries that may wait to be put into an index.
PENDING = 256
# About how many documents are ranked in one search, and the most there can be.
CANDIDATES = 300
MOST = 600
# Texts whose words are kept until the end of a transaction.
KEPT = 20
# Words that make a question, to be asked by its meaning as well if there is a model.
QUESTION = 3
# What meaning counts beside words: more in a sentence, full of people's own words.
SENTENCE, BY_MEANING = 5, 1.5


class SpocSearchMixin(models.AbstractModel):
    """Gives a model ``_spoc_search``: words, forms, beginnings, compounds, typos.

    The model says what is searched, and how much a place weighs::

        class SpocArticle(models.Model):
            _name = "spoc.article"
            _inherit = ["spoc.search.mixin"]
            _spoc_search_weights = {"A": ("name", "keywords"), "C": ("body",)}
            _spoc_search_lang_field = "lang"

    What is still being written need not be indexed at every saving: with
    ``_spoc_search_text_if = ("state", "published")`` other records are found by their
    headings alone.

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
    _spoc_search_text_if = None

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
            index = f"{self._table}_{column}_idx"
            create_index(self.env.cr, index, self._table, [column], "gin")
            # SQL: how an index is kept. What was written lately waits in a list that
            # every search reads; a short one.
            self.env.cr.execute(
                SQL(
                    "ALTER INDEX %s SET (gin_pending_list_limit = %s)",
                    SQL.identifier(index),
                    PENDING,
                )
            )
        self._spoc_search_trigger(rebuilt)

    @api.model
    def _spoc_searches_itself(self):
        """Whether this is a model to be searched, not the mixin alone."""
        return bool(not self._abstract and getattr(self, "_spoc_search_weights", None))

    def _spoc_search_expression(self, weights):
        """Expression of a generated column, as SQL text."""
        vectors, texts = [], []
        for weight in weights:
            words = "true" if weight == "A" else "false"
            for name in self._spoc_search_weights.get(weight, ()):
                if self._fields[name].translate:
                    vector = f'spoc_search_vector("{name}", {words})'
                else:
                    langs = self._spoc_search_langs()
                    vector = f'spoc_search_vector("{name}"::text, {langs}, {words})'
                conditional = weight != "A" and self._spoc_search_text_if
                target = texts if conditional else vectors
                target.append(f"setweight({vector}, '{weight}')")
        if texts:
            told = self._spoc_search_told()
            texts = " || ".join(texts)
            vectors.append(f"CASE WHEN {told} THEN {texts} ELSE ''::tsvector END")
        return " || ".join(vectors) or "''::tsvector"

    def _spoc_search_told(self, row=""):
        """SQL text: whether more than the heading of a row is indexed."""
        name, value = self._spoc_search_text_if
        return f"{row}\"{name}\" = '{value}'"

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

    def _spoc_search_plain_fields(self):
        """Names of the searched fields that are no heading."""
        weights = self._spoc_search_weights
        return sorted(
            {n for key, names in weights.items() if key != "A" for n in names}
        )

    def _spoc_search_texts(self):
        """Query for the texts of one row ``$1``, as SQL text: text, langs, heading."""
        queries = []
        for weight, names in sorted(self._spoc_search_weights.items()):
            heading = "true" if weight == "A" else "false"
            told = ""
            if weight != "A" and self._spoc_search_text_if:
                told = f" WHERE {self._spoc_search_told('($1).')}"
            for name in names:
                if self._fields[name].translate:
                    queries.append(
                        f"SELECT value, key, {heading}"
                        f' FROM jsonb_each_text(($1)."{name}"){told}'
                    )
                else:
                    langs = self._spoc_search_langs()
                    langs = langs if langs[0] == "'" else f"($1).{langs}"
                    queries.append(
                        f'SELECT ($1)."{name}"::text, {langs}, {heading}{told}'
                    )
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
        cr.execute(SQL("DROP TRIGGER IF EXISTS spoc_search_learn_text ON %s", table))
        moments = [("spoc_search_learn", "INSERT OR UPDATE OF", columns, SQL())]
        if self._spoc_search_text_if:
            # Saving a text that is not indexed teaches nothing.
            plain = self._spoc_search_plain_fields()
            told = SQL("WHEN (%s)", SQL(self._spoc_search_told("NEW.")))
            moments = [
                (*moments[0][:2], [c for c in columns if c not in plain], SQL()),
                ("spoc_search_learn_text", "UPDATE OF", plain, told),
            ]
        for name, moment, names, when in moments:
            cr.execute(
                SQL(
                    "CREATE TRIGGER %s AFTER %s %s ON %s"
                    " FOR EACH ROW %s EXECUTE FUNCTION spoc_search_learn(%s)",
                    SQL.identifier(name),
                    SQL(moment),
                    SQL(", ").join(map(SQL.identifier, names)),
                    table,
                    when,
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
        plan, vocabulary = self._spoc_search_read(text)
        found = self._spoc_search_words(plan, vocabulary, domain, limit)
        if len(plan.words) < QUESTION:
            return found
        near = self.env["spoc.search.meaning"]._spoc_near(self, text, domain, limit)
        weights = [1, BY_MEANING if len(plan.words) >= SENTENCE else 1]
        return self.browse(search_concepts.fused([found.ids, near], weights)[:limit])

    @api.model
    def _spoc_search_words(self, plan, vocabulary, domain, limit):
        """Records that have the words of a plan, best first."""
        concepts = search_concepts.concepts(plan, vocabulary)
        if not concepts:
            return self.browse()
        size, domain = vocabulary.size, Domain(domain or Domain.TRUE)
        match, complete = search_concepts.candidates(
            concepts, vocabulary.total, CANDIDATES
        )
        found = self._spoc_search_ranked(concepts, size, match, domain, limit)
        if len(found) < limit and not complete:
            # Few of the likeliest are readable: go on with the others.
            match = search_concepts.everything(concepts)
            others = domain & Domain("id", "not in", found.ids)
            found += self._spoc_search_ranked(
                concepts, size, match, others, limit - len(found)
            )
        return found

    @api.model
    def _spoc_search_read(self, text, together=()):
        """Understand a text: the plan, and what the vocabulary knows of its words.

        It is kept until the end of the transaction, or until words are written. Who
        goes on to search several models has it read for all of them at once::

            self.env["spoc.service"]._spoc_search_read(text, ["spoc.desk"])

        :param str text: what the person typed
        :param together: names of other models that will be searched for the same
        :return: (search_query.Plan, search_concepts.Vocabulary)
        """
        models = [self, *(self.env[name] for name in together)]
        # The vocabulary learns from what is in the database.
        for model in models:
            model.flush_model([field.name for field in model._spoc_search_fields()])
        kept = self.env.cr.cache.setdefault("spoc_search", {})
        text = text if isinstance(text, str) else ""
        if text not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            kept[text] = (search_query.analyse(text), {})
        plan, vocabularies = kept[text]
        missing = [m._table for m in models if m._table not in vocabularies]
        if missing and plan:
            words = self.env["spoc.search.word"]
            vocabularies.update(words._spoc_ask(missing, plan))
        return plan, vocabularies.get(self._table) or search_concepts.Vocabulary()

    @api.model_create_multi
    def create(self, vals_list):
        self._spoc_search_forget()
        return super().create(vals_list)

    def write(self, vals):
        self._spoc_search_forget()
        return super().write(vals)

    @api.model
    def _spoc_search_forget(self):
        """The vocabulary may know other words from now on."""
        self.env.cr.cache.pop("spoc_search", None)

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
    def _spoc_search_fields(self):
        """Fields whose pending changes have to be in the database first."""
        names = {name for names in self._spoc_search_weights.values() for name in names}
        if self._spoc_search_lang_field:
            names.add(self._spoc_search_lang_field)
        if self._spoc_search_text_if:
            names.add(self._spoc_search_text_if[0])
        return [self._fields[name] for name in sorted(names)]

"""Answers offered while a request is typed, and what became of them."""

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

# So many rows forget at once who it was.
BATCH = 10000
# What a note may say happened to what was offered.
STEPS = ("shown", "read", "declined", "deflected", "undone")
# What the person said of it, rather than did: no count of these is let go.
SAID = ("declined", "deflected", "undone")


class SpocArticleOffer(models.Model):
    """One article or service offered to a person who was typing a request.

    One row per person, day, what was offered and what was being asked, however often
    it came up. Its numbers are 0 or 1, so that sums of rows are counts:

    - ``shown``: it stood below the field;
    - ``read``: it was opened in place;
    - ``declined``: "No, that is something else";
    - ``deflected``: "Yes, that answers it": a request that nobody had to work on;
    - ``asked``: the request was sent all the same, so nothing was deflected.

    Who the person was is kept for the day, to count each once; nobody is shown it.
    """

    _name = "spoc.article.offer"
    _description = "Answer offered before a request"
    _order = "date desc, id desc"
    _rec_name = "article_id"
    _log_access = False

    date = fields.Date(required=True, index=True)
    user_id = fields.Many2one(
        "res.users", index=True, ondelete="cascade", groups=fields.NO_ACCESS
    )
    article_id = fields.Many2one(
        "spoc.article", index="btree_not_null", ondelete="cascade"
    )
    offered_service_id = fields.Many2one(
        "spoc.service", "Service offered", index="btree_not_null", ondelete="cascade"
    )
    service_id = fields.Many2one(
        "spoc.service",
        "Asked for",
        index="btree_not_null",
        ondelete="cascade",
        help="The service whose form was being filled in. Empty: free words.",
    )
    desk_id = fields.Many2one("spoc.desk", index=True, ondelete="set null")
    company_id = fields.Many2one("res.company", index=True, ondelete="cascade")
    shown = fields.Integer()
    read_count = fields.Integer("Opened")
    declined = fields.Integer("Said no")
    deflected = fields.Integer("Deflected requests")
    asked = fields.Integer("Asked all the same")

    _once_uniq = models.UniqueIndex(
        "(user_id, date, COALESCE(article_id, 0), COALESCE(offered_service_id, 0),"
        " COALESCE(service_id, 0))"
    )

    @api.model
    def _spoc_note(self, step, articles=None, services=None, asked=None):
        """Note what happened to what was offered to the current user today.

        :param str step: one of STEPS; every step but ``shown`` says it was shown, too
        :param articles: spoc.article records found with the user's own rights
        :param services: spoc.service records, likewise
        :param asked: the spoc.service whose form is filled in; empty for free words
        """
        if step not in STEPS or self.env.cr.readonly:
            return
        for records, column in (
            (articles, "article_id"),
            (services, "offered_service_id"),
        ):
            if records:
                self._note(step, records, column, asked)
        self.invalidate_model()

    @api.model
    def _note(self, step, records, column, asked):
        records.flush_recordset(["desk_id", "company_id"])
        read, declined, deflected = (
            int(step == "read"),
            int(step == "declined"),
            int(step == "deflected"),
        )
        # SQL: one statement for a row that may be there; for code alone to write
        query = SQL(
            """
            INSERT INTO spoc_article_offer AS offer
                   (date, user_id, %(column)s, service_id, desk_id, company_id,
                    shown, read_count, declined, deflected, asked)
            SELECT %(date)s, %(user)s, id, %(asked)s, desk_id, company_id,
                   1, %(read)s, %(declined)s, %(deflected)s, 0
              FROM %(table)s
             WHERE id = ANY(%(ids)s)
                ON CONFLICT (user_id, date, COALESCE(article_id, 0),
                             COALESCE(offered_service_id, 0),
                             COALESCE(service_id, 0))
                DO UPDATE SET
                   shown = 1,
                   read_count = greatest(offer.read_count, excluded.read_count),
                   declined = CASE WHEN %(settles)s THEN excluded.declined
                                   ELSE offer.declined END,
                   deflected = CASE WHEN %(settles)s THEN excluded.deflected
                                    ELSE offer.deflected END
            """,
            column=SQL.identifier(column),
            table=SQL.identifier(records._table),
            date=fields.Date.today(),
            user=self.env.uid,
            asked=asked.id if asked else None,
            read=read,
            declined=declined,
            deflected=deflected,
            settles=step in SAID,
            ids=records.ids,
        )
        self._execute_once(query, give_up=step not in SAID)

    @api.model
    def _execute_once(self, query, give_up):
        """Count, while another tab may be counting the same at this moment.

        :param bool give_up: let the count go in that case: nothing else is done anew
            for its sake. Otherwise the error is Odoo's, which tries the request again.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                # SQL: the callers say why
                self.env.cr.execute(query, log_exceptions=False)
        except OperationalError:
            if not give_up:
                raise

    @api.model
    def _spoc_note_asked(self, service):
        """The current user sent the request: what was offered did not spare it.

        :param service: spoc.service asked for; empty for free words
        """
        # SQL: one statement in the way of a request, whatever was offered
        query = SQL(
            """
            UPDATE spoc_article_offer SET asked = 1, deflected = 0
             WHERE user_id = %(user)s AND date = %(date)s
               AND service_id IS NOT DISTINCT FROM %(service)s
            """,
            user=self.env.uid,
            date=fields.Date.today(),
            service=service.id if service else None,
        )
        self._execute_once(query, give_up=True)
        self.invalidate_model()

    @api.autovacuum
    def _gc_people(self):
        """Forget who it was once the day is over: the counts need it no longer."""
        rows = self.search(
            [("user_id", "!=", False), ("date", "<", "today -1d")], limit=BATCH
        )
        rows.user_id = False
        return len(rows), len(rows) == BATCH

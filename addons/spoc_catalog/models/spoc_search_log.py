"""The way from the first search to the request, without telling who went it."""

import secrets
from datetime import timedelta

from odoo import api, fields, models

from .. import trail

SALT = "spoc_catalog.trail_salt"
KEPT_DAYS = "spoc_catalog.search_log_days"
KEPT_DAYS_DEFAULT = 400
# A pause this long ends a way: the next search is another matter.
PAUSE = timedelta(minutes=30)
MANY = 9999
# What the next step has to know of the step before.
STATE = [
    "begun_count",
    "click_count",
    "last_step",
    "opened_id",
    "opened_model",
    "outcome",
    "service_id",
    "started",
    "tries",
    "words",
]
BATCH = 10_000


class SpocSearchLog(models.Model):
    """One finished search, or one look around without searching.

    A search is finished when its results were asked for, a suggestion was taken,
    or the page was left with words in the box. Later steps (a page opened, a form
    begun, a request sent) are noted on the latest search of the same way.

    Nobody's name is kept. The steps of a way are tied by a mark made from the user
    and a secret that changes every day; the mark itself goes the day after.
    """

    _name = "spoc.search.log"
    _description = "Search"
    _order = "date desc, id desc"
    _rec_name = "words"
    # Neither create_uid nor write_uid: they would name the person.
    _log_access = False

    date = fields.Datetime(
        required=True,
        readonly=True,
        index=True,
        default=fields.Datetime.now,
        aggregator="max",
    )
    source = fields.Selection(
        [
            ("suggestion", "While typing"),
            ("results", "Page of results"),
            ("browse", "Looking around"),
        ],
        string="Way of looking",
        required=True,
        readonly=True,
    )
    words = fields.Char(string="Searched for", readonly=True)
    lang = fields.Selection("_get_languages", string="Language", readonly=True)
    result_count = fields.Integer(string="Results", readonly=True, aggregator="avg")
    outcome = fields.Selection(
        [
            ("nothing", "Nothing found"),
            ("left", "Left without opening anything"),
            ("opened", "Service or desk opened"),
            ("article", "Article read instead"),
            ("begun", "Form begun and left"),
            ("wished", "Asked in own words"),
            ("asked", "Request sent"),
        ],
        required=True,
        readonly=True,
    )
    opened_model = fields.Char(string="Opened: kind", readonly=True)
    opened_id = fields.Many2oneReference(
        string="Opened: record", model_field="opened_model", readonly=True
    )
    service_id = fields.Many2one(
        "spoc.service", readonly=True, index="btree_not_null", ondelete="set null"
    )
    position = fields.Integer(
        string="Place in the list",
        readonly=True,
        aggregator="avg",
        help="Where in the list of results the opened one stood; 0: unknown.",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    # The stages of the funnel, 0 or 1 each, to be summed up.
    look_count = fields.Integer(string="Searched or looked", readonly=True, default=1)
    found_count = fields.Integer(string="Found something", readonly=True, default=0)
    opened_count = fields.Integer(string="Opened something", readonly=True, default=0)
    article_count = fields.Integer(string="Read an article", readonly=True, default=0)
    begun_count = fields.Integer(string="Began the form", readonly=True, default=0)
    asked_count = fields.Integer(string="Sent a request", readonly=True, default=0)
    tries = fields.Integer(
        string="Searches so far",
        readonly=True,
        aggregator="avg",
        help="Searches from the first one of this way on.",
    )
    click_count = fields.Integer(
        string="Clicks so far",
        readonly=True,
        aggregator="avg",
        help="Pages opened from the first step of this way on.",
    )
    seconds = fields.Integer(
        string="Seconds to the request",
        readonly=True,
        aggregator="avg",
        help="From the first step of this way to the request sent.",
    )
    started = fields.Datetime(string="Way begun", readonly=True)
    last_step = fields.Datetime(readonly=True)
    way = fields.Char(readonly=True, groups="base.group_system")

    _way_idx = models.Index("(way, id) WHERE way IS NOT NULL")

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model
    def _spoc_log_search(self, text, result_count, source="results"):
        """A finished search of the user.

        The same words again, as by reloading the page, are the same search.

        :param text: what was typed; cleaned here
        :param int result_count: how many results were shown
        :param str source: ``results`` or ``suggestion``
        :return: the row, as superuser; empty when there was nothing to search for
        """
        words = trail.clean_words(text)
        if not words:
            return self.browse()
        latest = self._get_latest()
        if latest.words == words:
            return latest
        count = trail.clean_number(result_count, MANY)
        return self._log(
            latest,
            source=source,
            words=words,
            result_count=count,
            found_count=int(bool(count)),
            outcome="left" if count else "nothing",
            tries=latest.tries + 1,
            click_count=latest.click_count + int(source == "results"),
        )

    @api.model
    def _spoc_log_opened(self, record, text="", result_count=0, position=0):
        """The user opened something the window shows. A hook for addons above.

        :param record: service, desk or article, found with the user's own rights
        :param text: the words, when it was opened out of the suggestions
        :param position: place in the list it was taken from, 1 first
        :return: the row, as superuser
        """
        row = self._spoc_log_search(text, result_count or 1, "suggestion")
        row = row or self._get_latest()
        if (row.opened_model, row.opened_id) == (record._name, record.id):
            return row
        step = "article" if record._name == "spoc.article" else "opened"
        values = {
            "opened_model": record._name,
            "opened_id": record.id,
            "position": trail.clean_number(position, MANY),
            f"{step}_count": 1,
        }
        if record._name == "spoc.service":
            values["service_id"] = record.id
        return self._step(row, step, click_count=row.click_count + 1, **values)

    @api.model
    def _spoc_log_begun(self, service):
        """The user began to fill in the form of a service they may see."""
        row = self._get_latest()
        if row.begun_count and row.service_id.id == service.id:
            return row
        return self._step(row, "begun", service_id=service.id, begun_count=1)

    @api.model
    def _spoc_log_submitted(self, service):
        """The user sent a request. A hook for addons above.

        :param service: spoc.service; empty for free words
        :return: the row, as superuser
        """
        row = self._get_latest()
        started = row.started or fields.Datetime.now()
        values = {
            "asked_count": 1,
            "click_count": row.click_count + 1,
            "seconds": int((fields.Datetime.now() - started).total_seconds()),
        }
        if not service:
            return self._step(row, "wished", **values)
        return self._step(
            row,
            "asked",
            service_id=service.id,
            opened_count=1,
            begun_count=1,
            **values,
        )

    def _step(self, row, step, **values):
        """Note a step on the latest row of the way; a way may begin by it."""
        if not row:
            return self._log(
                row, source="browse", found_count=1, outcome=step, **values
            )
        row.write(
            {
                **values,
                "outcome": trail.next_outcome(row.outcome, step),
                "last_step": fields.Datetime.now(),
            }
        )
        return row

    def _log(self, latest, **values):
        """One row more; it goes on the way of the latest one."""
        now = fields.Datetime.now()
        # sudo: users do not write the log, the code notes what they did
        return self.sudo().create(
            {
                "date": now,
                "started": latest.started or now,
                "last_step": now,
                "way": self._get_way(),
                "lang": self.env.lang or "en_US",
                "company_id": self.env.company.id,
                **values,
            }
        )

    @api.model
    def _get_latest(self):
        """The latest row of the way the user is on, as superuser; may be empty."""
        # sudo: the log is closed to users; the mark is the user's own
        row = self.sudo().search_fetch(
            [("way", "=", self._get_way())], STATE, order="id desc", limit=1
        )
        ended = row.outcome in trail.ENDS
        if ended or (row and row.last_step < fields.Datetime.now() - PAUSE):
            return row.browse()
        return row

    @api.model
    def _get_way(self):
        """The mark of the user for today."""
        return trail.way_of(self._get_salt(), self.env.uid)

    @api.model
    def _get_salt(self):
        """Today's secret; yesterday's is gone with it."""
        # sudo: the secret is nobody's to read
        parameters = self.env["ir.config_parameter"].sudo()
        today = fields.Date.to_string(fields.Date.today())
        salt = parameters.get_param(SALT) or ""
        if not salt.startswith(today):
            salt = f"{today} {secrets.token_hex(16)}"
            parameters.set_param(SALT, salt)
        return salt

    # ------------------------------------------------------------------
    # Forgetting
    # ------------------------------------------------------------------

    @api.autovacuum
    def _gc_ways(self):
        """Take the marks off yesterday's rows: nothing ties them any longer."""
        rows = self.search(
            [("way", "!=", False), ("date", "<", fields.Date.today())], limit=BATCH
        )
        rows.write({"way": False})
        return len(rows), len(rows) == BATCH

    @api.autovacuum
    def _gc_rows(self):
        """Drop rows older than the days they are kept."""
        value = self.env["ir.config_parameter"].get_param(KEPT_DAYS)
        days = trail.clean_number(value, 36500) or KEPT_DAYS_DEFAULT
        limit = fields.Datetime.now() - timedelta(days=days)
        rows = self.search([("date", "<", limit)], limit=BATCH)
        done = len(rows)
        rows.unlink()
        return done, done == BATCH

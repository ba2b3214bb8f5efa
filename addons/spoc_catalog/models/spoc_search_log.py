"""The way from the first search to the request, without telling who went it."""

import secrets
from datetime import timedelta

from odoo import api, fields, models

from .. import trail

SALT = "spoc_catalog.trail_salt"
# A secret every database has.
DATABASE = "database.secret"
KEPT_DAYS = "spoc_catalog.search_log_days"
KEPT_DAYS_DEFAULT = 400
MANY = 9999
# What the next step has to know of the steps before.
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
    "way",
    "words",
]
BATCH = 10_000
# So long after a step it is put together with the others at the latest.
TOGETHER = timedelta(minutes=10)


class SpocSearchLog(models.Model):
    """One finished search, or one look around without searching.

    A search is finished when its results were asked for, a suggestion was taken,
    or the page was left with words in the box. Later steps (a page opened, a form
    begun, a request sent) are noted on the latest search of the same way, by
    ``spoc.search.step`` some minutes later.

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

        :param text: what was typed; cleaned here, nothing is noted when it is empty
        :param int result_count: how many results were shown
        :param str source: ``results`` or ``suggestion``
        """
        words = self._get_words(text, result_count, source)
        if words:
            self._note("search", **words)

    @api.model
    def _spoc_log_opened(self, record, text="", result_count=0, position=0):
        """The user opened something the window shows. A hook for addons above.

        :param record: service, desk or article, found with the user's own rights
        :param text: the words, when it was opened out of the suggestions
        :param position: place in the list it was taken from, 1 first
        """
        self._note(
            "opened",
            opened_model=record._name,
            opened_id=record.id,
            position=trail.clean_number(position, MANY),
            **self._get_words(text, result_count or 1, "suggestion"),
        )

    @api.model
    def _spoc_log_begun(self, service):
        """The user began to fill in the form of a service they may see."""
        self._note("begun", opened_model="spoc.service", opened_id=service.id)

    @api.model
    def _spoc_log_submitted(self, service):
        """The user sent a request. A hook for addons above.

        :param service: spoc.service; empty for free words
        """
        self._note("asked", opened_model="spoc.service", opened_id=service.id)

    @api.model
    def _get_words(self, text, result_count, source):
        """What a step says of a search; nothing for a text without words."""
        words = trail.clean_words(text)
        if not words:
            return {}
        count = trail.clean_number(result_count, MANY)
        return {"words": words, "result_count": count, "source": source}

    def _note(self, step, **values):
        """A row of its own for a step of the user, whatever else they are doing."""
        # sudo: users do not write steps, the code notes what they did themselves
        self.env["spoc.search.step"].sudo().create(
            {
                "date": fields.Datetime.now(),
                "way": self._get_way(),
                "step": step,
                "lang": self.env.lang or "en_US",
                "company_id": self.env.company.id,
                **values,
            }
        )
        later = fields.Datetime.now() + TOGETHER
        self.env["ir.cron"]._spoc_wake("spoc_catalog.ir_cron_fold_steps", later)

    @api.model
    def _get_latest(self, ways):
        """The latest row of each way: ``{way: {field: value}}`` with its ``id``."""
        rows = self.search_fetch([("way", "in", list(ways))], STATE, order="id")
        return {row["way"]: row for row in rows.read(STATE, load="_classic_write")}

    @api.model
    def _keep(self, rows):
        """Store rows as :func:`trail.walk` left them."""
        new = []
        for row in rows:
            if "id" in row:
                self.browse(row.pop("id")).write(row)
            else:
                new.append(row)
        self.create(new)

    @api.model
    def _get_way(self):
        """The mark of the user for today."""
        return trail.way_of(self._get_salt(), self.env.uid)

    @api.model
    def _get_salt(self):
        """Today's secret; only read, so that two first visitors never write it."""
        today = fields.Date.to_string(fields.Date.today())
        return trail.salt_of(self._get_kept_salt(), today)

    @api.model
    def _get_kept_salt(self):
        # sudo: the secret is nobody's to read
        parameters = self.env["ir.config_parameter"].sudo()
        kept = parameters.get_param(SALT)
        # On the day of installation there is none yet.
        return kept if kept and kept != "none" else parameters.get_param(DATABASE)

    # ------------------------------------------------------------------
    # Forgetting
    # ------------------------------------------------------------------

    @api.autovacuum
    def _gc_salt(self):
        """Make tomorrow's secret; yesterday's goes, and no mark can be made anew."""
        tomorrow = fields.Date.to_string(fields.Date.today() + timedelta(days=1))
        kept = self._get_kept_salt()
        renewed = trail.renew(kept, tomorrow, secrets.token_hex(16))
        if renewed != kept:
            # sudo: the secret is nobody's to write
            self.env["ir.config_parameter"].sudo().set_param(SALT, renewed)

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

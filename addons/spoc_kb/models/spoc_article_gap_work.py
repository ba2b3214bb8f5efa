"""The nightly look for gaps in the answers: a few statements over everything."""

import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .spoc_article_gap import MINUTES, MINUTES_DEFAULT

RUN = "spoc_kb.gap_run"
DAYS = 90
# Words searched once may be a slip of the keyboard.
OFTEN = 2
# A look that was broken off goes on where it stopped, unless that is long ago.
STALE = timedelta(hours=12)

# SQL: what is written again for a gap that was known; a filled one opens again.
KNOWN = SQL(
    """
    ON CONFLICT (key) DO UPDATE SET
       desk_id = excluded.desk_id, company_id = excluded.company_id,
       look_count = excluded.look_count, hours = excluded.hours,
       checked_on = excluded.checked_on,
       found_on = CASE WHEN gap.state = 'closed' THEN excluded.found_on
                       ELSE gap.found_on END,
       state = CASE WHEN gap.state = 'closed' THEN 'open' ELSE gap.state END
    """
)


class SpocArticleGap(models.Model):
    """Finds, weighs and closes gaps, set by set."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article.gap"

    @api.model
    def _cron_look(self):
        """Look at everything; goes on where a look was broken off."""
        # sudo: the state of the work is the suite's own
        parameters = self.env["ir.config_parameter"].sudo()
        start, done = self._get_run(parameters.get_param(RUN))
        steps = [name for name in self._spoc_steps() if name not in done]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(steps))
        for number, name in enumerate(steps, 1):
            getattr(self, name)(start)
            done.append(name)
            note = {"start": fields.Datetime.to_string(start), "done": done}
            parameters.set_param(RUN, json.dumps(note))
            if not cron._commit_progress(1, remaining=len(steps) - number):
                break
        if len(done) == len(self._spoc_steps()):
            parameters.set_param(RUN, False)

    @api.model
    def _get_run(self, note):
        """Start and finished steps of the look at work; a new one else."""
        now = fields.Datetime.now()
        if not note:
            return now, []
        known = json.loads(note)
        start = fields.Datetime.to_datetime(known["start"])
        return (start, known["done"]) if start > now - STALE else (now, [])

    @api.model
    def _spoc_look(self):
        """The whole look at once, for tests and for those who cannot wait."""
        start = fields.Datetime.now()
        for name in self._spoc_steps():
            getattr(self, name)(start)

    def action_look(self):
        """Look now instead of tonight.

        :raise AccessError: for others than managers and editors
        """
        groups = "spoc_catalog.group_manager,spoc_kb.group_kb_editor"
        if not self.env.user.has_groups(groups):
            raise AccessError(self.env._("The nightly look is begun by managers."))
        # sudo: rows are written by code alone, whoever asks for it
        self.sudo()._spoc_look()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _spoc_steps(self):
        """Names of the methods of one look, in order. Hook: put more before the last.

        Each gets the moment the look began, and can be done again without harm.
        """
        return [
            "_spoc_find_services",
            "_spoc_find_dead",
            "_spoc_find_words",
            "_spoc_close_filled",
        ]

    # ---- Facts all steps share ----

    @api.model
    def _get_minutes(self):
        """What a look in vain costs, in minutes (system parameter)."""
        # sudo: a number, no secret
        value = self.env["ir.config_parameter"].sudo().get_param(MINUTES)
        try:
            return max(float(value or MINUTES_DEFAULT), 0.0)
        except ValueError:
            return float(MINUTES_DEFAULT)

    @api.model
    def _get_facts(self, start):
        return {
            "start": start,
            "since": start - timedelta(days=DAYS),
            "price": self._get_minutes() / 60,
        }

    @api.model
    def _get_dead_ids(self):
        """Ids of published articles that lead to nobody."""
        Article = self.env["spoc.article"].sudo()  # sudo: all of them, by the cron
        domain = Domain("state", "=", "published") & Article._spoc_dead_domain()
        return Article.search(domain).ids

    @api.model
    def _spoc_run_sql(self, query, start, **more):
        """One statement over everything.

        SQL: sets of any size in one go; rows are for code alone to write.
        """
        self.env.flush_all()
        facts = {**self._get_facts(start), **more}
        self.env.cr.execute(SQL(query, known=KNOWN, **facts))
        self.invalidate_model()

    # ---- Steps ----

    @api.model
    def _spoc_find_services(self, start):
        """Services offered to people with neither a solution nor whom to turn to."""
        self._spoc_run_sql(
            """
            INSERT INTO spoc_article_gap AS gap
                   (key, kind, state, service_id, desk_id, company_id, look_count,
                    hours, found_on, checked_on)
            SELECT 'service-' || service.id, 'service', 'open', service.id,
                   service.desk_id, service.company_id, coalesce(log.times, 0),
                   coalesce(log.times, 0) * %(price)s, %(start)s, %(start)s
              FROM spoc_service AS service
              LEFT JOIN (SELECT service_id, count(*) AS times
                           FROM spoc_search_log
                          WHERE asked_count > 0 AND date >= %(since)s
                          GROUP BY service_id) AS log
                     ON log.service_id = service.id
             WHERE service.state = 'published' AND service.active
               AND NOT EXISTS (
                   SELECT FROM spoc_article_service_rel AS tie
                     JOIN spoc_article AS article ON article.id = tie.article_id
                    WHERE tie.service_id = service.id
                      AND article.state = 'published'
                      AND article.id <> ALL(%(dead)s))
            %(known)s
            """,
            start,
            dead=self._get_dead_ids(),
        )

    @api.model
    def _spoc_find_dead(self, start):
        """Articles that send people where nobody is."""
        self._spoc_run_sql(
            """
            INSERT INTO spoc_article_gap AS gap
                   (key, kind, state, article_id, desk_id, company_id, look_count,
                    hours, found_on, checked_on)
            SELECT 'dead-' || article.id, 'dead', 'open', article.id,
                   article.desk_id, article.company_id, coalesce(use.times, 0),
                   coalesce(use.times, 0) * %(price)s, %(start)s, %(start)s
              FROM spoc_article AS article
              LEFT JOIN (SELECT use.article_id, count(*) AS times
                           FROM spoc_article_use AS use
                           LEFT JOIN spoc_desk AS asked ON asked.id = use.asked_desk_id
                          WHERE use.role = 'read' AND use.date >= %(since)s
                            AND asked.privacy IS DISTINCT FROM 'confidential'
                          GROUP BY use.article_id) AS use
                     ON use.article_id = article.id
             WHERE article.id = ANY(%(dead)s)
            %(known)s
            """,
            start,
            dead=self._get_dead_ids(),
        )

    @api.model
    def _spoc_find_words(self, start):
        """Words that found nothing since they last found something.

        What was searched before the article for it was published counts no more.
        """
        self._spoc_run_sql(
            """
            WITH said AS (
                SELECT words, lang, company_id, date, result_count,
                       'words-' || coalesce(company_id, 0) || '-'
                       || coalesce(lang, '') || '-' || md5(lower(words)) AS key
                  FROM spoc_search_log
                 WHERE words IS NOT NULL AND date >= %(since)s),
            lucky AS (
                SELECT key, max(date) AS date FROM said
                 WHERE result_count > 0 GROUP BY key)
            INSERT INTO spoc_article_gap AS gap
                   (key, kind, state, words, lang, company_id, look_count, hours,
                    found_on, checked_on)
            SELECT said.key, 'words', 'open', min(said.words), said.lang,
                   said.company_id, count(*), count(*) * %(price)s, %(start)s,
                   %(start)s
              FROM said
              LEFT JOIN lucky ON lucky.key = said.key
              LEFT JOIN spoc_article_gap AS old ON old.key = said.key
              LEFT JOIN spoc_article AS article
                     ON article.id = old.result_article_id
                    AND article.state = 'published'
             WHERE said.result_count = 0
               AND (lucky.date IS NULL OR said.date > lucky.date)
               AND (article.id IS NULL
                    OR said.date > greatest(article.published_on, old.settled_on))
             GROUP BY said.key, said.lang, said.company_id
            HAVING count(*) >= %(often)s
            %(known)s
            """,
            start,
            often=OFTEN,
        )

    @api.model
    def _spoc_close_filled(self, start):
        """What the look did not find again is filled; what is not needed stays so."""
        self._spoc_run_sql(
            """
            UPDATE spoc_article_gap SET state = 'closed', checked_on = %(start)s
             WHERE checked_on < %(start)s AND state IN ('open', 'started')
            """,
            start,
        )

"""What people search for, words put together."""

from odoo import fields, models
from odoo.tools import SQL


class SpocSearchReport(models.Model):
    """One line per words searched for: how often, and what came of it."""

    _name = "spoc.search.report"
    _description = "Words searched for"
    _auto = False
    _order = "times desc, words"
    _rec_name = "words"
    # What has to be in the database before the report is read.
    _depends = {
        "spoc.search.log": [
            "article_count",
            "asked_count",
            "company_id",
            "date",
            "found_count",
            "lang",
            "opened_count",
            "words",
        ]
    }

    words = fields.Char(string="Searched for", readonly=True)
    lang = fields.Selection("_get_languages", string="Language", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime(string="Last time", readonly=True, aggregator="max")
    times = fields.Integer(readonly=True)
    nothing_count = fields.Integer(string="Without result", readonly=True)
    left_count = fields.Integer(string="Nothing opened", readonly=True)
    opened_count = fields.Integer(string="Opened something", readonly=True)
    article_count = fields.Integer(string="Read an article", readonly=True)
    asked_count = fields.Integer(string="Sent a request", readonly=True)

    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @property
    def _table_query(self):
        # SQL: lines by words need an id of their own, and the ORM groups none.
        return SQL(
            """SELECT min(id) AS id, words, lang, company_id, max(date) AS date,
                      count(*) AS times,
                      count(*) FILTER (WHERE found_count = 0) AS nothing_count,
                      count(*) FILTER (
                          WHERE found_count > 0 AND opened_count = 0
                            AND article_count = 0 AND asked_count = 0
                      ) AS left_count,
                      sum(opened_count) AS opened_count,
                      sum(article_count) AS article_count,
                      sum(asked_count) AS asked_count
                 FROM spoc_search_log
                WHERE words IS NOT NULL
                GROUP BY words, lang, company_id"""
        )

    def action_open_searches(self):
        """The single searches behind the lines."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_search_log_action"
        )
        action["domain"] = [("words", "in", self.mapped("words"))]
        action["context"] = {}
        return action

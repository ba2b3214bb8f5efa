"""Surplus and dead identities: what keeps people from knowing where to turn."""

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..models.spoc_channel import CHANNEL_KINDS

FINDINGS = [
    ("straggler", "Retired but still used"),
    ("no_successor", "Retired and leads nowhere"),
    ("surplus", "More than one of a kind"),
    ("private", "Belongs to one person"),
    ("dead_desk", "Desk is archived"),
    ("nobody", "Nobody is at the desk"),
    ("never_open", "Desk is never open"),
    ("no_channel", "Desk without any channel"),
    ("missing_kind", "Lacks what others have"),
]


class SpocChannelReport(models.Model):
    """One finding about an identity or a desk, with what to do about it.

    Extended by overriding :meth:`_spoc_findings` and adding parts to the list.
    """

    _name = "spoc.channel.report"
    _description = "Surplus and dead identities"
    _auto = False
    _order = "severity desc, desk_id, kind, id"
    _rec_name = "finding"
    _depends = {
        "spoc.channel": [
            "active",
            "company_id",
            "desk_id",
            "identity_normalized",
            "kind",
            "retired_on",
            "straggler_count",
            "straggler_on",
            "successor_id",
        ],
        "spoc.desk": [
            "active",
            "company_id",
            "manager_id",
            "member_ids",
            "resource_calendar_id",
        ],
        "hr.employee": ["active", "mobile_phone", "work_email", "work_phone"],
        "resource.calendar": ["active"],
        "resource.calendar.attendance": ["calendar_id", "day_period", "display_type"],
    }

    finding = fields.Selection(FINDINGS, readonly=True)
    severity = fields.Selection(
        [("1", "To be tidied up"), ("2", "People are led astray"), ("3", "Dead end")],
        readonly=True,
    )
    desk_id = fields.Many2one("spoc.desk", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    channel_id = fields.Many2one("spoc.channel", string="Identity", readonly=True)
    kind = fields.Selection(CHANNEL_KINDS, readonly=True)
    employee_id = fields.Many2one("hr.employee.public", readonly=True)
    since = fields.Date(readonly=True)
    number = fields.Integer(
        string="How many",
        readonly=True,
        help="Uses of a retired identity, identities of a kind, or desks that have "
        "what this one lacks.",
    )
    reason = fields.Char(string="What is wrong", compute="_compute_words")
    advice = fields.Char(string="What to do", compute="_compute_words")

    @property
    def _table_query(self):
        # SQL: nine looks at the same two tables, read as one.
        parts = SQL(" UNION ALL ").join(self._spoc_findings())
        return SQL(
            """
            SELECT ROW_NUMBER() OVER (
                       ORDER BY finding, desk_id, kind, channel_id, employee_id
                   ) AS id,
                   found.*
              FROM (%s) found
            """,
            parts,
        )

    @api.model
    def _spoc_findings(self):
        """The parts of the report as SQL.

        Each gives, in this order: ``finding, severity, desk_id, company_id,
        channel_id, kind, employee_id, since, number``.
        """
        return [
            self._sql_straggler(),
            self._sql_no_successor(),
            self._sql_surplus(),
            self._sql_private(),
            self._sql_dead_desk(),
            self._sql_nobody(),
            self._sql_never_open(),
            self._sql_no_channel(),
            self._sql_missing_kind(),
        ]

    def _sql_straggler(self):
        # SQL: how often and whether anything took its place, in one look.
        return SQL(
            """
            SELECT 'straggler'::varchar AS finding,
                   (CASE WHEN heir.id IS NULL AND c.successor_id IS NULL
                         THEN '3' ELSE '2' END)::varchar AS severity,
                   c.desk_id, c.company_id, c.id AS channel_id, c.kind,
                   NULL::integer AS employee_id, c.straggler_on AS since,
                   c.straggler_count AS number
              FROM spoc_channel c
              LEFT JOIN spoc_channel heir ON heir.desk_id = c.desk_id
                    AND heir.kind = c.kind AND heir.active
             WHERE NOT c.active AND c.straggler_count > 0
            """
        )

    def _sql_no_successor(self):
        # SQL: the way from successor to successor is walked to its end; a desk's own
        # active identity of the kind takes over without being named.
        return SQL(
            """
            SELECT 'no_successor', '3', c.desk_id, c.company_id, c.id, c.kind,
                   NULL, c.retired_on, NULL
              FROM spoc_channel c
             WHERE NOT c.active
               AND NOT EXISTS (
                   WITH RECURSIVE way(id, active, desk_id, kind, next, steps) AS (
                       SELECT c.id, c.active, c.desk_id, c.kind, c.successor_id, 0
                        UNION ALL
                       SELECT n.id, n.active, n.desk_id, n.kind, n.successor_id,
                              way.steps + 1
                         FROM way JOIN spoc_channel n ON n.id = way.next
                        WHERE NOT way.active AND way.steps < 20
                   )
                   SELECT 1
                     FROM way
                    WHERE way.active
                       OR EXISTS (
                          SELECT 1 FROM spoc_channel heir
                           WHERE heir.desk_id = way.desk_id
                             AND heir.kind = way.kind AND heir.active
                       )
               )
               AND NOT EXISTS (
                   SELECT 1 FROM spoc_channel taken
                    WHERE taken.kind = c.kind AND taken.active
                      AND taken.identity_normalized = c.identity_normalized
               )
            """
        )

    def _sql_surplus(self):
        # SQL: groups of desk and kind.
        return SQL(
            """
            SELECT 'surplus', '1', c.desk_id, c.company_id,
                   MAX(c.id) FILTER (WHERE NOT c.active), c.kind, NULL,
                   MAX(c.retired_on), COUNT(*)
              FROM spoc_channel c
              JOIN spoc_desk d ON d.id = c.desk_id AND d.active
             GROUP BY c.desk_id, c.company_id, c.kind
            HAVING COUNT(*) > 1 AND BOOL_OR(c.active)
            """
        )

    def _sql_private(self):
        # SQL: numbers in the directory are spelled as people like: compared are their
        # digits, a zero in front or in brackets left out. One person means that
        # nobody else has the number.
        return SQL(
            """
            SELECT 'private', '2', found.desk_id, found.company_id, found.id,
                   found.kind, MIN(found.employee_id), NULL::date, NULL
              FROM (
                SELECT c.id, c.desk_id, c.company_id, c.kind, e.id AS employee_id
                  FROM spoc_channel c
                  JOIN hr_employee e ON e.active
                       AND LOWER(TRIM(e.work_email)) = c.identity_normalized
                 WHERE c.active AND c.kind = 'email'
                 UNION
                SELECT c.id, c.desk_id, c.company_id, c.kind, e.id
                  FROM spoc_channel c
                  JOIN hr_employee e ON e.active
                  JOIN LATERAL (
                       SELECT LTRIM(REGEXP_REPLACE(REPLACE(spelled, '(0)', ''),
                                                   '[^0-9]', '', 'g'), '0') AS digits
                         FROM (VALUES (e.mobile_phone), (e.work_phone)) v(spelled)
                  ) n ON LENGTH(n.digits) > 6
                       AND c.identity_normalized LIKE '%%' || n.digits
                 WHERE c.active AND c.kind = 'phone'
              ) found
             GROUP BY found.desk_id, found.company_id, found.id, found.kind
            HAVING COUNT(*) = 1
            """
        )

    def _sql_dead_desk(self):
        # SQL: active channels beside archived desks.
        return SQL(
            """
            SELECT 'dead_desk', '3', c.desk_id, c.company_id, c.id, c.kind, NULL,
                   NULL::date, NULL
              FROM spoc_channel c
              JOIN spoc_desk d ON d.id = c.desk_id
             WHERE c.active AND NOT d.active
            """
        )

    def _sql_nobody(self):
        # SQL: an absence, set by set.
        return SQL(
            """
            SELECT 'nobody', '3', d.id, d.company_id, NULL::integer, NULL, NULL,
                   NULL::date, NULL
              FROM spoc_desk d
             WHERE d.active
               AND EXISTS (SELECT 1 FROM spoc_channel c
                            WHERE c.desk_id = d.id AND c.active)
               AND NOT EXISTS (
                   SELECT 1 FROM spoc_desk_member_rel rel
                     JOIN res_users u ON u.id = rel.user_id AND u.active
                    WHERE rel.desk_id = d.id
               )
            """
        )

    def _sql_never_open(self):
        # SQL: an absence, set by set.
        return SQL(
            """
            SELECT 'never_open', '3', d.id, d.company_id, NULL::integer, NULL, NULL,
                   NULL::date, NULL
              FROM spoc_desk d
              JOIN resource_calendar calendar ON calendar.id = d.resource_calendar_id
             WHERE d.active
               AND EXISTS (SELECT 1 FROM spoc_channel c
                            WHERE c.desk_id = d.id AND c.active)
               AND (NOT calendar.active OR NOT EXISTS (
                   SELECT 1 FROM resource_calendar_attendance a
                    WHERE a.calendar_id = calendar.id
                      AND a.display_type IS NULL
                      AND a.day_period IS DISTINCT FROM 'lunch'
               ))
            """
        )

    def _sql_no_channel(self):
        # SQL: an absence, set by set.
        return SQL(
            """
            SELECT 'no_channel', '3', d.id, d.company_id, NULL::integer, NULL, NULL,
                   NULL::date, NULL
              FROM spoc_desk d
             WHERE d.active
               AND NOT EXISTS (SELECT 1 FROM spoc_channel c
                                WHERE c.desk_id = d.id AND c.active)
            """
        )

    def _sql_missing_kind(self):
        # SQL: what most desks of a company have, people look for at every desk. Desks
        # without anything are told of once, as such.
        return SQL(
            """
            SELECT 'missing_kind', '1', d.id, d.company_id, NULL::integer, usual.kind,
                   NULL, NULL::date, usual.holders
              FROM spoc_desk d
              JOIN (
                SELECT c.company_id, c.kind, COUNT(*) AS holders
                  FROM spoc_channel c
                  JOIN spoc_desk o ON o.id = c.desk_id AND o.active
                 WHERE c.active
                 GROUP BY c.company_id, c.kind
              ) usual ON usual.company_id = d.company_id
              JOIN (
                SELECT company_id, COUNT(*) AS total
                  FROM spoc_desk WHERE active GROUP BY company_id
              ) desks ON desks.company_id = d.company_id
                    AND usual.holders > 1 AND usual.holders * 2 > desks.total
             WHERE d.active
               AND EXISTS (SELECT 1 FROM spoc_channel c
                            WHERE c.desk_id = d.id AND c.active)
               AND NOT EXISTS (SELECT 1 FROM spoc_channel c
                                WHERE c.desk_id = d.id AND c.active
                                  AND c.kind = usual.kind)
            """
        )

    # ------------------------------------------------------------------
    # In words
    # ------------------------------------------------------------------

    @api.depends("finding", "channel_id", "desk_id", "employee_id", "kind", "number")
    @api.depends_context("lang")
    def _compute_words(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            # sudo: the row is the reader's to see, and so are the names in it.
            names = row.sudo().with_context(active_test=False)
            words = {
                "desk": names.desk_id.name or "",
                "identity": names.channel_id.identity or "",
                "kind": kinds.get(row.kind, ""),
                "number": row.number,
                "person": names.employee_id.name or "",
                "day": format_date(self.env, row.since) if row.since else "",
            }
            row.reason, row.advice = getattr(self, f"_get_words_{row.finding}")(words)

    def _get_words_straggler(self, words):
        return (
            self.env._(
                "%(identity)s was given up. Uses since then: %(number)s, the last on "
                "%(day)s.",
                **words,
            ),
            self.env._(
                "Find where it is still printed or linked and put the new one there."
            ),
        )

    def _get_words_no_successor(self, words):
        return (
            self.env._(
                "%(identity)s was given up and nothing took its place.", **words
            ),
            self.env._(
                "Name the identity that replaces it, so that people are led on."
            ),
        )

    def _get_words_surplus(self, words):
        return (
            self.env._(
                "%(desk)s has had %(number)s identities of the kind “%(kind)s”.",
                **words,
            ),
            self.env._(
                "Nobody remembers that many. Keep the one in use and spread only that."
            ),
        )

    def _get_words_private(self, words):
        return (
            self.env._("%(identity)s is that of %(person)s alone.", **words),
            self.env._(
                "Get a number or address of the desk: it must answer when this person "
                "is away."
            ),
        )

    def _get_words_dead_desk(self, words):
        return (
            self.env._(
                "%(identity)s leads to %(desk)s, which is closed down.", **words
            ),
            self.env._("Retire it and name what replaces it."),
        )

    def _get_words_nobody(self, words):
        return (
            self.env._("People turn to %(desk)s, but it has no members.", **words),
            self.env._("Add members, or retire its identities."),
        )

    def _get_words_never_open(self, words):
        return (
            self.env._("%(desk)s is not open at any hour of the week.", **words),
            self.env._("Give it opening hours, or retire its identities."),
        )

    def _get_words_no_channel(self, words):
        return (
            self.env._("Nobody can reach %(desk)s: it has no channel.", **words),
            self.env._("Register a number or address, or archive the desk."),
        )

    def _get_words_missing_kind(self, words):
        return (
            self.env._(
                "%(desk)s has no “%(kind)s”; %(number)s other desks have.", **words
            ),
            self.env._("People will look for it there. Add it if it makes sense."),
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open(self):
        """Open what the finding is about, with the rights of who opens it."""
        self.ensure_one()
        record = self.channel_id or self.desk_id
        if self.channel_id and not record.has_access("write"):
            record = self.desk_id
        return record._get_records_action()

"""Tickets that look like this one: perhaps the same matter, asked twice."""

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from .spoc_stage import OPEN_STATES

#: So many of the latest candidates are looked at closely.
LOOKED_AT = 300
#: So many are shown.
SHOWN = 3
#: How alike two texts have to be, of 1, as a whole and one within the other; what one
#: person asks counts for more.
ALIKE = 0.33
SAME_PERSON = 0.04
#: Characters of a text that are compared.
LENGTH = 600


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    looks_like_ids = fields.Many2many(
        "spoc.ticket",
        string="Looks like",
        compute="_compute_looks_like_ids",
        compute_sudo=False,
        help="Open tickets that say much the same: of the same requester, service or "
        "category.",
    )
    unlike_link_ids = fields.Many2many(
        "spoc.ticket",
        "spoc_ticket_unlike_rel",
        "ticket_id",
        "unlike_id",
        string="Links to Unlike",
        copy=False,
        export_string_translation=False,
    )
    unlike_ids = fields.Many2many(
        "spoc.ticket",
        string="Not the same as",
        compute="_compute_unlike_ids",
        inverse="_inverse_unlike_ids",
        compute_sudo=False,
        copy=False,
        domain="[('is_inner', '=', True), ('id', '!=', id)]",
        help="Somebody looked and found another matter. Taken out of here, the ticket "
        "is suggested again.",
    )

    @api.depends(
        "name",
        "description",
        "requester_id",
        "service_id",
        "category_id",
        "unlike_link_ids",
    )
    @api.depends_context("uid")
    def _compute_looks_like_ids(self):
        for ticket in self:
            ticket.looks_like_ids = ticket._spoc_alike()

    # ---- looked at, and found to be something else -------------------------

    @api.depends("unlike_link_ids")
    @api.depends_context("uid")
    def _compute_unlike_ids(self):
        self._spoc_show_links("unlike_link_ids", "unlike_ids")

    def _inverse_unlike_ids(self):
        for ticket in self:
            wanted = ticket.unlike_ids
            before = ticket._spoc_shown("unlike_link_ids")
            ticket._spoc_tell_apart(wanted - before)
            ticket._spoc_link_both("unlike_link_ids", before - wanted, Command.unlink)

    def _spoc_tell_apart(self, others):
        """Say of tickets that they are another matter: neither suggests the other.

        :raises AccessError: for tickets the user does not work on
        """
        self._spoc_link_both("unlike_link_ids", others, Command.link)

    def action_not_same(self):
        """None of the tickets suggested here is the same matter."""
        self.ensure_one()
        self._spoc_check_inner()
        self._spoc_tell_apart(self._spoc_alike())

    # ---- what is alike -----------------------------------------------------

    def _spoc_alike(self):
        """Open tickets that look like this one, most alike first.

        Worked out when somebody looks, in one query over the latest candidates the
        user may read, never while a ticket is taken.

        :rtype: spoc.ticket
        """
        self.ensure_one()
        words = self._spoc_alike_words()
        ended = self.state and self.state not in OPEN_STATES
        if ended or not words or not self.env.registry.has_trigram:
            return self.browse()
        candidates = self._search(
            self._spoc_alike_domain(), order="id desc", limit=LOOKED_AT
        )
        # SQL: likeness is the database's to judge; candidates passed the user's rules
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM (
                    SELECT ticket.id,
                           (similarity(said.text, %(words)s)
                            + greatest(word_similarity(said.text, %(words)s),
                                       word_similarity(%(words)s, said.text))) / 2
                           + CASE WHEN ticket.requester_id = %(requester)s
                                  THEN %(same)s ELSE 0 END AS score
                      FROM spoc_ticket ticket
                      LEFT JOIN spoc_service service ON service.id = ticket.service_id
                     CROSS JOIN LATERAL (SELECT %(text)s AS text) AS said
                     WHERE ticket.id IN %(candidates)s
                ) AS judged
                WHERE score >= %(alike)s
                ORDER BY score DESC, id DESC
                LIMIT %(limit)s
                """,
                text=self._spoc_alike_text(),
                words=words,
                requester=self.requester_id._origin.id or None,
                same=SAME_PERSON,
                candidates=candidates.subselect(),
                alike=ALIKE,
                limit=SHOWN,
            )
        )
        return self.browse(id_ for [id_] in rows)

    def _spoc_alike_domain(self):
        """Which tickets are compared at all."""
        same = Domain("requester_id", "=", self.requester_id._origin.id)
        if self.service_id:
            same |= Domain("service_id", "=", self.service_id._origin.id)
        elif self.category_id:
            same |= Domain("category_id", "=", self.category_id._origin.id)
        domain = same & Domain("state", "in", (*OPEN_STATES, "resolved"))
        # From inside only: the requester's own view of others is not asked for.
        domain &= Domain("is_inner", "=", True)
        # sudo: the links, which nobody reads themselves
        told = self.sudo()._search([("unlike_link_ids", "in", self._origin.ids)])
        domain &= Domain("id", "not in", told)
        return domain & Domain("id", "not in", self._origin.ids)

    def _spoc_alike_words(self):
        """What this ticket says, without what its service says by itself."""
        parts = [] if self._spoc_is_named_by_service() else [self.name or ""]
        parts.append(html2plaintext(self.description or ""))
        parts += [answer.value_text or "" for answer in self.answer_ids]
        return " ".join(" ".join(parts).split())[:LENGTH]

    def _spoc_is_named_by_service(self):
        """Whether the subject is but the name of the service, in any language."""
        # sudo: the name the ticket was given
        service = self.sudo().service_id
        if not service:
            return False
        names = service._fields["name"]._get_stored_translations(service._origin) or {}
        return self.name in names.values()

    @api.model
    def _spoc_alike_text(self):
        """The same of a candidate, as SQL."""
        return SQL(
            r"""
            left(
                CASE WHEN EXISTS (
                         SELECT FROM jsonb_each_text(service.name) AS label
                          WHERE label.value = ticket.name)
                     THEN '' ELSE ticket.name END
                || ' ' || regexp_replace(
                    coalesce(ticket.description, ''), '<[^>]+>|\s+', ' ', 'g')
                || ' ' || coalesce((
                    SELECT string_agg(answer.value_text, ' ' ORDER BY answer.id)
                      FROM spoc_answer answer WHERE answer.ticket_id = ticket.id), ''),
                %s)
            """,
            LENGTH,
        )

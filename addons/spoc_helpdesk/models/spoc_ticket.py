"""The ticket: one matter of one requester, from cradle to grave."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..database import guard_tickets

#: Put into the context by engine code only. It is compared by identity, so that no
#: context sent from outside can carry it.
ENGINE = object()

KINDS = [
    ("incident", "Incident"),
    ("information", "Information"),
    ("request", "Request"),
    ("change", "Standard change"),
]
PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]
ORIGINS = [
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("portal", "Portal"),
    ("chat", "Chat"),
    ("walkin", "Walk-in"),
    ("social", "Social media"),
    ("intranet", "Intranet"),
]

#: What the requester and those they share the ticket with may read of it.
OUTER_FIELDS = frozenset(
    {
        "access_token",
        "access_url",
        "access_warning",
        "answer_ids",
        "approval_state",
        "category_id",
        "channel_id",
        "closed_at",
        "company_id",
        "create_date",
        "description",
        "desk_id",
        "first_response_at",
        "follow_up_ids",
        "follow_up_of_id",
        "kind",
        "message_ids",
        "name",
        "next_update_due",
        "number",
        "origin",
        "owner_id",
        "priority",
        "rating_count",
        "reopen_count",
        "requester_email",
        "requester_id",
        "requested_for_id",
        "resolution",
        "resolution_due",
        "resolved_at",
        "service_id",
        "stage_id",
        "state",
        "told_at",
        "urgency",
        "watcher_ids",
        "website_message_ids",
    }
)

#: Written by the engine alone: results of work, never input.
ENGINE_FIELDS = frozenset(
    {
        "number",
        "state",
        "company_id",
        "channel_id",
        "answer_ids",
        "approval_ids",
        "approval_state",
        "approval_turn",
        "clock_ids",
        "wait_ids",
        "wait_reason_id",
        "wait_until",
        "assignment_ids",
        "part_ids",
        "transfer_ids",
        "act_ids",
        "ownership_ids",
        "next_due",
        "next_update_due",
        "resolution_due",
        "close_due",
        "reminder_due",
        "reminded_at",
        "is_vip",
        "rest_spans",
        "measure_ids",
        "merged_at",
        "merged_link_id",
        "merged_stage_id",
        "parent_link_id",
        "related_link_ids",
        "split_link_id",
        "unlike_link_ids",
        "first_response_at",
        "routing_note",
        "broken_since",
        "silent_since",
        "unheard_since",
        "nobody_fits",
        "let_lie_by_id",
        "overflowed_from_id",
        "resolved_at",
        "told_at",
        "closed_at",
        "reopen_count",
        "follow_up_of_id",
        "follow_up_ids",
        "mail_ref",
        "priority_by_hand",
        "create_date",
        "create_uid",
    }
)

#: Words of the requester: kept as they came.
FINAL_FIELDS = frozenset({"description", "origin", "searched"})


class SpocTicket(models.Model):
    """One matter of one requester, owned by one desk until it is closed.

    ``create`` goes the way of every request: classify, clocks, route, tell. The
    state changes only through the ``action_*`` methods; a write of ``stage_id``
    is taken for the action that leads there. What follows from work (number,
    clocks, ledger, moments) is written by :meth:`_spoc_write` alone.
    """

    _name = "spoc.ticket"
    _description = "Ticket"
    _inherit = [
        "spoc.inner.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "portal.mixin",
        "rating.mixin",
        "mail.tracking.duration.mixin",
    ]
    _spoc_leads_readers_to = ("spoc.article",)
    _order = "priority desc, id desc"
    _rec_names_search = ["number", "name"]
    _primary_email = "requester_email"
    _track_duration_field = "stage_id"
    # Words answer words by their references; nobody needs the first one as parent.
    _mail_flat_thread = False
    # Activities go by this; requesters post by the override in the conversation.
    _mail_post_access = "write"
    _spoc_outer_fields = OUTER_FIELDS

    number = fields.Char(readonly=True, copy=False, index="trigram")
    name = fields.Char("Subject", required=True, index="trigram", tracking=True)
    description = fields.Html(sanitize_style=True, copy=True)
    desk_id = fields.Many2one(
        "spoc.desk",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self._default_desk_id(),
    )
    owner_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        tracking=True,
        domain="[('id', 'in', desk_member_ids)]",
        help="The agent answerable for the ticket until it is closed.",
    )
    desk_member_ids = fields.Many2many(
        related="desk_id.member_ids",
        string="Members of the Desk",
        export_string_translation=False,
    )
    requester_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", tracking=True
    )
    requester_email = fields.Char(related="requester_id.email", string="E-mail")
    watcher_ids = fields.Many2many(
        "res.partner",
        "spoc_ticket_watcher_rel",
        "ticket_id",
        "partner_id",
        string="Also Informed",
        copy=False,
        help="People the requester shares the ticket with: they read its outside and "
        "get what the desk tells.",
    )
    service_id = fields.Many2one(
        "spoc.service", index="btree_not_null", ondelete="restrict", tracking=True
    )
    kind = fields.Selection(
        KINDS,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    category_id = fields.Many2one(
        "spoc.category",
        compute="_compute_category_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    stage_id = fields.Many2one(
        "spoc.stage",
        required=True,
        index=True,
        copy=False,
        ondelete="restrict",
        tracking=True,
        group_expand="_read_group_stage_ids",
        domain="['|', ('desk_ids', '=', False), ('desk_ids', 'in', desk_id)]",
    )
    state = fields.Selection(
        related="stage_id.state", store=True, index=True, precompute=True
    )
    origin = fields.Selection(ORIGINS, default="portal", required=True, copy=False)
    channel_id = fields.Many2one(
        "spoc.channel", index="btree_not_null", copy=False, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="desk_id.company_id", store=True, index=True, precompute=True
    )

    answer_ids = fields.One2many("spoc.answer", "ticket_id", copy=False)
    clock_ids = fields.One2many("spoc.clock", "ticket_id", copy=False)
    assignment_ids = fields.One2many("spoc.assignment", "ticket_id", copy=False)
    open_assignment_count = fields.Integer(compute="_compute_open_assignment_count")
    ownership_ids = fields.One2many("spoc.ownership", "ticket_id", copy=False)

    next_due = fields.Datetime(readonly=True, copy=False)
    next_update_due = fields.Datetime(readonly=True, copy=False)
    resolution_due = fields.Datetime(readonly=True, copy=False)
    first_response_at = fields.Datetime(readonly=True, copy=False)
    routing_note = fields.Json(readonly=True, copy=False)
    routing_words = fields.Text("Why this Owner", compute="_compute_routing_words")

    resolution = fields.Html(copy=False, sanitize_style=True)
    resolution_article_id = fields.Many2one(
        "spoc.article", "Solved by", index="btree_not_null", copy=False
    )
    resolved_at = fields.Datetime(readonly=True, copy=False)
    told_at = fields.Datetime("Requester Told", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    close_due = fields.Datetime(
        "Closes by Itself",
        readonly=True,
        copy=False,
        help="When the silence of the requester is taken for a yes.",
    )
    reopen_count = fields.Integer("Reopened", readonly=True, copy=False)
    follow_up_of_id = fields.Many2one(
        "spoc.ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    follow_up_ids = fields.One2many("spoc.ticket", "follow_up_of_id", copy=False)
    # Nothing is rated before it is there: spares a query with each new ticket.
    rating_last_value = fields.Float(
        compute="_compute_rating_last_value", store=True, precompute=True
    )
    mail_ref = fields.Char(
        "Message-Id",
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Of the mail that made the ticket: one mail makes one ticket per desk.",
    )

    _number_uniq = models.UniqueIndex(
        "(company_id, number)", "Two tickets cannot bear one number."
    )
    _mail_ref_uniq = models.UniqueIndex(
        "(mail_ref, desk_id) WHERE mail_ref IS NOT NULL",
        "This mail has already become a ticket.",
    )
    _owner_open_idx = models.Index(
        "(owner_id) WHERE state NOT IN ('closed', 'cancelled')"
    )
    # Boards and lists count by it alone, the rules of access included: tickets are
    # wide. So do the records of tickets that are for those of the ticket's desk.
    _desk_state_idx = models.Index(
        "(desk_id, state, next_due) "
        "INCLUDE (stage_id, priority, company_id, requester_id, id)"
    )
    _close_due_idx = models.Index("(close_due) WHERE close_due IS NOT NULL")

    # ---- defaults and computes ---------------------------------------------

    @api.model
    def _default_desk_id(self):
        """The desk of an agent who has but one."""
        if not self.env.uid or self.env.su:
            return False
        desks = self.env["spoc.desk"].search(
            [("member_ids", "in", self.env.uid)], limit=2
        )
        return desks.id if len(desks) == 1 else False

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        others = self.env["spoc.stage"].search([("id", "not in", stages.ids)])
        return (stages | others).sorted()

    @api.depends("service_id")
    def _compute_kind(self):
        for ticket in self:
            ticket.kind = ticket.service_id.kind or ticket.kind or "request"

    @api.depends("service_id")
    def _compute_category_id(self):
        for ticket in self:
            ticket.category_id = ticket.service_id.category_id or ticket.category_id

    @api.depends("number", "name")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = " ".join(filter(None, [ticket.number, ticket.name]))

    @api.depends("assignment_ids.state")
    def _compute_open_assignment_count(self):
        counts = dict(
            self.env["spoc.assignment"]
            .sudo()  # sudo: only the number of the ticket's own assignments is shown
            ._read_group(
                [("ticket_id", "in", self.ids), ("is_open", "=", True)],
                ["ticket_id"],
                ["__count"],
            )
        )
        for ticket in self:
            ticket.open_assignment_count = counts.get(ticket._origin, 0)

    def _compute_access_url(self):
        for ticket in self:
            ticket.access_url = f"/my/requests/{ticket.id}"

    # ---- who is who --------------------------------------------------------

    @api.model
    def _spoc_inner_domain(self):
        user = self.env.user
        if not user.has_group("spoc_catalog.group_agent"):
            return Domain.FALSE
        domain = Domain("desk_id.member_ids", "in", user.ids)
        domain |= Domain("desk_id.manager_id", "in", user.ids)
        if user.has_group("spoc_catalog.group_administrator"):
            domain |= Domain("desk_id.privacy", "=", "open")
        return domain

    @api.model
    def _spoc_inner_depends(self):
        return ["desk_id.member_ids", "desk_id.manager_id", "desk_id.privacy"]

    @api.model
    def _spoc_requester_domain(self, partner=None):
        """Domain of the tickets a person asked for or is kept informed of.

        :param partner: res.partner, the current user's by default
        """
        partner = partner or self.env.user.partner_id
        return self._spoc_naming_domain(partner, ("requester_id", "watcher_ids"))

    @api.model
    def _spoc_naming_domain(self, partner, names, key="id"):
        """Domain of the tickets that name people in one of several fields.

        :param partner: res.partner
        :param names: names of many2one and many2many fields
        :param str key: column that holds the id of the ticket, in another model
        """
        if not partner.ids:
            return Domain.FALSE
        # SQL: each field has an index, but of an OR over several tables PostgreSQL
        # uses none. As an array it is looked up once, ahead of everything else.
        found = SQL(" UNION ALL ").join(
            self._spoc_naming_query(self._fields[name], partner.ids) for name in names
        )
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s = ANY(ARRAY(%s))",
                SQL.identifier(alias, key, to_flush=model._fields[key]),
                found,
            )
        )

    @api.model
    def _spoc_naming_query(self, field, partner_ids):
        """SQL of the ids of tickets that name one of the partners in ``field``."""
        table, key, column = self._table, "id", field.name
        if field.type == "many2many":
            table, key, column = field.relation, field.column1, field.column2
        return SQL(
            "SELECT %s FROM %s WHERE %s IN %s",
            SQL.identifier(key),
            SQL.identifier(table),
            SQL.identifier(column),
            tuple(partner_ids),
            to_flush=field,
        )

    def _spoc_audience(self):
        """Partners the words of the desk go to: requester and watchers."""
        # sudo: watchers may be people the current user cannot read
        return self.sudo().requester_id | self.sudo().watcher_ids

    def _spoc_desk_users(self):
        """Users who are the desk of this one ticket: its members and its manager."""
        self.ensure_one()
        # sudo: membership decides about rights, whoever asks
        return self.sudo().desk_id.member_ids | self.sudo().desk_id.manager_id

    # ---- database ----------------------------------------------------------

    def init(self):
        """Let the database itself keep tickets, their owner and their ledger."""
        result = super().init()
        guard_tickets(self.env.cr)
        return result

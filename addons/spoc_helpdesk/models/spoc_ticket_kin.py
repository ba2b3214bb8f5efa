"""Tickets that belong together: parents and children, related ones."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .spoc_stage import OPEN_STATES

#: Links as they are stored. Odoo shows the name behind a link to whoever reads the
#: record it is on; so nobody reads these, and what is shown of them (the fields
#: named after what they mean) is told apart by who may read the other ticket.
LINKS = frozenset(
    {
        "parent_link_id",
        "merged_link_id",
        "split_link_id",
        "related_link_ids",
        "unlike_link_ids",
    }
)


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    parent_link_id = fields.Many2one(
        "spoc.ticket",
        "Link to Parent",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        export_string_translation=False,
    )
    parent_id = fields.Many2one(
        "spoc.ticket",
        compute="_compute_parent_id",
        inverse="_inverse_parent_id",
        search="_search_parent_id",
        compute_sudo=False,
        copy=False,
        domain="[('is_inner', '=', True), ('id', '!=', id)]",
        help="The larger matter this ticket is a part of, such as a major incident.",
    )
    child_ids = fields.Many2many(
        "spoc.ticket",
        string="Children",
        compute="_compute_child_ids",
        compute_sudo=False,
        copy=False,
    )
    child_count = fields.Integer(compute="_compute_child_ids", compute_sudo=False)
    related_link_ids = fields.Many2many(
        "spoc.ticket",
        "spoc_ticket_related_rel",
        "ticket_id",
        "related_id",
        string="Links to Related",
        copy=False,
        export_string_translation=False,
    )
    related_ids = fields.Many2many(
        "spoc.ticket",
        compute="_compute_related_ids",
        inverse="_inverse_related_ids",
        compute_sudo=False,
        copy=False,
        domain="[('is_inner', '=', True), ('id', '!=', id)]",
        help="Tickets worth knowing of here; each of them shows this one.",
    )

    # ---- nobody reads the links themselves ---------------------------------

    def _has_field_access(self, field, operation):
        if field.name in LINKS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _spoc_shown(self, link):
        """What the current user may see behind a link of these tickets.

        :param str link: name of one of :data:`LINKS`
        :rtype: spoc.ticket
        """
        # sudo: which they are; the rules of the user sort them
        linked = self.sudo()[link] if len(self) == 1 else self.sudo().mapped(link)
        return linked.with_env(self.env)._filtered_access("read")

    # ---- parent and children -----------------------------------------------

    @api.depends("parent_link_id")
    @api.depends_context("uid")
    def _compute_parent_id(self):
        shown = self._spoc_shown("parent_link_id")
        for ticket in self:
            # sudo: the link itself; shown only if it is among what the user may read
            parent = ticket.sudo().parent_link_id
            ticket.parent_id = parent.id if parent.id in shown._ids else False

    def _inverse_parent_id(self):
        for ticket in self:
            ticket._spoc_link_parent(ticket.parent_id)

    def _search_parent_id(self, operator, value):
        # sudo: the links; what is behind them has to be readable for the user
        links = self.sudo()
        if operator == "any":
            found = Domain("parent_link_id", "in", self._search(value))
        elif operator == "in":
            visible = self._search([("id", "in", [id_ for id_ in value if id_])])
            found = Domain("parent_link_id", "in", visible)
            if False in value:
                found |= Domain("parent_link_id", "=", False)
        else:
            return NotImplemented
        return Domain("id", "in", links._search(found))

    def _spoc_link_parent(self, parent):
        """Make tickets children of another one, or of none.

        :param parent: spoc.ticket, empty or one the user works on
        :raises AccessError: for tickets the user does not work on
        :raises UserError: for a ticket that would be its own parent
        """
        self.check_access("write")
        parent._spoc_check_inner()
        if parent and parent in self:
            raise UserError(self.env._("A ticket cannot be its own parent."))
        self._spoc_write({"parent_link_id": parent.id})

    @api.constrains("parent_link_id")
    def _check_parent(self):
        if self._has_cycle("parent_link_id"):
            raise ValidationError(
                self.env._("The parent of a ticket cannot be one of its children.")
            )

    @api.depends_context("uid")
    def _compute_child_ids(self):
        # sudo: the links; the rules of the user sort what is behind them
        links = self.sudo()
        theirs = {id_: ticket for ticket in self for id_ in ticket._spoc_line_ids()}
        children = links.search([("parent_link_id", "in", list(theirs))], order="id")
        shown = set(children.with_env(self.env)._filtered_access("read")._ids)
        found = {ticket.id: [] for ticket in self}
        for child in children:
            if child.id in shown:
                found[theirs[child.parent_link_id.id].id].append(child.id)
        for ticket in self:
            ticket.child_ids = found[ticket.id]
            ticket.child_count = len(found[ticket.id])

    def _spoc_line_ids(self):
        """Ids whose children are this ticket's. A hook: those merged into it, too."""
        self.ensure_one()
        return self._origin.ids

    def _spoc_open_children(self):
        """Children of this ticket the user can resolve along with it."""
        self.ensure_one()
        writable = self.child_ids._filtered_access("write")
        return writable.filtered(
            lambda child: child.state in OPEN_STATES and not child.open_assignment_count
        )

    def _spoc_resolve_children(self, children):
        """Resolve children as this ticket was: each requester hears it on their own.

        :param children: spoc.ticket, some of :meth:`_spoc_open_children`
        """
        self.ensure_one()
        children = children & self._spoc_open_children()
        if not children:
            return
        children.write(
            {
                "resolution": self.resolution,
                "resolution_article_id": self.resolution_article_id.id,
                "resolution_code_id": self.resolution_code_id.id,
            }
        )
        children._spoc_begin(OPEN_STATES)
        children._spoc_resolve()

    def action_show_children(self):
        """The children of this ticket, in a list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_action_all"
        )
        return {
            **action,
            "name": self.env._("Children of %s", self.number),
            "domain": [("id", "in", self.child_ids.ids)],
            "context": {"default_parent_id": self.id, "default_name": self.name},
        }

    # ---- related -----------------------------------------------------------

    @api.depends("related_link_ids")
    @api.depends_context("uid")
    def _compute_related_ids(self):
        self._spoc_show_links("related_link_ids", "related_ids")

    def _spoc_show_links(self, link, name):
        """Set what is shown of links to those whose other ticket the user may read.

        :param str link: one of :data:`LINKS`, a many2many
        :param str name: the field that shows it
        """
        shown = self._spoc_shown(link)
        for ticket in self:
            # sudo: the links; those the user may read are picked out of them
            links = ticket.sudo()[link]
            ticket[name] = [id_ for id_ in links._ids if id_ in shown._ids]

    def _inverse_related_ids(self):
        for ticket in self:
            wanted = ticket.related_ids
            before = ticket._spoc_shown("related_link_ids")
            ticket._spoc_relate(wanted - before)
            ticket._spoc_unrelate(before - wanted)

    def _spoc_relate(self, others):
        """Link this ticket with others, both ways.

        :raises AccessError: for tickets the user does not work on
        """
        self._spoc_link_both("related_link_ids", others, Command.link)

    def _spoc_unrelate(self, others):
        """Take such links away, both ways."""
        self._spoc_link_both("related_link_ids", others, Command.unlink)

    def _spoc_link_both(self, name, others, command):
        """Add or take away links between this ticket and others, both ways.

        :param str name: one of :data:`LINKS`, a many2many
        :param others: spoc.ticket
        :param command: ``Command.link`` or ``Command.unlink``
        :raises AccessError: for tickets the user does not work on
        """
        self.ensure_one()
        others -= self
        if not others:
            return
        self.check_access("write")
        others._spoc_check_inner()
        self._spoc_write({name: [command(id_) for id_ in others.ids]})
        others._spoc_write({name: [command(self.id)]})

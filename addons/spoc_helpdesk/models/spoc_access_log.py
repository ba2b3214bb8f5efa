"""Who led a desk and read what it was asked in confidence."""

from datetime import UTC, datetime

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.lru import LRU

from ..database import guard_reading

#: Names that show no more of a ticket than a list of numbers does.
NAMING = frozenset(
    {"id", "display_name", "is_inner", "number", "desk_id", "stage_id", "state"}
)
#: Put into ``cr.postcommit.data`` while a transaction reads.
PENDING = "spoc.access.log"

#: What this process has written down already, so that it does not try again.
_written = LRU(8192)


class SpocAccessLog(models.Model):
    """A confidential ticket was read by somebody in charge: manager or administrator.

    At most one row per ticket, person and hour. Written once the transaction that
    read has ended, on a cursor of its own: reading is often done on one that cannot
    write. Append-only, whoever asks.
    """

    _name = "spoc.access.log"
    _description = "Reading of a confidential ticket"
    _order = "at desc, id desc"
    _rec_name = "ticket_id"
    _log_access = False

    ticket_id = fields.Many2one(
        "spoc.ticket", required=True, index=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        "Read by",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    at = fields.Datetime("When", required=True, readonly=True)
    how = fields.Selection(
        [
            ("form", "Opened"),
            ("list", "Seen in a list"),
            ("page", "Page of the request"),
            ("export", "Exported"),
        ],
        required=True,
        readonly=True,
        help="How it was read first in that hour.",
    )

    _hour_uniq = models.UniqueIndex(
        "(ticket_id, user_id, date_trunc('hour', at))",
        "Once an hour is enough.",
    )

    def init(self):
        """Let the database itself keep what was read."""
        result = super().init()
        guard_reading(self.env.cr)
        return result

    # ---- append-only -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            self._spoc_keep()
        return super().create(vals_list)

    def write(self, vals):
        self._spoc_keep()
        return super().write(vals)

    def unlink(self):
        # Not in an ondelete method: a context that anybody may send skips those.
        self._spoc_keep()
        return super().unlink()

    def _spoc_keep(self):
        """Refuse to touch what was written down, or to write down anything by hand.

        :raises UserError: whoever asks
        """
        raise UserError(self.env._("Who read what is written by reading alone."))

    # ---- writing -----------------------------------------------------------

    @api.model
    def _spoc_note(self, tickets, how):
        """Remember that the current user has read tickets, for the end of it all.

        :param tickets: spoc.ticket; others than a manager's confidential ones count not
        :param str how: see the field
        """
        user = self.env.user
        if self.env.su or not tickets or not user._spoc_is_in_charge():
            return
        # sudo: privacy and manager of the desk decide whether it is noted
        noted = tickets._origin.sudo().filtered(
            lambda one: (
                one.desk_id.privacy == "confidential"
                # One's own matter is read as whoever asked, not in charge of it.
                and user.partner_id not in one._spoc_concerned()
                and (
                    one.desk_id.manager_id == user
                    or user.has_group("spoc_catalog.group_administrator")
                )
            )
        )
        hour = datetime.now(UTC).strftime("%Y%m%d%H")
        database = self.env.cr.dbname
        fresh = [
            id_ for id_ in noted.ids if (database, id_, user.id, hour) not in _written
        ]
        if not fresh:
            return
        postcommit = self.env.cr.postcommit
        pending = postcommit.data.setdefault(PENDING, {})
        if not pending:
            registry = self.env.registry
            postcommit.add(lambda: _write_down(registry, database, pending, hour))
        for id_ in fresh:
            pending.setdefault((id_, user.id), how)


def _write_down(registry, database, pending, hour):
    """Write down what was read, on a cursor of its own.

    :param dict pending: (id of the ticket, id of the user) -> how
    """
    rows = sorted(pending)
    with registry.cursor() as cr:
        # SQL: one statement, and what another worker has written already is left
        cr.execute(
            SQL(
                """
                INSERT INTO spoc_access_log (ticket_id, user_id, at, how)
                SELECT ticket_id, user_id, now() AT TIME ZONE 'UTC', how
                  FROM unnest(%s, %s, %s) AS seen (ticket_id, user_id, how)
                    ON CONFLICT DO NOTHING
                """,
                [ticket_id for ticket_id, _user in rows],
                [user_id for _ticket, user_id in rows],
                [pending[row] for row in rows],
            )
        )
    for ticket_id, user_id in rows:
        _written[database, ticket_id, user_id, hour] = True
    pending.clear()


class ResUsers(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "res.users"

    @tools.ormcache("self.id")
    def _spoc_is_in_charge(self):
        """Whether the user may lead, or leads, a desk: what such people read is noted.

        Kept until a desk or a group changes.
        """
        if self.has_group("spoc_catalog.group_manager"):
            return True
        # sudo: whether one leads a desk, whatever one may see of it
        desks = self.env["spoc.desk"].sudo()
        return bool(desks.search_count([("manager_id", "=", self.id)], limit=1))


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def _read_format(self, fnames, load="_classic_read"):
        values = super()._read_format(fnames, load)
        if not self.env.su and not NAMING.issuperset(fnames):
            one = len(self) == 1 and not self.env.context.get("spoc_list")
            self.env["spoc.access.log"]._spoc_note(self, "form" if one else "list")
        return values

    @api.model
    @api.readonly
    def web_search_read(
        self,
        domain,
        specification,
        offset=0,
        limit=None,
        order=None,
        count_limit=None,
    ):
        return super(SpocTicket, self.with_context(spoc_list=True)).web_search_read(
            domain, specification, offset, limit, order, count_limit
        )

    def export_data(self, fields_to_export):
        # First: what is exported is read on the way, too.
        self.env["spoc.access.log"]._spoc_note(self, "export")
        return super().export_data(fields_to_export)

    def action_access_log(self):
        """Who in charge has read this confidential ticket."""
        self.ensure_one()
        self._spoc_check_inner()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_access_log_action"
        )
        return {**action, "domain": [("ticket_id", "=", self.id)]}

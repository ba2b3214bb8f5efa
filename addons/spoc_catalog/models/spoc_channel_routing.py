"""Where an identity leads: retired ones go on routing."""

import logging

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from ..identity import handle

_logger = logging.getLogger(__name__)


class SpocChannel(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.channel"

    @api.constrains("successor_id", "active")
    def _check_successor(self):
        for channel in self.filtered("successor_id"):
            passed, end = channel, channel.successor_id
            while not end.active and end.successor_id and end not in passed:
                passed |= end
                end = end.successor_id
            if end in passed:
                raise ValidationError(
                    self.env._(
                        "“%(identity)s” would replace itself in the end. Choose one "
                        "that is in use.",
                        identity=channel.identity,
                    )
                )
            if not end.active and not channel.active:
                raise ValidationError(
                    self.env._(
                        "“%(successor)s” is retired and leads nowhere, so it cannot "
                        "replace “%(identity)s”. Choose one that is in use.",
                        successor=end.identity,
                        identity=channel.identity,
                    )
                )

    @api.model
    def _spoc_find(self, kind, identity, count=True):
        """The channel behind any spelling of an identity.

        A retired identity leads to its successor, without one to what its desk uses
        instead; where nothing took its place it is given back itself, for its desk
        still answers. A bare ``@name`` finds the one account of that name. Numbers
        are read as dialled in the country of the current company, then in those of
        the others.

        :param str kind: kind of the channel
        :param str identity: as somebody typed, dialled or sent it
        :param bool count: note that a retired identity is still used
        :return: ``spoc.channel`` record with ``desk_id`` who answers, or empty
        """
        # sudo: an identity leads to its desk whoever uses it, signed in or not.
        found = self.sudo().with_context(active_test=False)._get_spelled(kind, identity)
        if count:
            found._spoc_count_straggler()
        return found._spoc_lead().with_env(self.env)

    def _get_spelled(self, kind, identity):
        """The channel of exactly this identity, the latest holder of a retired one."""
        normals = [
            self._normalize_identity(kind, identity, country)
            for country in self._get_countries(kind)
        ]
        channels = self.search(
            Domain("kind", "=", kind)
            & Domain("identity_normalized", "in", [n for n in normals if n]),
            order="active DESC, retired_on DESC, id DESC",
        )
        if not channels and kind in ("social", "chat") and normals[0].startswith("@"):
            named = self.search(
                Domain("kind", "=", kind)
                & Domain("identity_normalized", "=like", f"%/{normals[0][1:]}")
                & Domain("active", "=", True)
            ).filtered(lambda c: handle(c.identity_normalized) == normals[0])
            return named if len(named) == 1 else self.browse()
        order = {normal: place for place, normal in reversed(list(enumerate(normals)))}
        return channels.sorted(lambda c: (not c.active, order[c.identity_normalized]))[
            :1
        ]

    @api.model
    def _get_countries(self, kind):
        """Countries a national number may have been dialled in, the nearest first."""
        own = self.env.company.country_id
        if kind != "phone":
            return [own]
        companies = self.env["res.company"].search(
            [("partner_id.country_id", "!=", False)]
        )
        return [own, *(companies.country_id - own)]

    def _spoc_lead(self):
        """What a channel leads to today, itself when it is in use.

        :return: for each channel the one in use behind it, or the last retired one
            when nothing took its place; in no particular order
        """
        leads = self.browse()
        # sudo: a retired identity leads on to desks whoever uses it cannot read
        for channel in self.sudo():
            passed = channel
            while not channel.active:
                following = channel.successor_id or channel._get_heir()
                if not following or following in passed:
                    break
                passed |= following
                channel = following
            leads |= channel
        return leads.with_env(self.env)

    def _get_heir(self):
        """What the desk uses now instead of a retired identity of the same kind."""
        self.ensure_one()
        return self.search(
            [
                ("desk_id", "=", self.desk_id.id),
                ("kind", "=", self.kind),
                ("active", "=", True),
            ],
            limit=1,
        )

    def _spoc_count_straggler(self):
        """Note that somebody still uses a retired identity.

        A count is never worth a lost message: where another transaction counts the
        same identity at this moment, one use goes uncounted.
        """
        retired = self.filtered(lambda channel: not channel.active)
        if not retired:
            return
        fnames = ["straggler_count", "straggler_on"]
        retired.flush_recordset(fnames)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                # SQL: adds in one step, and steps aside for whoever is at it.
                self.env.cr.execute(
                    SQL(
                        """UPDATE spoc_channel
                              SET straggler_count = COALESCE(straggler_count, 0) + 1,
                                  straggler_on = CURRENT_DATE
                            WHERE id IN (SELECT id FROM spoc_channel WHERE id IN %s
                                         FOR NO KEY UPDATE SKIP LOCKED)""",
                        tuple(retired.ids),
                    )
                )
        except SerializationFailure:
            _logger.info("Use of retired channels %s not counted", retired.ids)
        retired.invalidate_recordset(fnames)

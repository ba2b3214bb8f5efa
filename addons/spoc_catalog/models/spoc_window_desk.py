"""The contact card's part of the window."""

from odoo import api, models
from odoo.fields import Domain


class SpocWindow(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.window"

    @api.model
    def _spoc_find_card(self, desk_id):
        """The desk whose card is asked for, if the user may see it; else empty."""
        Desk = self.env["spoc.desk"]
        return Desk.search(
            Domain("id", "=", desk_id) & Desk._spoc_card_domain(), limit=1
        )

    @api.model
    def _prepare_desk_values(self, desk, page=1):
        """A desk's contact card, with a page of what it offers."""
        zone = desk._get_reader_zone()
        week = desk._spoc_week()
        reader_week = desk._spoc_week(zone) if zone != desk.tz else week
        # Told only when the clocks really differ.
        same = [day["hours"] for day in week] == [day["hours"] for day in reader_week]
        return {
            "desk": desk,
            # sudo: a department is named here, whoever may look it up.
            "department": desk.sudo().department_id.name or "",
            "channels": desk.channel_ids,
            "openings": desk._spoc_openings(),
            "languages": desk._spoc_languages(),
            "week": week,
            "zone": desk._spoc_zone_name(desk.tz),
            "reader_week": [] if same else reader_week,
            "reader_zone": desk._spoc_zone_name(zone),
            "holidays": desk._spoc_holidays(),
            **self._get_page([("desk_id", "=", desk.id)], page),
        }

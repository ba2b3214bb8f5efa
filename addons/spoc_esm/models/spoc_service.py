from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SpocService(models.Model):
    """The same service, answered by the desk at the requester's place of work."""

    _inherit = "spoc.service"

    site_desk_ids = fields.Many2many(
        "spoc.desk",
        "spoc_service_site_desk_rel",
        "service_id",
        "desk_id",
        "Desks on the spot",
        domain="[('id', '!=', desk_id), ('work_location_ids', '!=', False),"
        " ('company_id', '=', company_id)]",
        help="People who work at a place of one of these desks are answered there; "
        "everyone else by the service's own desk.",
    )

    @api.constrains("site_desk_ids", "desk_id")
    def _check_site_desks(self):
        for service in self:
            taken = {}
            for desk in service.site_desk_ids:
                service._check_site_desk(desk)
                for place in desk.work_location_ids:
                    if place in taken:
                        raise ValidationError(
                            self.env._(
                                "%(service)s: both %(first)s and %(second)s answer for"
                                " %(place)s.",
                                service=service.name,
                                first=taken[place].name,
                                second=desk.name,
                                place=place.name,
                            )
                        )
                    taken[place] = desk

    def _check_site_desk(self, desk):
        """A desk on the spot keeps what the service's own desk keeps.

        :raise ValidationError: it is of another company, or open where the service's
            desk is confidential
        """
        self.ensure_one()
        if desk.company_id != self.desk_id.company_id:
            raise ValidationError(
                self.env._(
                    "%(service)s: %(desk)s belongs to another company.",
                    service=self.name,
                    desk=desk.name,
                )
            )
        if self.desk_id.privacy == "confidential" and desk.privacy != "confidential":
            raise ValidationError(
                self.env._(
                    "%(service)s is asked in confidence: %(desk)s is not confidential.",
                    service=self.name,
                    desk=desk.name,
                )
            )

    def _spoc_site_desk(self, partner):
        """The desk on the spot for a person.

        :param partner: res.partner
        :return: spoc.desk (sudo), empty when the service's own desk answers
        """
        self.ensure_one()
        # sudo: the desk need not be readable for the requester
        service = self.sudo()
        desks = service.site_desk_ids
        if not desks:
            return desks
        employees = partner._spoc_employees(service.company_id)
        place = employees[partner.id].work_location_id if employees else None
        return desks.filtered(lambda d: place and place in d.work_location_ids)[:1]

"""Confidential parts are kept by the rules; desks stand on support lines."""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.misc import file_open

RULES = (
    "rule_assignment_owner",
    "rule_assignment_administrator",
    "rule_ownership_agent",
    "rule_ownership_administrator",
)
#: SQL: desks that people turn to are the first line, others that were given work the
#: second.
LINES = (
    (
        "line_1",
        SQL(
            """EXISTS (SELECT FROM spoc_service service
                        WHERE service.desk_id = desk.id
                          AND service.state = 'published')
               OR EXISTS (SELECT FROM spoc_channel channel
                           WHERE channel.desk_id = desk.id AND channel.active)"""
        ),
    ),
    (
        "line_2",
        SQL(
            """EXISTS (SELECT FROM spoc_assignment assignment
                        WHERE assignment.desk_id = desk.id)"""
        ),
    ),
)


def migrate(cr, version):
    """Bring kept rules up to date, and put desks on the line they work on."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    # Rules of a released version are not read again by an upgrade.
    with file_open("spoc_helpdesk/security/spoc_helpdesk_rules.xml", "rb") as file:
        rules = etree.parse(file)
    for name in RULES:
        rule = env.ref(f"spoc_helpdesk.{name}", raise_if_not_found=False)
        [domain] = rules.xpath(
            "//record[@id=$name]/field[@name='domain_force']", name=name
        )
        if rule:
            rule.domain_force = domain.text
    for line, condition in LINES:
        # SQL: a first guess for desks of any company, archived ones, too
        cr.execute(
            SQL(
                "UPDATE spoc_desk desk SET line_id = %s WHERE line_id IS NULL AND (%s)",
                env.ref(f"spoc_helpdesk.{line}").id,
                condition,
            )
        )

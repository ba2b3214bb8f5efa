"""Rules that come with the addon and are not loaded again by an upgrade."""

from odoo import SUPERUSER_ID, api

RULES = ("rule_service_requester", "rule_channel_internal")
CHANGES = {
    "('desk_id.member_ids', 'in', user.ids)": "('desk_id.is_my_desk', '=', True)",
    "('desk_id.manager_id', '=', user.id)": "('desk_id.is_led_by_me', '=', True)",
}


def migrate(cr, version):
    """The rules no longer name the user: what they say can be kept for many."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in RULES:
        rule = env.ref(f"spoc_catalog.{name}", raise_if_not_found=False)
        domain = rule and rule.domain_force or ""
        for before, now in CHANGES.items():
            domain = domain.replace(before, now)
        if domain:
            rule.domain_force = domain

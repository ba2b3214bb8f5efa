"""Nobody of a confidential desk works on a matter of their own."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give away what members of confidential desks owned of their own matters."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    desks = env["spoc.desk"].with_context(active_test=False)
    for desk in desks.search([("privacy", "=", "confidential")]):
        desk._spoc_free_from_own_matters()

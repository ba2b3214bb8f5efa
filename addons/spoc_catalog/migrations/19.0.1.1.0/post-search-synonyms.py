"""Words that mean the same: companies that have the catalogue get the house's own."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Load them once; data that is not to be updated is not loaded by an upgrade."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["spoc.search.synonym"]._load_house_words()

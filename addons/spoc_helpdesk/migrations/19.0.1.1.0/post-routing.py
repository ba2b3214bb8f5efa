"""Skills services ask for become lines with a level; experience is worked out."""

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Any level was enough before: lines without one say the same."""
    if table_exists(cr, "spoc_service_skill_rel"):
        # SQL: the table has no field any more
        cr.execute(
            """
            INSERT INTO spoc_skill_need (service_id, skill_id, minimum,
                                         create_uid, create_date, write_uid, write_date)
            SELECT r.service_id, r.skill_id, 0, 1, now() at time zone 'UTC',
                   1, now() at time zone 'UTC'
              FROM spoc_service_skill_rel r
             WHERE NOT EXISTS (
                SELECT FROM spoc_skill_need n
                 WHERE n.service_id = r.service_id AND n.skill_id = r.skill_id)
            """
        )
    # SQL: what routing found nobody for is found by a filter now, and nobody wrote it
    cr.execute(
        """
        UPDATE spoc_ticket SET nobody_fits = true
         WHERE owner_id IS NULL AND routing_note IS NOT NULL
           AND routing_note::text <> 'false'
           AND state IN ('new', 'in_progress', 'waiting')
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["spoc.experience"]._spoc_rebuild()
    env.registry.clear_cache()

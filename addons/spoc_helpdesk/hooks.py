"""Installation hooks."""

from .database import drop_everything
from .database_waits import drop_waits


def post_init_hook(env):
    """Give the desks that were there before what they need to own tickets."""
    desks = env["spoc.desk"].with_context(active_test=False).search([])
    desks._spoc_ensure_counter()
    desks._spoc_ensure_voice()
    channels = env["spoc.channel"].search([("kind", "=", "email")])
    channels._spoc_sync_alias()


def uninstall_hook(env):
    """Lift the guards and let the tickets go, so that the tables can.

    Counters and voices of the desks are records of Odoo's own models: they go, too.
    """
    desks = env["spoc.desk"].with_context(active_test=False).search([])
    counters, voices = desks.number_sequence_id, desks.partner_id
    desks.write({"number_sequence_id": False, "partner_id": False, "line_id": False})
    env.flush_all()
    drop_waits(env.cr)
    drop_everything(env.cr)
    env.invalidate_all()
    counters.unlink()
    voices.unlink()

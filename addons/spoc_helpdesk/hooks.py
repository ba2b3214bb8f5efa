"""Installation hooks."""

from .database import drop_everything


def post_init_hook(env):
    """Give the desks that were there before what they need to own tickets."""
    # sudo: installation
    desks = env["spoc.desk"].sudo().with_context(active_test=False).search([])
    desks._spoc_ensure_counter()
    desks._spoc_ensure_voice()
    channels = env["spoc.channel"].sudo().search([("kind", "=", "email")])
    channels._spoc_sync_alias()


def uninstall_hook(env):
    """Lift the guards and let the tickets go, so that the tables can."""
    desks = env["spoc.desk"].with_context(active_test=False).search([])
    voices = desks.partner_id
    desks.partner_id = False
    env.flush_all()
    drop_everything(env.cr)
    env.invalidate_all()
    voices.unlink()

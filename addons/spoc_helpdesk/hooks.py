"""Installation hooks."""

from .database import drop_everything


def post_init_hook(env):
    """Give the desks that were there before their counters and mail addresses."""
    # sudo: installation
    desks = env["spoc.desk"].sudo().with_context(active_test=False).search([])
    desks._spoc_ensure_counter()
    channels = env["spoc.channel"].sudo().search([("kind", "=", "email")])
    channels._spoc_sync_alias()


def uninstall_hook(env):
    """Lift the guards and let the tickets go, so that the tables can."""
    env.flush_all()
    drop_everything(env.cr)
    env.invalidate_all()

"""Installation hooks."""

from odoo.tools import SQL

from . import search_sql


def post_init_hook(env):
    """Give the services of our data files their first version."""
    env["spoc.service"]._spoc_keep_first_versions()


def uninstall_hook(env):
    """Take away what the ORM does not know: SQL functions.

    The generated columns that call them belong to tables the uninstallation
    drops anyway, hence ``CASCADE``.
    """
    # SQL: functions are not ORM objects.
    for function in (*search_sql.NAMES, "spoc_user_facts"):
        env.cr.execute(SQL(f"DROP FUNCTION IF EXISTS {function} CASCADE"))
    # Names other modules gave to the inheritance of our models; nobody else
    # takes them away.
    env["ir.model.data"].search(
        [
            ("model", "=", "ir.model.inherit"),
            ("module", "!=", "spoc_catalog"),
            "|",
            ("name", "=like", r"model\_inherit\_\_spoc\_desk\_\_%"),
            ("name", "=like", r"model\_inherit\_\_spoc\_service\_\_%"),
        ]
    ).unlink()

"""Installation hooks."""


def post_init_hook(env):
    """Give the services of our data files their first version."""
    env["spoc.service"]._spoc_keep_first_versions()

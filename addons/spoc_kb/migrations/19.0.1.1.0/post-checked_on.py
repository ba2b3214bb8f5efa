"""Articles published before were checked when they were published."""


def migrate(cr, version):
    """Fill ``checked_on`` of what was published."""
    # SQL: a migration runs without the models, and touches every published article
    cr.execute(
        """
        UPDATE spoc_article SET checked_on = published_on::date
         WHERE checked_on IS NULL AND published_on IS NOT NULL
        """
    )

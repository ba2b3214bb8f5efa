"""What was suggested for a record was offered there."""


def migrate(cr, version):
    """The use has another name; nothing was ever both."""
    # SQL: notes by the thousand, written by code alone
    cr.execute("UPDATE spoc_article_use SET role = 'offered' WHERE role = 'suggested'")

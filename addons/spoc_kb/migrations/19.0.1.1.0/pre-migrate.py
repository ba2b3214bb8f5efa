"""Columns whose values others are computed from, filled before the models load."""

from odoo.tools import sql

COLUMNS = {
    "spoc_article": {
        "substance_on": "timestamp",
        "approved_on": "timestamp",
        "approver_id": "int4",
        "confidence": "varchar",
    },
    "spoc_desk": {
        "kb_review_months": "int4",
        "kb_due_policy": "varchar",
        "kb_start_level": "varchar",
        "kb_publish_own": "bool",
    },
}


def migrate(cr, version):
    """What was published was approved, validated and of substance on that day.

    Desks go on as they did: owners are asked, members approve what others wrote.
    """
    if not version:
        return
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            if not sql.column_exists(cr, table, name):
                sql.create_column(cr, table, name, kind)
    # SQL: the models are not there yet
    cr.execute(
        """
        UPDATE spoc_article
           SET substance_on = published_on,
               approved_on = published_on,
               approver_id = publisher_id,
               confidence = CASE state WHEN 'published' THEN 'validated'
                                       WHEN 'retired' THEN 'validated'
                                       WHEN 'review' THEN 'not_validated'
                                       ELSE 'wip' END
         WHERE confidence IS NULL
        """
    )
    cr.execute(
        """
        UPDATE spoc_desk
           SET kb_due_policy = 'remind', kb_start_level = 'publisher',
               kb_publish_own = FALSE
         WHERE kb_due_policy IS NULL
        """
    )

"""Uses of articles know whose matter they were used for."""


def migrate(cr, version):
    """The desk of the ticket decides who may see the use."""
    # SQL: notes by the thousand, written by code alone
    cr.execute(
        """
        UPDATE spoc_article_use AS use SET asked_desk_id = ticket.desk_id
          FROM spoc_ticket AS ticket
         WHERE use.res_model = 'spoc.ticket' AND use.res_id = ticket.id
           AND use.asked_desk_id IS NULL
        """
    )

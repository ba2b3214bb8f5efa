"""The queue shows broken promises and silence; what was is worked out once."""


def migrate(cr, version):
    """Tell who has been waiting for a word, and which promises are broken."""
    # SQL: tickets of any number; the words on them say it, nothing else did
    cr.execute(
        """
        UPDATE spoc_ticket AS ticket
           SET silent_since = COALESCE(
                   (SELECT max(message.date)
                      FROM mail_message AS message
                      JOIN mail_message_subtype AS subtype
                        ON subtype.id = message.subtype_id
                      JOIN res_users AS speaker
                        ON speaker.partner_id = message.author_id
                     WHERE message.model = 'spoc.ticket'
                       AND message.res_id = ticket.id
                       AND message.message_type IN ('comment', 'email')
                       AND message.is_internal IS NOT TRUE
                       AND subtype.internal IS NOT TRUE
                       AND message.author_id != ticket.requester_id
                       AND EXISTS (SELECT 1 FROM spoc_desk_member_rel AS member
                                    WHERE member.desk_id = ticket.desk_id
                                      AND member.user_id = speaker.id)),
                   ticket.create_date),
               broken_since = (SELECT min(clock.due)
                                 FROM spoc_clock AS clock
                                WHERE clock.ticket_id = ticket.id
                                  AND clock.state = 'missed'
                                  AND clock.ended_at IS NULL
                                  AND clock.kind IN
                                      ('response', 'update', 'resolution')
                                  AND ticket.state IN
                                      ('new', 'in_progress', 'waiting'))
         WHERE ticket.silent_since IS NULL
        """
    )

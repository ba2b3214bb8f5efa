"""What must hold of tickets in the database, whatever happened to the server.

Each is a query for the rows that break it: none may come back.
"""

BROKEN = {
    "the ledger of a ticket has a gap or an overlap": """
        WITH steps AS (
            SELECT ticket_id, start, "end",
                   lead(start) OVER (PARTITION BY ticket_id ORDER BY start, id) AS next
              FROM spoc_ownership WHERE role = 'accountable')
        SELECT ticket_id, start FROM steps WHERE "end" IS DISTINCT FROM next""",
    "the ledger does not begin with the ticket": """
        SELECT t.id FROM spoc_ticket t
          LEFT JOIN spoc_ownership o ON o.ticket_id = t.id AND o.role = 'accountable'
         GROUP BY t.id HAVING COALESCE(
             min(o.start) > t.create_date + interval '5 minutes', true)""",
    "the ledger names another than the owner": """
        SELECT t.id FROM spoc_ticket t
          LEFT JOIN spoc_ownership o ON o.ticket_id = t.id
           AND o.role = 'accountable' AND o."end" IS NULL
         WHERE o.id IS NULL OR o.desk_id <> t.desk_id
            OR o.user_id IS DISTINCT FROM t.owner_id""",
    "the owner of an open ticket is no member of its desk": """
        SELECT t.id FROM spoc_ticket t
         WHERE t.owner_id IS NOT NULL AND t.state NOT IN ('closed', 'cancelled')
           AND NOT EXISTS (SELECT FROM spoc_desk_member_rel m
                            WHERE m.desk_id = t.desk_id AND m.user_id = t.owner_id)""",
    "somebody works on a part that is not being worked on": """
        SELECT o.id FROM spoc_ownership o
          JOIN spoc_assignment a ON a.id = o.assignment_id
         WHERE o.role = 'working' AND o."end" IS NULL AND a.state <> 'accepted'""",
    "a part has two workers at once": """
        SELECT a.assignment_id FROM spoc_ownership a JOIN spoc_ownership b
            ON a.assignment_id = b.assignment_id AND a.id < b.id
           AND a.role = 'working' AND b.role = 'working'
           AND tsrange(a.start, a."end") && tsrange(b.start, b."end")""",
    "a ticket is resolved with work still going on elsewhere": """
        SELECT t.id FROM spoc_ticket t JOIN spoc_assignment a ON a.ticket_id = t.id
         WHERE t.state IN ('resolved', 'closed') AND a.is_open""",
    "a ticket is closed though the requester was not told how": """
        SELECT id FROM spoc_ticket WHERE state = 'closed'
           AND (told_at IS NULL OR resolution IS NULL OR resolved_at IS NULL)""",
    "a ticket has two clocks of a kind": """
        SELECT ticket_id, kind FROM spoc_clock
         WHERE state IN ('running', 'paused') AND kind IN
               ('response', 'update', 'resolution')
         GROUP BY ticket_id, kind HAVING count(*) > 1""",
    "what breaks first is not what the clocks say": """
        SELECT t.id FROM spoc_ticket t
         WHERE t.state IN ('new', 'in_progress') AND t.resolution_due IS DISTINCT FROM (
             SELECT min(c.due) FROM spoc_clock c
              WHERE c.ticket_id = t.id AND c.kind = 'resolution'
                AND c.state = 'running')""",
    "a level of a promise was carried out twice": """
        SELECT clock_id, level_id FROM spoc_escalation
         GROUP BY clock_id, level_id HAVING count(*) > 1""",
    "a mail is twice on a ticket": """
        SELECT res_id, message_id FROM mail_message
         WHERE model = 'spoc.ticket' AND message_type = 'email'
         GROUP BY res_id, message_id HAVING count(*) > 1""",
    "nobody told the requester that the request has come in": """
        SELECT t.id FROM spoc_ticket t WHERE t.origin <> 'email' AND NOT EXISTS (
            SELECT FROM mail_message m WHERE m.model = 'spoc.ticket'
               AND m.res_id = t.id AND m.message_type = 'auto_comment')""",
    "a ticket was taken from somebody as if nobody had it": """
        SELECT id FROM spoc_act WHERE kind = 'take' AND from_user_id IS NOT NULL""",
    "a ticket went to another desk that did not accept it": """
        SELECT id FROM spoc_transfer WHERE state = 'accepted' AND ended_at IS NULL""",
}


def broken(ask):
    """What is broken.

    :param ask: function of a statement that returns its rows
    :return: dict words -> rows
    """
    found = {words: ask(statement) for words, statement in BROKEN.items()}
    return {words: rows for words, rows in found.items() if rows}

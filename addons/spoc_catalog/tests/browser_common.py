from odoo.tests import HttpCase


class TourCase(HttpCase):
    """Pages in a browser, which a busy machine may take its time for."""

    def start_tour(self, *args, **kwargs):
        kwargs.setdefault("timeout", 240)
        return super().start_tour(*args, **kwargs)

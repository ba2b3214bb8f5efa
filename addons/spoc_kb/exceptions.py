"""Errors the form of an article answers with more than a message."""

from odoo.exceptions import UserError


class StaleWords(UserError):
    """Somebody saved other words of the article meanwhile.

    A class of its own, for the form to know it by name and to offer both texts.

    :param str message: for people
    :param int version: the ``content_version`` that stands now
    """

    def __init__(self, message, version=0):
        super().__init__(message)
        self.context = {"content_version": version}

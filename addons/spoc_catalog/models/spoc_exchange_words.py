"""What is wrong with a file, in words."""

from odoo import models


class SpocExchange(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.exchange"

    def _get_fault_text(self, place, code, params):
        """A fault of an entry, see ``catalog_file``, in words."""
        words = {
            "dict": lambda: self.env._("a description in braces is expected here"),
            "needed": lambda: self.env._("must be there"),
            "unknown": lambda: self.env._("there is no such key"),
            "choice": lambda: self.env._(
                "one of these is expected: %(choices)s", **params
            ),
            "text_language": lambda: self.env._(
                "“%(language)s” is no code of a language", **params
            ),
            "text": lambda: self.env._("a text is expected"),
            "long": lambda: self.env._(
                "it has more than %(limit)s characters", **params
            ),
            "characters": lambda: self.env._("it has characters no text may have"),
            "line": lambda: self.env._("a text of one line is expected"),
            "bool": lambda: self.env._("true or false is expected"),
            "int": lambda: self.env._("a whole number is expected"),
            "amount": lambda: self.env._("a number is expected, not below 0"),
            "list": lambda: self.env._("a list of texts is expected"),
            "parts": lambda: self.env._(
                "a list of no more than %(limit)s parts is expected", **params
            ),
            "double": lambda: self.env._(
                "“%(ref)s” stands in the file twice", **params
            ),
        }
        return f"{place}: {words[code]()}" if place else words[code]()

    def _get_file_fault_text(self, fault):
        """Why a file cannot be read at all, in words.

        :param fault: ``catalog_file.FileFault``
        """
        params = fault.params
        words = {
            "empty": lambda: self.env._("The file is empty."),
            "big": lambda: self.env._(
                "The file is too big, %(limit)s MB are the most.", **params
            ),
            "encoding": lambda: self.env._("The file is not text in UTF-8."),
            "json": lambda: self.env._(
                "The file is not JSON: look at line %(line)s, column %(column)s.",
                **params,
            ),
            "format": lambda: self.env._(
                "The file is no service catalogue: it does not begin with "
                "“format”: “spoc-catalog”."
            ),
            "version": lambda: self.env._(
                "The file has the version “%(version)s”, version 1 is understood here.",
                **params,
            ),
            "catalogue": lambda: self.env._(
                "The file does not say which catalogue it is: “catalogue” with “id” "
                "and “name” is missing."
            ),
            "language": lambda: self.env._(
                "“language” in the file is no code of a language."
            ),
            "section": lambda: self.env._(
                "“%(section)s” in the file is not a list.", **params
            ),
            "many": lambda: self.env._(
                "“%(section)s” has more than %(limit)s entries: split the file.",
                **params,
            ),
        }
        return words[fault.code]()

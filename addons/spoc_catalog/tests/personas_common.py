"""Who may do what, in tables: what the tests of all floors share.

An addon writes down what is meant: a table of its models, one of telling records, one
of its routes. Here stands how a table is compared with what really holds, so that a
model or route without a line, or a right nobody meant, makes a test fail.
"""

import inspect
import re

from odoo.exceptions import AccessError

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


class PersonaChecks:
    """Mixin of a test case whose attributes are the people and records of the tables.

    :cvar personas: names of the people, in the order of the tables' columns; an
        attribute of each name is the user
    """

    personas = ()

    def _who(self, persona):
        return getattr(self, persona)

    # ---- models ------------------------------------------------------------

    def _models_of(self, addon):
        """Names of the models an addon brings, abstract ones left out."""
        return {
            name
            for name, model in self.env.registry.items()
            if name.startswith("spoc.")
            and model._original_module == addon
            and not model._abstract
        }

    def assertEveryModel(self, addon, table):
        """Every model of the addon has its line, and every line its model."""
        self.assertEqual(self._models_of(addon), set(table))

    def assertRights(self, table):
        """Access rights are those of the table.

        :param dict table: name of the model -> per persona letters out of ``rwcd``
        """
        for name, rights in table.items():
            for persona, right in zip(self.personas, rights, strict=True):
                model = self.env[name].with_user(self._who(persona))
                has = {
                    letter
                    for letter, operation in OPERATIONS.items()
                    if model.has_access(operation)
                }
                self.assertEqual(has, set(right), f"{persona}: {name}")

    # ---- records -----------------------------------------------------------

    def assertRecords(self, table):
        """Records are seen by those of the table, by every way of the ORM.

        :param dict table: name of an attribute, a record -> names of personas
        """
        for name, seen_by in table.items():
            record = getattr(self, name)
            self.assertTrue(record, name)
            for persona in self.personas:
                with self.subTest(record=name, persona=persona):
                    self.assertEqual(
                        self._sees(self._who(persona), record), persona in seen_by
                    )

    def _sees(self, user, record):
        """Whether a record is found; it has to be the same by every way to it."""
        self.env.invalidate_all()
        theirs = record.with_user(user)
        if not theirs.browse().has_access("read"):
            with self.assertRaises(AccessError):
                theirs.browse().search_count([("id", "=", record.id)])
            return False
        domain = [("id", "=", record.id)]
        model = theirs.browse()
        found = bool(model.search(domain))
        self.assertEqual(bool(model.search_count(domain)), found)
        counted = model._read_group(domain, [], ["__count"])[0][0]
        self.assertEqual(bool(counted), found)
        self.assertEqual(bool(model.name_search("", domain)), found)
        self.assertEqual(theirs.has_access("read"), found)
        if not found:
            with self.assertRaises(AccessError):
                theirs.read(["display_name"])
        return found

    # ---- routes ------------------------------------------------------------

    def _routes_of(self, *modules):
        """Routes defined in modules of controllers, as they are written there."""
        routes = set()
        for module in modules:
            for _name, thing in inspect.getmembers(module, inspect.isclass):
                if thing.__module__ != module.__name__:
                    continue
                for method in vars(thing).values():
                    routing = getattr(method, "original_routing", None)
                    routes |= set(routing.get("routes") or ()) if routing else set()
        return routes

    def assertEveryRoute(self, table, *modules):
        """Every route of the modules has its line, and every line its route.

        :param table: paths; what varies is in ``<...>`` or ``{...}``, and a query
            does not matter
        """
        self.assertEqual(
            {self._pattern(route) for route in self._routes_of(*modules)},
            {self._pattern(path.partition("?")[0]) for path in table},
        )

    def _pattern(self, path):
        """A route or path with all that varies made equal."""
        return re.sub(r"<[^>]+>|\{[^}]+\}", "*", path)

    def _path(self, page):
        """A page of the table with the ids of the scene's records put in."""
        return page.format_map(_Ids(self))


class _Ids(dict):
    """Ids of the scene's records by name."""

    def __init__(self, scene):
        super().__init__()
        self.scene = scene

    def __missing__(self, name):
        thing = getattr(self.scene, name)
        return thing if isinstance(thing, str) else thing.id

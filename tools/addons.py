"""The addons of this checkout and what each stands on."""

import ast

from .base import ROOT, Problem


def manifests(root=ROOT):
    """{name: manifest} of the addons, lower floors first."""
    found = {
        path.parent.name: _read(path)
        for path in sorted(root.glob("addons/*/__manifest__.py"))
    }
    return {name: found[name] for name in sorted(found, key=lambda x: _rank(x, found))}


def floors(found):
    """The manifests without the glue between them and apps nobody has to have.

    Glue is installed by Odoo itself where both sides are (`auto_install`); asking for
    it would bring the app in.
    """
    return {
        name: manifest
        for name, manifest in found.items()
        if not manifest.get("auto_install")
    }


def _read(path):
    try:
        return ast.literal_eval(path.read_text("utf-8"))
    except (SyntaxError, ValueError) as error:
        raise Problem(f"{path} cannot be read: {error}") from error


def _rank(name, found):
    return len(below(name, found)), name


def below(name, found):
    """An addon and those of ours it stands on."""
    names = {name}
    for dependency in found[name].get("depends", []):
        if dependency in found:
            names |= below(dependency, found)
    return names


def outside(names, found):
    """What a set of addons needs of Odoo's."""
    needed = {x for name in names for x in found[name].get("depends", [])}
    return frozenset(needed - set(found))


def foundations(name, found):
    """The sets of Odoo's addons on the way up to one addon, each within the next."""
    return _chain(below(name, found), found)


def whole_foundations(found):
    """The sets of Odoo's addons on the way up to the whole suite."""
    return _chain(found, found)


def _chain(names, found):
    sets = []
    for name in sorted(names, key=lambda x: _rank(x, found)):
        needed = outside(below(name, found), found)
        if not sets or needed > sets[-1]:
            sets.append(needed)
    whole = outside(names, found)
    return sets if sets[-1] == whole else [*sets, whole]

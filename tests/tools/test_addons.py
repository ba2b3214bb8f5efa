"""What stands on what."""

import pytest

from tools import addons

FOUND = {
    "attic": {"depends": ["floor", "rating"]},
    "floor": {"depends": ["ground"]},
    "ground": {"depends": ["portal", "hr"]},
    "shed": {"depends": ["website"]},
}


def test_below():
    assert addons.below("attic", FOUND) == {"attic", "floor", "ground"}
    assert addons.below("ground", FOUND) == {"ground"}


def test_outside():
    assert addons.outside(["attic", "ground"], FOUND) == {"portal", "hr", "rating"}


def test_each_foundation_is_within_the_next():
    ground, attic = frozenset({"portal", "hr"}), frozenset({"portal", "hr", "rating"})
    assert addons.foundations("ground", FOUND) == [ground]
    assert addons.foundations("attic", FOUND) == [ground, attic]


def test_the_whole_has_them_all():
    chain = addons.whole_foundations(FOUND)
    assert chain[-1] == {"portal", "hr", "rating", "website"}
    assert all(lower < upper for lower, upper in zip(chain, chain[1:], strict=False))


def test_manifests_come_from_below(tmp_path):
    for name, manifest in FOUND.items():
        (tmp_path / "addons" / name).mkdir(parents=True)
        (tmp_path / "addons" / name / "__manifest__.py").write_text(repr(manifest))
    order = list(addons.manifests(tmp_path))
    assert order.index("ground") < order.index("floor") < order.index("attic")


@pytest.mark.parametrize("name", ["ground", "shed"])
def test_alone(name):
    assert len(addons.foundations(name, FOUND)) == 1


def test_glue_is_no_floor():
    found = {**FOUND, "glue": {"depends": ["attic", "website"], "auto_install": True}}
    assert set(addons.floors(found)) == set(FOUND)
    assert addons.below("glue", found) >= {"glue", "attic"}

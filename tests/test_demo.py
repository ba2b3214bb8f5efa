"""The demo company is alive: what a first look at the reports and pages finds."""

SYSTEM = 1


def test_published_services_have_a_version(admin):
    services = admin(
        "spoc.service",
        "search_read",
        [["state", "=", "published"]],
        ["name", "version_number", "is_changed", "changed_by_ids"],
    )
    assert services
    assert not [one for one in services if not one["version_number"]]
    # By the installation, that is: other tests change services as people do.
    assert not [one for one in services if SYSTEM in one["changed_by_ids"]]


def test_searches_tell_something(admin):
    searches = admin("spoc.search.log", "search_read", [], ["outcome", "date"])
    assert len(searches) > 100
    outcomes = {search["outcome"] for search in searches}
    assert outcomes >= {
        "nothing",
        "left",
        "opened",
        "article",
        "begun",
        "wished",
        "asked",
    }
    days = {search["date"][:10] for search in searches}
    assert len(days) > 20
    assert admin("spoc.search.report", "search_count", [["nothing_count", ">", 1]])
    assert admin("spoc.service", "search_count", [["asked_count", ">", 0]])


def test_wishes_are_in_every_state(admin):
    wishes = admin("spoc.wish", "search_read", [], ["state"])
    states = {wish["state"] for wish in wishes}
    assert states == {"new", "classified", "answered", "promoted"}


def test_articles_are_written_in_three_languages(admin):
    domain = [["model", "=", "spoc.article"], ["module", "=", "spoc_kb"]]
    names = admin("ir.model.data", "search_read", domain, ["res_id"])
    domain = [
        ["id", "in", [name["res_id"] for name in names]],
        ["state", "=", "published"],
        ["translation_group_id", "=", False],
    ]
    originals = admin("spoc.article", "search", domain)
    assert originals
    for lang in ("ru_RU", "sv_SE"):
        domain = [
            ["translation_group_id", "in", originals],
            ["lang", "=", lang],
            ["state", "=", "published"],
        ]
        assert admin("spoc.article", "search_count", domain) == len(originals)

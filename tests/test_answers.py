"""Answers before a request: found by free words, in three languages, with mistakes.

At a desk and on a phone, by keyboard alone, with a word to the one who keeps the
article, and without scripts.
"""

import pytest

from tests.support.variants import screens

# What people type into "I cannot find it", not quite as it is written, and what is
# offered to them.
WORDS = {
    "en": ("i forgot my pasword agian", "How do I reset my password?"),
    "sv": ("jag har glömt mitt lösenrod", "Hur återställer jag mitt lösenord?"),
    "ru": ("забыл свой парол", "Как восстановить пароль?"),
}
# What the script says comes in the language of the page.
YES = {"en": "Yes, that answers it", "sv": "Ja, det besvarar", "ru": "Да, это ответ"}


@pytest.fixture
def offers(admin):
    """What was noted of the answers offered so far: list of rows."""

    def read():
        fields = ["article_id", "shown", "read_count", "declined", "deflected", "asked"]
        return admin(
            "spoc.article.offer", "search_read", [], fields, order="id desc", limit=20
        )

    return read


def type_words(visitor, words):
    """Type free words; the answers below the field."""
    page = visitor.page
    visitor.go("/spoc/ask")
    page.locator("#spoc_description").press_sequentially(words, delay=15)
    answers = page.locator(".o_spoc_answer")
    answers.first.wait_for()
    return answers


@pytest.mark.parametrize(("lang", "size"), screens(WORDS))
def test_deflected(visit, languages, context, lang, size):
    words, title = WORDS[lang]
    visitor = visit("requester", size=size)
    page = visitor.page
    visitor.go("/spoc/ask")
    visitor.speak(lang)
    answers = type_words(visitor, words)
    offered = answers.first.inner_text()
    assert title in offered, offered
    findings = visitor.look_over(context["axe"])
    answers.first.click()
    page.locator(".o_spoc_answer_dialog .spoc_article_body").wait_for()
    findings += visitor.look_over(context["axe"])
    visitor.shoot(f"answer-{lang}")
    assert YES[lang] in page.locator(".o_spoc_answer_yes").inner_text()
    page.locator(".o_spoc_answer_yes").click()
    page.locator(".o_spoc_answers .alert-success").wait_for()
    findings += visitor.look_over(context["axe"])
    assert page.locator("#spoc_description").input_value() == words
    assert page.locator("dialog").count() == 0
    assert not findings, "\n".join(findings)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


def test_no_goes_on_and_yes_is_undone(visit):
    visitor = visit("manager")
    page = visitor.page
    words, _title = WORDS["en"]
    answers = type_words(visitor, words)
    answers.first.click()
    page.locator(".o_spoc_answer_no").click()
    field = page.locator("#spoc_description")
    assert field.evaluate("one => one === document.activeElement")
    assert field.input_value() == words
    # By keyboard alone: to the next answer, into it, and yes.
    field.press("End")
    field.press_sequentially(" please", delay=15)
    page.wait_for_timeout(1500)
    page.keyboard.press("Tab")
    for _press in range(6):
        if page.evaluate("document.activeElement.matches('.o_spoc_answer')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert page.evaluate("document.activeElement.matches('.o_spoc_answer')")


def test_without_scripts_the_form_is_what_it_was(visit):
    visitor = visit("requester", scripts=False)
    visitor.go("/spoc/ask")
    visitor.page.fill("#spoc_description", "Something nobody has written about")
    visitor.page.click("#spoc_ask_freely button[type=submit]")
    assert "/spoc/ask" not in visitor.page.url


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_reader_s_word(visit, admin, size):
    visitor = visit("requester" if size == "desktop" else "customer", size=size)
    page = visitor.page
    visitor.go("/spoc/articles/useful")
    page.locator(".list-group a").first.click()
    page.locator("#spoc_feedback").wait_for()
    page.locator("#spoc_reason_unclear").check()
    page.locator("#spoc_feedback_comment").fill(f"Which button? {size}")
    page.locator("#spoc_feedback button[value='0']").click()
    page.locator("#spoc_feedback .alert-success").wait_for()
    said = admin(
        "spoc.article.feedback",
        "search_read",
        [["comment", "=", f"Which button? {size}"]],
        ["helped", "reason"],
    )
    assert [(one["helped"], one["reason"]) for one in said] == [(False, "unclear")]


def test_counted_in_the_report(visit, offers):
    visitor = visit("hr")
    answers = type_words(visitor, "i forgot my pasword")
    answers.first.click()
    visitor.page.locator(".o_spoc_answer_yes").click()
    visitor.page.locator(".o_spoc_answers .alert-success").wait_for()
    visitor.page.wait_for_timeout(500)
    latest = offers()[0]
    assert (latest["read_count"], latest["deflected"], latest["asked"]) == (1, 1, 0)

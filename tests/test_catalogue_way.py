"""The way through the catalogue: found by a word, understood, asked for, refused.

In three languages, at a desk and on a phone; with mistakes, with a form that changes
while it is filled in, without scripts, and with nothing found at all.
"""

import json
import re

import pytest

from tests.support.variants import screens

SERVICE = "spoc_catalog.service_personal_data"
QUESTION = "spoc_catalog.question_personal_data_"
IBAN = "SE45 5000 0000 0583 9825 7466"
PDF = b"%PDF-1.4\n%%EOF\n"
MEGABYTE = 1 << 20
CERTIFICATE = {"name": "bevis.pdf", "mimeType": "application/pdf", "buffer": PDF}

# What people type, not quite as it is written, and what they read then.
LANGUAGES = {
    "en": {
        "typed": "divorse",
        "service": "New address, name or bank account",
        "promise": "Our promise",
        "promises": ("First answer within 4 working hours", "Done within"),
        "moment": r"Ask now: answered by \w{3}, \w{3} \d{1,2}, \d{1,2}:\d\d\s[AP]M",
        "changes": (
            "First name or surname",
            "Bank account",
            "Whom we call in an emergency",
        ),
        "name": "New name in full",
        "hidden": "Account number (IBAN)",
        "rows": ("Full name: Nils Ek; Phone: ", "Full name: Eva Ek; Phone: "),
    },
    "ru": {
        "typed": "рекивзиты",
        "service": "Новый адрес, фамилия или счёт в банке",
        "promise": "Наши сроки",
        "promises": ("Первый ответ — не позже чем через 4", "Готово — не позже"),
        "moment": r"Если обратиться сейчас: ответ до \w{2}, \d{1,2} \S+, \d{1,2}:\d\d",
        "changes": (
            "Имя или фамилия",
            "Счёт в банке",
            "Кому звонить в экстренном случае",
        ),
        "name": "Новое имя полностью",
        "hidden": "Номер счёта (IBAN)",
        "rows": ("Имя и фамилия: Nils Ek; Телефон: ", "Имя и фамилия: Eva Ek; Телефон"),
    },
    "sv": {
        "typed": "kontonumer",
        "service": "Ny adress, nytt namn eller bankkonto",
        "promise": "Vårt löfte",
        "promises": ("Första svar inom 4", "Klart inom"),
        "moment": r"Fråga nu: svar senast \w{3}\.? \d{1,2} \S+ \d{1,2}:\d\d",
    },
}
# Those who go on to the end; the others stop at the promise.
ALL_THE_WAY = {("en", "desktop"), ("ru", "phone")}


class Sheet:
    """The form for new personal data, as it stands on a page."""

    def __init__(self, visitor, refs):
        self.visitor, self.page, self._refs = visitor, visitor.page, refs
        self.form = self.page.locator("#spoc_service_ask form")

    def open(self):
        self.visitor.go(f"/spoc/service/{self._refs(SERVICE)}")
        return self

    def name(self, code):
        """What the input of a question is called."""
        return f"q_{self._refs(QUESTION + code)}"

    def input(self, code):
        return self.form.locator(f"#{self.name(code)}")

    def question(self, code):
        number = self._refs(QUESTION + code)
        return self.form.locator(f'.o_spoc_question[data-question="{number}"]')

    def error(self, code):
        return self.question(code).locator("> .o_spoc_error").inner_text().strip()

    def check(self, label):
        return self.form.get_by_role("checkbox", name=label, exact=True)

    def fill_row(self, place, name, phone):
        row = self.question("contacts").locator(".o_spoc_row").nth(place)
        row.locator("input[type=text]").fill(name)
        row.locator("input[type=tel]").fill(phone)

    def focus(self):
        return self.page.evaluate("document.activeElement.id")

    def send(self):
        self.form.locator("button[type=submit]").click()

    def asked(self):
        """Wait for the request's page; its number in the database."""
        self.page.wait_for_url("**/my/requests/**")
        self.page.locator(".o_spoc_thanks").wait_for()
        return int(re.search(r"/my/requests/(\d+)", self.page.url)[1])


@pytest.fixture
def refs(admin):
    known = {}

    def find(xmlid):
        if xmlid not in known:
            known[xmlid] = admin.ref(xmlid)
        return known[xmlid]

    return find


@pytest.fixture
def tickets(server):
    """How many requests the requester has made."""
    requester = server.client("requester")
    return lambda: requester("spoc.ticket", "search_count", [])


@pytest.fixture
def big_file(tmp_path):
    """More than the form takes, and not a byte of it worth sending."""
    path = tmp_path / "scan.pdf"
    with open(path, "wb") as file:
        file.truncate(11 * MEGABYTE)
    return path


# ---- found, understood, asked for -------------------------------------------


def find(visitor, words):
    """Type a word that is misspelt; open the service from the suggestions."""
    page = visitor.page
    page.locator("#spoc_q").press_sequentially(words["typed"], delay=10)
    suggestion = page.locator("[role=option]", has_text=words["service"])
    suggestion.wait_for()
    visitor.shoot("1-suggestions")
    suggestion.click()
    page.wait_for_url("**/spoc/service/**")
    page.get_by_role("heading", level=1, name=words["service"]).wait_for()


def read_promise(page, words):
    """The promise, in words and as a moment."""
    assert page.get_by_role("heading", name=words["promise"]).is_visible()
    promise = page.locator(".o_spoc_promises").inner_text()
    for text in words["promises"]:
        assert text in promise
    assert re.search(words["moment"], promise), promise


def fill_in(sheet, words):
    """A name, a certificate, two people to call; an account, and then not."""
    name, account, contacts = words["changes"]
    for code in ("name", "paper", "bank_account", "contacts"):
        assert not sheet.question(code).is_visible(), f"{code} asked of everybody"
    sheet.check(account).check()
    sheet.form.get_by_label(words["hidden"]).fill(IBAN)
    sheet.check(name).check()
    assert sheet.form.get_by_label(words["name"]).is_visible()
    sheet.input("name").fill("Olga Ek")
    sheet.input("paper").set_input_files(CERTIFICATE)
    sheet.check(contacts).check()
    sheet.fill_row(0, "Nils Ek", "+46 70 123 45 67")
    sheet.question("contacts").locator(".o_spoc_add_row").click()
    sheet.fill_row(1, "Eva Ek", "+46 70 765 43 21")
    sheet.check(account).uncheck()
    assert not sheet.form.get_by_label(words["hidden"]).is_visible()


@pytest.mark.parametrize(("code", "size"), screens(LANGUAGES))
def test_from_a_word_to_the_request(visit, languages, refs, server, code, size):
    words = LANGUAGES[code]
    visitor = visit("requester", size=size)
    page = visitor.page
    visitor.go("/spoc")
    visitor.speak(code)
    find(visitor, words)
    read_promise(page, words)
    visitor.shoot("2-service")
    if (code, size) not in ALL_THE_WAY:
        return
    sheet = Sheet(visitor, refs)
    fill_in(sheet, words)
    visitor.shoot("3-form")
    sheet.send()
    ticket = sheet.asked()
    visitor.shoot("4-asked")
    answers = page.locator(".o_spoc_answers")
    for text in (words["name"], "Olga Ek", *words["rows"]):
        assert text in answers.inner_text()
    assert IBAN not in page.content(), "a hidden question's answer was kept"
    with page.expect_download() as download:
        answers.get_by_role("link", name="bevis.pdf").click()
    assert download.value.path().read_bytes() == PDF
    domain = [["ticket_id", "=", ticket]]
    # nobody but the desk sees a request to it
    desk = server.client("hr")
    stored = desk("spoc.answer", "search_read", domain, ["question_text"])
    asked = {answer["question_text"] for answer in stored}
    assert words["name"] in asked and words["hidden"] not in asked


# ---- mistakes ---------------------------------------------------------------


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_mistakes_are_told_where_they_are(
    visit, refs, tickets, context, big_file, size
):
    before = tickets()
    visitor = visit("requester", size=size)
    sheet = Sheet(visitor, refs).open()
    for label in ("Address", "First name or surname", "Bank account"):
        sheet.check(label).check()
    sheet.input("address").fill("Storgatan 1\nSE-111 22 Stockholm")
    sheet.input("bank_account").fill("0583 9825")
    paper = sheet.input("paper")
    paper.set_input_files(big_file)
    assert "scan.pdf is too big" in sheet.error("paper"), "told as soon as chosen"
    paper.set_input_files({**CERTIFICATE, "name": "bevis.exe"})
    # leaving the last field brings its message up, and must not cost the click
    sheet.send()

    # the first fault in the order of the questions, though it was typed last
    assert sheet.focus() == sheet.name("name")
    assert sheet.error("name") == "Please answer this question."
    assert "bevis.exe" in sheet.error("paper")
    assert "IBAN begins with two letters" in sheet.error("bank_account")
    assert not sheet.error("address")
    assert sheet.input("name").get_attribute("aria-invalid") == "true"
    assert sheet.input("address").input_value().startswith("Storgatan 1\n")
    assert sheet.input("bank_account").input_value() == "0583 9825"
    assert paper.evaluate("input => input.files[0].name") == "bevis.exe"
    visitor.shoot("mistakes")
    if size == "phone":
        assert not visitor.look_over(context["axe"])
    assert tickets() == before, "a request was made of mistakes"

    sheet.input("name").fill("Olga Ek")
    paper.set_input_files(CERTIFICATE)
    sheet.input("bank_account").fill(IBAN)
    sheet.send()
    sheet.asked()
    assert tickets() == before + 1


def test_mistakes_without_scripts(visit, refs, tickets):
    """The page comes back with what was typed and the server's words beside."""
    before = tickets()
    visitor = visit("requester", scripts=False)
    sheet = Sheet(visitor, refs).open()
    sheet.check("First name or surname").check()
    sheet.check("Address").check()
    sheet.input("address").fill("Storgatan 1")
    sheet.input("paper").set_input_files({**CERTIFICATE, "name": "bevis.exe"})
    sheet.send()
    sheet.page.wait_for_load_state("load")
    assert sheet.error("name") == "Please answer this question."
    assert "bevis.exe" in sheet.error("paper")
    assert sheet.check("First name or surname").is_checked()
    assert sheet.input("address").input_value() == "Storgatan 1"
    visitor.shoot("mistakes")
    assert tickets() == before

    sheet.input("name").fill("Olga Ek")
    sheet.input("paper").set_input_files(CERTIFICATE)
    sheet.send()
    sheet.asked()
    answers = sheet.page.locator(".o_spoc_answers").inner_text()
    assert "Olga Ek" in answers and "bevis.pdf" in answers


# ---- the form changes -------------------------------------------------------


def test_form_changes_while_it_is_filled_in(visit, refs, admin, tickets):
    form = refs("spoc_catalog.form_personal_data")
    before = tickets()

    def ask_too(label):
        values = {"form_id": form, "label": label, "type": "text", "required": True}
        return admin("spoc.form.question", "create", [values])[0]

    old = ask_too("Where are you now?")
    new = None
    try:
        visitor = visit("requester")
        sheet = Sheet(visitor, refs).open()
        page = sheet.page
        sheet.check("First name or surname").check()
        sheet.input("name").fill("Olga Ek")
        sheet.input("paper").set_input_files(CERTIFICATE)
        page.get_by_label("Where are you now?").fill("At my sister's")
        sheet.form.locator("[name=description]").fill("Thank you!")

        admin("spoc.form.question", "unlink", [old])
        new = ask_too("Who may know?")
        sheet.send()
        said = page.locator(".o_spoc_form_error")
        said.filter(has_text="This form was changed").wait_for()
        assert "nothing of what you wrote is lost" in said.inner_text()
        assert page.evaluate("document.activeElement.className").count("form_error")
        assert tickets() == before
        visitor.shoot("changed")
        # what is no longer asked is given back, to be copied
        assert "At my sister's" in page.locator(".o_spoc_leftovers").inner_text()
        assert sheet.input("name").input_value() == "Olga Ek"
        assert sheet.check("First name or surname").is_checked()
        assert sheet.input("paper").evaluate("input => input.files.length") == 1
        note = sheet.form.locator("[name=description]")
        assert note.input_value() == "Thank you!"

        page.get_by_label("Who may know?").fill("My team")
        sheet.send()
        sheet.asked()
        answers = page.locator(".o_spoc_answers").inner_text()
        for text in ("Olga Ek", "bevis.pdf", "Who may know?", "My team"):
            assert text in answers
    finally:
        domain = [["id", "in", [old, new]]]
        left = admin("spoc.form.question", "search", domain)
        admin("spoc.form.question", "unlink", left)


# ---- nothing found ----------------------------------------------------------


def test_what_is_not_found_becomes_a_request(visit, server):
    visitor = visit("requester", size="phone")
    page = visitor.page
    visitor.go("/spoc")
    search = page.locator("#spoc_q")
    search.fill("xqzjvk wmpfthh")
    search.press("Enter")
    page.wait_for_url("**/spoc/search?**")
    assert "xqzjvk wmpfthh" in page.locator(".o_spoc_empty").inner_text()
    free = page.locator("#spoc_ask_freely")
    words = free.locator("textarea")
    assert words.input_value() == "xqzjvk wmpfthh"
    words.fill("")
    free.locator("button[type=submit]").click()
    page.locator("#spoc_description_error:not(.d-none)").wait_for()
    assert page.evaluate("document.activeElement.id") == "spoc_description"
    words.fill("The plant in the hall needs water.")
    visitor.shoot("1-not-found")
    free.locator("button[type=submit]").click()
    page.wait_for_url("**/my/requests/**")
    assert "The plant in the hall" in page.locator("h1").inner_text()
    visitor.shoot("2-asked")
    ticket = int(re.search(r"/my/requests/(\d+)", page.url)[1])
    # the agent who reads it learns what led nowhere
    agent = server.client("agent")
    read = agent("spoc.ticket", "read", [ticket], ["searched", "service_id"])[0]
    assert read["searched"] == "xqzjvk wmpfthh"
    assert not read["service_id"]


# ---- refused ----------------------------------------------------------------


def test_refused_in_the_same_words_by_every_way(visit, refs, tickets):
    """Seen, not to be asked for: the page says why, a forged request hears the same."""
    before = tickets()
    visitor = visit("requester")
    page = visitor.page
    visitor.go("/spoc/ask")
    token = page.locator("#spoc_ask_freely [name=csrf_token]").input_value()
    url = f"/spoc/service/{refs('spoc_catalog.service_desk_move')}"
    visitor.go(url)
    refusal = page.locator("#spoc_service_refusal").inner_text()
    assert "You cannot ask for this yourself" in refusal
    assert "ask your manager" in refusal
    assert not page.locator("form.o_spoc_form").count(), "a form nobody may send"
    visitor.shoot("refused")

    form = {"csrf_token": token, "description": "Please move us"}
    scripted = page.request.post(
        f"{url}/ask", form=form, headers={"X-Requested-With": "spoc"}
    )
    said = json.loads(scripted.text())["errors"]["_form"]
    assert said
    for line in said.splitlines():
        assert line in refusal
    plain = page.request.post(f"{url}/ask", form=form).text()
    for line in said.splitlines():
        assert line in plain
    assert tickets() == before

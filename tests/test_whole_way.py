"""The whole way of a request, from the first word to the stars.

Two requests reach one desk, one by the window and one by mail; another line helps, an
article answers, one requester is content and one is not. Everything goes through the
real things: a browser, an IMAP server, an SMTP server, two workers.
"""

import re
import time

import pytest

from tests.support.mail import letter, links_of, text_of

DESK = "it@nordvik.example"
REQUESTER = "olga.lindqvist@nordvik.example"
KARIN = "Karin Berg <karin.berg@customer.example>"
NUMBER = re.compile(r"\bIT-\d{6}\b")
MOMENT = re.compile(r"by \w{3}, \w{3} \d{1,2}, \d{1,2}:\d\d\s[AP]M")


@pytest.fixture
def desk(server):
    """The desk's agent, as a program sees it."""
    return server.client("agent")


def ticket_of(client, number):
    fields = ["state", "desk_id", "owner_id", "reopen_count", "name", "requester_id"]
    return client.one("spoc.ticket", [["number", "=", number]], fields)


def eventually(ask, seconds=10):
    """Wait until `ask()` is true: what another process does takes a moment."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.2)
    return answer


def confirm_link(message):
    (link,) = {link for link in links_of(message) if "/spoc/request/confirm/" in link}
    return link


def write(page, field, text):
    """Write into a rich text field, over what is there."""
    editor = page.locator(f".o_field_widget[name={field}] .odoo-editor-editable")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page, field, text):
    """Choose a record in a many2one field."""
    page.locator(f".modal .o_field_widget[name={field}] input").fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def ask_by_window(visitor):
    """Search, read, fill in the form; the number of the request."""
    page = visitor.page
    visitor.go("/spoc")
    search = page.locator("input[name=q]").first
    search.fill("printer")
    visitor.shoot("1-suggestions")
    search.press("Enter")
    page.get_by_role("link", name="My printer does not print").first.click()
    form = page.locator("#spoc_service_ask form")
    for field in form.locator("input[type=text], textarea").all():
        field.fill("P-3-14, third floor")
    for group in form.locator("fieldset").all():
        group.locator("label").first.click()
    for options in form.locator("select").all():
        options.select_option(index=1)
    visitor.shoot("2-form")
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/my/requests/**")
    thanks = page.locator(".o_spoc_thanks").inner_text()
    visitor.shoot("3-asked")
    return NUMBER.search(thanks)[0]


def assign(visitor, number):
    """The agent takes the ticket and hands a part of the work to the second line."""
    page = visitor.page
    visitor.go("/odoo/service-tickets")
    page.locator(".o_searchview_input").fill(number)
    # what it offers would lie over the list if it came late
    offered = page.locator(".o_searchview_autocomplete")
    offered.wait_for()
    page.keyboard.press("Enter")
    page.locator(".o_searchview_facet", has_text=number).wait_for()
    offered.wait_for(state="hidden")
    page.locator(".o_data_row, .o_kanban_record", has_text=number).first.click()
    page.locator(".o_form_view").wait_for()
    take = page.locator("button[name=action_take]")
    if take.is_visible():
        take.click()
    page.locator("button[name=action_assign_wizard]").click()
    choose(page, "desk_id", "Infrastructure")
    page.locator(".modal .o_field_widget[name=name] input").fill("Look at the queue")
    visitor.shoot("4-assign")
    page.locator(".modal button[name=action_assign]").click()
    page.locator(".modal").wait_for(state="detached")


def work_in_second_line(visitor, number):
    """The other line accepts the task and answers its owner."""
    page = visitor.page
    visitor.go("/odoo/service-assignments")
    task = page.locator(".o_data_row, .o_kanban_record", has_text=number)
    task.first.click()
    page.locator("button[name=action_accept]").click()
    page.locator(".o_notebook .nav-link[name=answer]").click()
    write(page, "answer", "The queue was stuck. It runs again.")
    visitor.shoot("5-second-line")
    page.locator("button[name=action_answer]").click()
    page.locator("button[name=action_answer]").wait_for(state="hidden")


def resolve(visitor, ticket, words):
    """The agent resolves by an article and their own words."""
    page = visitor.page
    visitor.go(f"/odoo/service-tickets/{ticket['id']}")
    # Among the first acts for its owner, for others in the menu.
    acts = page.locator(".o_statusbar_buttons")
    acts.wait_for()
    resolving = page.locator("button", has_text=re.compile("^Resolve$"))
    if not resolving.count():
        acts.locator(".oi-ellipsis-v").click()
    resolving.first.click()
    choose(page, "article_id", "print")
    # the article's words come first
    page.locator(".modal .o_field_widget[name=resolution] li").first.wait_for()
    write(page, "resolution", words)
    visitor.shoot("6-resolve")
    page.locator(".modal button[name=action_resolve]").click()
    page.locator(".modal").wait_for(state="detached")


def test_from_the_window_to_the_stars(visit, desk, outbox):
    before = len(outbox.messages)
    number = ask_by_window(visit("requester", size="phone"))

    received = outbox.wait(REQUESTER, re.escape(number), since=before)
    assert number in text_of(received)
    assert MOMENT.search(text_of(received)), "no promised time"

    agent = visit("agent")
    assign(agent, number)
    work_in_second_line(visit("line2"), number)
    ticket = ticket_of(desk, number)
    assert ticket["desk_id"][1].startswith("IT")
    (task,) = eventually(
        lambda: desk(
            "spoc.assignment",
            "search",
            [["ticket_id", "=", ticket["id"]], ["state", "=", "answered"]],
        )
    )
    desk("spoc.assignment", "action_confirm", [task])

    before = len(outbox.messages)
    resolve(agent, ticket, "Please print again.")
    solved = outbox.wait(REQUESTER, "solved", since=before)
    assert "Please print again." in text_of(solved)
    assert ticket_of(desk, number)["state"] == "resolved"

    anyone = visit(size="phone")
    anyone.go(confirm_link(solved))
    anyone.shoot("7-is-it-solved")
    assert ticket_of(desk, number)["state"] == "resolved", "a link changed something"
    anyone.page.get_by_role("button", name="Yes, it is solved").click()
    anyone.page.wait_for_url("**/spoc/request/rate/**")
    assert ticket_of(desk, number)["state"] == "closed"

    anyone.page.locator("label[for=spoc_rate_5]").click()
    anyone.shoot("8-stars")
    anyone.page.locator("form.o_spoc_rate button[type=submit]").click()
    anyone.page.get_by_role("heading", name="Thank you").wait_for()
    domain = [["res_model", "=", "spoc.ticket"], ["res_id", "=", ticket["id"]]]
    rating = desk.one("rating.rating", domain, ["rating", "consumed"])
    assert rating["rating"] == 5 and rating["consumed"]

    # the link of an answered question is of no use any more
    anyone.go(confirm_link(solved))
    assert not anyone.page.get_by_role("button", name="Yes, it is solved").count()


def test_by_mail_and_not_content(visit, desk, admin, mailbox, fetch_mail, outbox):
    sender = KARIN.split("<")[1].rstrip(">")
    before = len(outbox.messages)
    first = letter(
        KARIN,
        DESK,
        "Cannot reach your shop",
        "Hello,\n\nthe shop does not open since this morning.\n\nKarin Berg\n",
        attachments=[("error.txt", "text/plain", b"timeout\n")],
    )
    mailbox.deliver(first)
    fetch_mail()

    received = outbox.wait(sender, NUMBER.pattern, since=before)
    number = NUMBER.search(str(received["subject"]))[0]
    assert MOMENT.search(text_of(received)), "no promised time"
    ticket = ticket_of(desk, number)
    assert ticket["name"] == "Cannot reach your shop"
    files = [["res_model", "=", "spoc.ticket"], ["res_id", "=", ticket["id"]]]
    assert admin("ir.attachment", "search_count", [*files, ["name", "=", "error.txt"]])

    before = len(outbox.messages)
    if not ticket["owner_id"]:
        desk("spoc.ticket", "action_take", [ticket["id"]])
    words = {"resolution": "<p>The shop is open again.</p>"}
    desk("spoc.ticket", "write", [ticket["id"]], words)
    desk("spoc.ticket", "action_resolve", [ticket["id"]])
    solved = outbox.wait(sender, "solved", since=before)

    before = len(outbox.messages)
    karin = visit()
    karin.go(confirm_link(solved))
    reject = karin.page.locator("form", has_text="Not solved?")
    reject.locator("textarea").fill("It opens, but I cannot pay.")
    reject.locator("button[value=reject]").click()
    karin.page.get_by_role("heading", name="open again").wait_for()
    karin.shoot("1-open-again")
    ticket = ticket_of(desk, number)
    assert ticket["state"] in ("new", "in_progress")
    assert ticket["reopen_count"] == 1

    everything = admin("spoc.ticket", "search_count", [])
    answer = letter(
        KARIN,
        str(received["Reply-To"] or received["From"]),
        f"Re: {received['subject']}",
        "It is the card payment that fails.\n",
        answers=received,
    )
    mailbox.deliver(answer)
    fetch_mail()
    assert admin("spoc.ticket", "search_count", []) == everything
    thread = [["model", "=", "spoc.ticket"], ["res_id", "=", ticket["id"]]]
    said = [["body", "ilike", "card payment that fails"]]
    assert admin("mail.message", "search_count", [*thread, *said]) == 1


def test_the_same_mail_twice_is_one_request(admin, mailbox, fetch_mail):
    message = letter(KARIN, DESK, "Sent twice", "Once is enough.\n")
    for _ in range(2):
        mailbox.deliver(message)
    fetch_mail()
    domain = [["name", "=", "Sent twice"]]
    assert admin("spoc.ticket", "search_count", domain) == 1

"""Earlier words, kept as patches till now, become versions of the whole article."""

from datetime import datetime

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, split_every, sql

from odoo.addons.html_editor.models.diff_utils import apply_patch
from odoo.addons.spoc_kb.models.spoc_article_version import VERSION_FIELDS

BATCH = 200


def migrate(cr, version):
    """A version per kept change, the last one saying what the article says now."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    articles = env["spoc.article"].search([("version_ids", "=", False)])
    for ids in split_every(BATCH, articles.ids):
        _convert(env, env["spoc.article"].browse(ids))
        env.flush_all()
        env.invalidate_all()


def _convert(env, articles):
    bodies = _histories(env.cr, "spoc_article", "id", articles.ids)
    inners = _histories(env.cr, "spoc_article_inner", "article_id", articles.ids)
    vals_list = []
    for article in articles:
        words = article._spoc_words(VERSION_FIELDS)
        events = []
        for name, history in (("body", bodies), ("inner_body", inners)):
            first, changes = _replay(words[name], history.get(article.id, []))
            words[name] = first
            events += [(date, user, {name: text}) for date, user, text in changes]
        events.sort(key=lambda event: event[0])
        events.insert(0, (article.create_date, article.author_id.id, words))
        for number, (date, user, content) in enumerate(events, 1):
            vals_list.append(
                {
                    "article_id": article.id,
                    "number": number,
                    "date": date,
                    "user_id": user,
                    "content": content,
                }
            )
        if article.published_on and article.state == "published":
            vals_list[-1].update(
                published_on=article.published_on,
                publisher_id=article.publisher_id.id,
            )
        # SQL: the life of an article lets nobody write its version
        env.cr.execute(
            "UPDATE spoc_article SET content_version = %s WHERE id = %s",
            [len(events), article.id],
        )
    users = env["res.users"].browse({vals["user_id"] for vals in vals_list}).exists()
    for vals in vals_list:
        vals["user_id"] = vals["user_id"] if vals["user_id"] in users.ids else False
    env["spoc.article.version"].create(vals_list)


def _histories(cr, table, key, ids):
    """Article id -> its kept changes of ``body``, the newest first."""
    if not sql.column_exists(cr, table, "html_field_history"):
        return {}
    # SQL: the models know the column no more
    cr.execute(
        SQL(
            "SELECT %s, html_field_history -> 'body' FROM %s"
            " WHERE %s = ANY(%s) AND html_field_history ? 'body'",
            SQL.identifier(key),
            SQL.identifier(table),
            SQL.identifier(key),
            ids,
        )
    )
    return dict(cr.fetchall())


def _replay(text, history):
    """The oldest text, and every change after it, the oldest first.

    :param text: the present words, or False
    :param list history: kept changes, the newest first; each says how to get from
        the words it made to the words before
    :return: ``(first, [(date, user id, text), ...])``
    """
    changes = []
    for change in history:
        date = datetime.fromisoformat(change["create_date"]).replace(tzinfo=None)
        changes.append((date, change["create_uid"], text or False))
        text = apply_patch(text or "", change["patch"])
    return text or False, changes[::-1]

"""Every public method of knowledge, called over RPC on what is not the caller's.

Whatever is answered or complained of, not a word of a hidden article may be in it, and
nothing hidden may have changed. A public method without a line makes a test fail.
"""

import inspect
import json
from datetime import timedelta

from psycopg2 import sql

from odoo import fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_personas import WORD, LeakCase

#: Who may see nothing of the confidential desk.
PERSONAS = ("customer", "requester", "stranger", "editor", "admin")
ON_ARTICLE = {
    "action_add_translation": (),
    "action_answers_gap": (),
    "action_approve": (),
    "action_check": (),
    "action_draft": (),
    "action_publish": (),
    "action_publish_note": (),
    "action_publish_own": (),
    "action_read": (),
    "action_retire": (),
    "action_revise": (),
    "action_send_back": ("because",),
    "action_still_true": (),
    "action_submit": (),
    "action_validate": (),
    "action_open_versions": (),
    "action_view_checks": (),
    "action_view_feedback": (),
    "action_view_flags": (),
    "action_view_uses": (),
    "spoc_compare_words": (1, {"name": "x", "body": "x"}),
}
#: Of Odoo's, on an article: ways to read, to write, to be told, to be named.
OF_ODOO = {
    "read": (["name", "body"],),
    "web_read": ({"name": {}, "body": {}, "desk_id": {"fields": {"name": {}}}},),
    "export_data": (["name", "body"],),
    "write": ({"name": "taken"},),
    "web_save": ({"name": "taken"}, {"name": {}}),
    "unlink": (),
    "copy": (),
    "message_post": (),
    "message_subscribe": (),
    "activity_schedule": (),
    "html_field_history_get_content_at_revision": ("body", 1),
    "html_field_history_get_comparison_at_revision": ("body", 1),
}
#: Other models: methods called on the record of the scene.
METHODS = {
    "spoc.article": ON_ARTICLE,
    "spoc.article.flag": {
        "action_fixed": (),
        "action_rejected": (),
        "action_open_article": (),
    },
    "spoc.article.check": {"action_done": ()},
    "spoc.article.gap": {
        "action_write_missing": (),
        "action_skip": (),
        "action_reopen": (),
    },
    "spoc.article.version": {"action_restore": ()},
    "spoc.article.right": {"action_grant": (), "action_recount": ()},
    "spoc.article.import.line": {"action_open": ()},
    "spoc.service": {"action_view_articles": ()},
}
#: Methods of models, without a record.
OF_MODEL = {
    ("spoc.article.gap", "action_look"): lambda self: (),
    ("spoc.article.unsaved", "keep"): lambda self: (
        self.secret_draft.id,
        1,
        {"name": "typed"},
    ),
    ("spoc.article.unsaved", "offered"): lambda self: (self.secret_draft.id,),
    ("spoc.article.unsaved", "forget"): lambda self: (self.secret_draft.id,),
}
#: Wizards: what a person would write into one of their own, and its button.
WIZARDS = {
    ("spoc.article.publish", "action_publish"): lambda self: {
        "article_id": self.secret_draft.id
    },
    ("spoc.article.send.back", "action_send_back"): lambda self: {
        "article_id": self.secret_draft.id,
        "reason": "because",
    },
    ("spoc.article.merge", "action_merge"): lambda self: {
        "article_ids": [self.secret_article.id],
        "target_id": self.open_article.id,
    },
    ("spoc.article.export", "action_export"): lambda self: {
        "article_ids": [self.secret_article.id]
    },
    ("spoc.article.gap.skip", "action_skip"): lambda self: {
        "gap_ids": [self.gap.id],
        "reason": "because",
    },
    ("spoc.article.compare", ""): lambda self: {
        "article_id": self.secret_article.id,
        "older_id": self.version.id,
    },
    ("spoc.article.sample", "action_draw"): lambda self: {
        "desk_id": self.secret_desk.id,
        "start": fields.Date.today() - timedelta(days=9),
    },
    ("spoc.article.import", "action_open_articles"): lambda self: {
        "desk_id": self.secret_desk.id
    },
}


@tagged("post_install", "-at_install")
class TestPublicMethods(LeakCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flag = cls.secret_article.with_user(cls.hr)._spoc_flag("wrong", WORD)
        cls.version = cls.secret_article.sudo().version_ids[:1]
        cls.right = cls.env["spoc.article.right"].create(
            {
                "desk_id": cls.secret_desk.id,
                "user_id": cls.hr_colleague.id,
                "level": "coach",
                "reason": WORD,
            }
        )
        checks = cls.env["spoc.article.check"].with_user(cls.hr_colleague)
        cls.check = checks.create(
            {
                "article_id": cls.secret_article.id,
                "author_id": cls.hr.id,
                "coach_id": cls.hr_colleague.id,
                "feedback": WORD,
            }
        )
        cls.gap = cls.env["spoc.article.gap"].create(
            {
                "kind": "dead",
                "key": f"{WORD} gap",
                "article_id": cls.secret_article.id,
                "desk_id": cls.secret_desk.id,
            }
        )
        importing = cls.env["spoc.article.import"].with_user(cls.hr).create({})
        cls.line = cls.env["spoc.article.import.line"].create(
            {
                "wizard_id": importing.id,
                "number": 1,
                "name": WORD,
                "status": "new",
                "article_id": cls.secret_draft.id,
            }
        )
        cls.scene = {
            "spoc.article": cls.secret_draft | cls.secret_article,
            "spoc.article.flag": cls.flag,
            "spoc.article.check": cls.check,
            "spoc.article.gap": cls.gap,
            "spoc.article.version": cls.version,
            "spoc.article.right": cls.right,
            "spoc.article.import.line": cls.line,
            "spoc.service": cls.service,
        }
        cls.env.flush_all()

    # ---- the table -----------------------------------------------------------

    def test_every_public_method_has_its_line(self):
        known = {
            *((model, name) for model, names in METHODS.items() for name in names),
            *OF_MODEL,
            *(wizard for wizard in WIZARDS if wizard[1]),
        }
        self.assertEqual(self._public_methods(), known)

    def _public_methods(self):
        """(model, name) of what this addon lets anyone call."""
        found = set()
        for name, registered in self.env.registry.items():
            for cls in registered.mro():
                if not cls.__module__.startswith("odoo.addons.spoc_kb.models"):
                    if not cls.__module__.startswith("odoo.addons.spoc_kb.wizards"):
                        continue
                for attribute, value in vars(cls).items():
                    if (
                        inspect.isfunction(value)
                        and not attribute.startswith("_")
                        and not hasattr(models.BaseModel, attribute)
                        and not getattr(value, "_api_private", False)
                    ):
                        found.add((name, attribute))
        return found

    # ---- calling ------------------------------------------------------------

    def _hidden(self):
        """The rows of the hidden records as they stand in the database."""
        self.env.flush_all()
        rows = {}
        for model, records in self.scene.items():
            if model == "spoc.service":
                continue
            # SQL: what really stands there, whoever looks.
            self.env.cr.execute(
                sql.SQL(
                    "SELECT t::text FROM {} AS t WHERE id = ANY(%s) ORDER BY id"
                ).format(sql.Identifier(records._table)),
                [records.ids],
            )
            rows[model] = self.env.cr.fetchall()
        return rows

    def _refused(self, persona, model, name, args):
        """Call a method as a person; the words told, whatever comes of it."""
        env = self.env(user=getattr(self, persona))
        env.invalidate_all()
        before = self._hidden()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            told = json.dumps(
                call_kw(env[model], name, list(args), {}),
                default=lambda value: f"<{type(value).__name__}>",
            )
            self.env.flush_all()
        except (AccessError, MissingError, UserError) as error:
            told = str(error)
        except (ValueError, TypeError) as error:
            # Called with too little: not what is tested.
            self.fail(f"{model}.{name}: {error}")
        after = self._hidden()
        savepoint.rollback()
        self.env.invalidate_all()
        self.assertNotIn(WORD, told)
        self.assertEqual(before, after)
        return told

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_on_hidden_records(self):
        for model, names in METHODS.items():
            for record in self.scene[model]:
                for name, args in names.items():
                    for persona in PERSONAS:
                        with self.subTest(model=model, name=name, persona=persona):
                            self._refused(persona, model, name, ([record.id], *args))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_ways_of_odoo(self):
        for model in ("spoc.article", "spoc.article.version", "spoc.article.gap"):
            hidden = self.scene[model][:1]
            for name, args in OF_ODOO.items():
                if not hasattr(hidden, name):
                    continue
                if model != "spoc.article":
                    args = {"read": ([],), "unlink": (), "copy": ()}.get(name)
                for persona in PERSONAS:
                    with self.subTest(model=model, name=name, persona=persona):
                        if args is not None:
                            self._refused(persona, model, name, ([hidden.id], *args))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_of_models(self):
        for (model, name), args in OF_MODEL.items():
            for persona in PERSONAS:
                with self.subTest(model=model, name=name, persona=persona):
                    method = getattr(self.env.registry[model], name)
                    given = args(self)
                    if not getattr(method, "_api_model", False):
                        given = ([], *given)
                    self._refused(persona, model, name, given)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_wizards_of_ones_own(self):
        """Filled with what is hidden, pressed, read."""
        for (model, name), values in WIZARDS.items():
            for persona in PERSONAS:
                env = self.env(user=getattr(self, persona))
                given = values(self)
                with self.subTest(model=model, name=name, persona=persona):
                    try:
                        with self.env.cr.savepoint():
                            wizard = env[model].create(given)
                            env.flush_all()
                    except (AccessError, UserError) as error:
                        self.assertNotIn(WORD, str(error))
                        continue
                    for way, args in self._ways(wizard):
                        self._refused(persona, model, way, ([wizard.id], *args))
                    if name:
                        self._refused(persona, model, name, ([wizard.id],))

    def _ways(self, record):
        """Ways to read a record: a field alone, as another may refuse them all."""
        specification = self._asked(record)
        for field, asked in specification.items():
            yield "read", ([field],)
            yield "web_read", ({field: asked},)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_tried_in_a_form(self):
        """A form that was never saved shows names as well."""
        forms = {
            **{model: values(self) for (model, _name), values in WIZARDS.items()},
            "spoc.article.check": {"article_id": self.secret_article.id},
            "spoc.article": {
                "revision_of_id": self.secret_article.id,
                "translation_group_id": self.secret_article.id,
                "successor_id": self.secret_article.id,
            },
        }
        for model, values in forms.items():
            asked = self._asked(self.env[model])
            for persona in PERSONAS[2:]:
                for name in values:
                    given = {name: values[name]}
                    if self.env[model]._fields[name].type == "many2many":
                        given = {name: [[4, one] for one in values[name]]}
                    with self.subTest(model=model, name=name, persona=persona):
                        self._refused(
                            persona,
                            model,
                            "onchange",
                            ([], given, [name], {name: asked[name]}),
                        )

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_articles_of_ones_own(self):
        """An article that leads to a hidden one does not name it."""
        for name in ("revision_of_id", "translation_group_id", "successor_id"):
            for user in (self.stranger, self.editor):
                values = {
                    "name": "mine",
                    "lang": "en_US",
                    "desk_id": self.desk.id,
                    name: self.secret_article.id,
                }
                env = self.env(user=user)
                with self.subTest(name=name, user=user.login):
                    try:
                        with self.env.cr.savepoint():
                            article = env["spoc.article"].create(values)
                            told = str(article.read([name]))
                    except AccessError as error:
                        told = str(error)
                    self.assertNotIn(WORD, told)

    def _asked(self, wizard):
        """A specification of all fields, with the names of what they lead to."""
        return {
            name: {"fields": {"display_name": {}}} if field.relational else {}
            for name, field in wizard._fields.items()
            if name not in ("create_uid", "write_uid")
        }

    # ---- it can fail -----------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_without_the_rules_it_is_told(self):
        """The same calls tell and change, once nothing keeps them from it."""
        rules = self.env["ir.rule"].search([("model_id.model", "like", "spoc.%")])
        rules.active = False
        self.env.registry.clear_cache()
        calls = (
            ("spoc.article", "read", ([self.secret_article.id], ["name"])),
            ("spoc.article", "write", ([self.secret_article.id], {"summary": "mine"})),
            ("spoc.article.version", "read", ([self.version.id], [])),
        )
        for model, name, args in calls:
            with self.subTest(model=model, name=name):
                with self.assertRaises(AssertionError):
                    self._refused("stranger", model, name, args)

from odoo.fields import Command
from odoo.tests import TransactionCase

from odoo.addons.spoc_catalog.tests.people import new_people

BODY = "<p>Open <b>Settings</b>, then choose the quasarnode printer.</p>"


class KnowledgeCase(TransactionCase):
    """Two desks (one confidential) and one user per role.

    ``agent`` and ``colleague`` work at the open desk, ``hr`` and ``hr_colleague`` at
    the confidential one; ``editor`` edits knowledge, ``admin`` administers, neither
    is a member of a desk; ``requester`` is an employee, ``customer`` an outsider.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})

        cls.agent, cls.colleague, cls.stranger, cls.hr, cls.hr_colleague = cls._users(
            ("kb_agent", "spoc_catalog.group_agent"),
            ("kb_colleague", "spoc_catalog.group_agent"),
            ("kb_stranger", "spoc_catalog.group_agent"),
            ("kb_hr", "spoc_catalog.group_agent"),
            ("kb_hr_two", "spoc_catalog.group_agent"),
        )
        cls.editor, cls.admin, cls.requester, cls.customer = cls._users(
            ("kb_editor", "spoc_kb.group_kb_editor"),
            ("kb_admin", "spoc_catalog.group_administrator"),
            ("kb_requester", "base.group_user"),
            ("kb_customer", "base.group_portal"),
        )

        Desk = cls.env["spoc.desk"]
        cls.desk = Desk.create(
            {
                "name": "Open desk",
                "code": "KBO",
                "member_ids": [Command.set((cls.agent | cls.colleague).ids)],
            }
        )
        cls.secret_desk = Desk.create(
            {
                "name": "Confidential desk",
                "code": "KBC",
                "privacy": "confidential",
                "member_ids": [Command.set((cls.hr | cls.hr_colleague).ids)],
            }
        )
        cls.employees = cls.env["spoc.audience"].create(
            {"name": "Staff", "scope": "employees"}
        )
        cls.customers = cls.env["spoc.audience"].create(
            {"name": "Outside", "scope": "customers"}
        )
        cls.service = cls.env["spoc.service"].create(
            {"name": "Printing", "summary": "Paper", "desk_id": cls.desk.id}
        )
        cls.service.action_publish()

    @classmethod
    def _users(cls, *people):
        return new_people(
            cls.env,
            *(
                {
                    "login": login,
                    "groups": groups,
                    "name": login.title(),
                    "email": f"{login}@kb.example",
                }
                for login, groups in people
            ),
        )

    @classmethod
    def _draft(cls, user=None, **values):
        """A draft written by ``user`` (the agent of the open desk)."""
        user = user or cls.agent
        values = {"name": "How do I print?", "body": BODY, "lang": "en_US", **values}
        if "desk_id" not in values:
            values["desk_id"] = cls.desk.id
        return cls.env["spoc.article"].with_user(user).create(values)

    @classmethod
    def _published(cls, user=None, publisher=None, **values):
        """A published article, read by the other member of the desk."""
        article = cls._draft(user, **values)
        article.action_submit()
        article.with_user(publisher or cls.colleague).action_publish()
        return article

    @classmethod
    def _secret(cls, **values):
        """A published article of the confidential desk."""
        return cls._published(
            cls.hr,
            cls.hr_colleague,
            **{
                "name": "How is a zephyrcase handled?",
                "desk_id": cls.secret_desk.id,
                "body": "<p>The zephyrcase is handled in silence.</p>",
                **values,
            },
        )

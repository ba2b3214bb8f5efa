"""Who may see a service, who may ask for it, and who has to agree."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..audience_rules import judge_any


class SpocService(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    audience_ids = fields.Many2many(
        string="Who may ask",
        help="Who may ask for it. Empty: everyone signed in.",
    )
    visibility = fields.Selection(
        [
            ("audience", "Only those who may ask for it"),
            ("everyone", "Everyone signed in"),
            ("chosen", "Those who may ask, and others"),
        ],
        string="Who sees it",
        required=True,
        default="audience",
        help="Whoever sees it without being allowed to ask reads why, and whom to turn "
        "to.",
    )
    seen_by_audience_ids = fields.Many2many(
        "spoc.audience",
        "spoc_service_seen_by_rel",
        "service_id",
        "audience_id",
        string="Others who see it",
        ondelete="restrict",
        help="They see the service and may not ask for it.",
    )
    refusal_text = fields.Text(
        string="Told to those who may not ask",
        translate=True,
        help="In a sentence or two what they can do: “For managers; ask yours.”",
    )
    refusal_contact_id = fields.Many2one(
        "res.partner",
        string="Whom to turn to instead",
        index="btree_not_null",
        ondelete="set null",
        help="Shown by name, e-mail and phone to those who see the service and may not "
        "ask for it.",
    )
    approval_rule_id = fields.Many2one(
        "spoc.approval.rule",
        string="Who has to agree",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: nobody, it is done when it is asked for.",
    )
    is_seen_by_me = fields.Boolean(
        string="I am of an audience that sees it",
        compute="_compute_is_seen_by_me",
        search="_search_is_seen_by_me",
        export_string_translation=False,
    )
    audience_text = fields.Char(
        string="May be asked for by", compute="_compute_audience_text"
    )

    @api.model
    def _spoc_kept_columns(self):
        return (
            *super()._spoc_kept_columns(),
            "approval_rule_id",
        )

    # ------------------------------------------------------------------
    # Who sees it
    # ------------------------------------------------------------------

    @api.depends("audience_ids", "seen_by_audience_ids", "visibility")
    @api.depends_context("uid")
    def _compute_is_seen_by_me(self):
        seen = self.search([("id", "in", self.ids), ("is_seen_by_me", "=", True)])
        for service in self:
            service.is_seen_by_me = service in seen

    @api.model
    def _search_is_seen_by_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self.env["spoc.audience"]._spoc_my_ids()
        names = ("audience_ids", "seen_by_audience_ids", "visibility")

        def to_sql(model, alias, query):
            # SQL: one list of services beats a sub-select for each of two relations.
            return SQL(
                """%(id)s IN (
                    SELECT r.service_id FROM spoc_service_audience_rel r
                     WHERE r.audience_id = ANY(%(mine)s)
                     UNION ALL
                    SELECT r.service_id FROM spoc_service_seen_by_rel r
                      JOIN spoc_service s
                        ON s.id = r.service_id AND s.visibility = 'chosen'
                     WHERE r.audience_id = ANY(%(mine)s))""",
                id=SQL.identifier(alias, "id"),
                mine=mine,
                to_flush=[self._fields[name] for name in names],
            )

        seen = Domain.custom(to_sql=to_sql)
        return Domain.OR([seen if flag else ~seen for flag in value])

    @api.depends("audience_ids.description_text")
    @api.depends_context("lang", "uid")
    def _compute_audience_text(self):
        for service in self:
            service.audience_text = service._get_audience_words()

    def _get_audience_words(self):
        """Who may ask, in words for the reader; outsiders learn no names."""
        self.ensure_one()
        # sudo: all audiences of it, a requester may see no other than the own ones;
        # searched, for the cache may hold what a requester sees.
        audiences = (
            self.env["spoc.audience"]
            .sudo()
            .search([("service_ids", "in", self._origin.ids)])
        )
        words = dict.fromkeys(audiences.mapped("description_text"))
        return "; ".join(words) or self.env._("Everyone signed in")

    # ------------------------------------------------------------------
    # Who may ask
    # ------------------------------------------------------------------

    def _spoc_may_ask(self, person=None):
        """Of these services, those a person may ask for. Set-based, one query.

        Whether a service is published and whether the person sees it is not asked
        here.

        :param person: res.users or res.partner, the current user by default
        :return: the services the person may ask for, in the order given
        """
        facts = self._spoc_person_facts(person)
        mine = self.env["spoc.audience"]._spoc_mine_ids(facts)
        audiences = self._get_audience_ids()
        return self.filtered(
            lambda service: self._spoc_lets_in(audiences.get(service.id), mine)
        )

    @api.model
    def _spoc_lets_in(self, audience_ids, mine):
        """Whether a service for these audiences is for somebody who is in ``mine``."""
        return not audience_ids or not set(audience_ids).isdisjoint(mine)

    def _get_audience_ids(self):
        """Who may ask: service id -> ids of audiences, services with none left out."""
        relation = self._fields["audience_ids"]
        rows = self.env.execute_query(
            # SQL: all audiences, of which nobody gets to see more than the effect;
            # never read from the cache, which may hold what a requester sees of them.
            SQL(
                "SELECT service_id, array_agg(audience_id)"
                " FROM spoc_service_audience_rel WHERE service_id = ANY(%s)"
                " GROUP BY service_id",
                self.ids,
                to_flush=relation,
            )
        )
        return {service_id: set(audience_ids) for service_id, audience_ids in rows}

    def _spoc_who_may_ask(self, partners):
        """Of these people, those who may ask for the service. Two queries for any.

        :param partners: res.partner
        :return: res.partner
        """
        self.ensure_one()
        # sudo: all audiences count, a requester may read only the own ones
        audiences = (
            self.env["spoc.audience"].sudo().search([("service_ids", "in", self.ids)])
        )
        if not audiences:
            return partners
        compiled = [audience._spoc_compile() for audience in audiences]
        facts = audiences._spoc_facts(partners)
        return partners.filtered(
            lambda partner: judge_any(compiled, facts[partner.id])[1].belongs
        )

    @api.model
    def _spoc_person_facts(self, person=None):
        """What audiences look at, for a user or a contact.

        :param person: res.users or res.partner, one or none for the current user
        """
        person = person or self.env.user
        if person._name == "res.users":
            # sudo: facts of the directory decide, nobody gets to see them.
            return person.sudo().spoc_facts
        return self.env["spoc.audience"]._spoc_facts(person)[person.id]

    # ------------------------------------------------------------------
    # Refusal
    # ------------------------------------------------------------------

    def _spoc_refusal(self, person=None):
        """Why a person may not ask, and what they can do.

        :param person: res.users or res.partner, the current user by default
        :return: ``{}`` for whoever may ask, else a dictionary of texts for the reader,
            ``""`` where there is nothing to say: ``rule``, who may ask; ``text``, what
            the service says; ``whom``, the own manager if they may ask; ``contact``,
            dictionary of ``name``, ``email``, ``phone``, or ``{}``
        """
        self.ensure_one()
        if self._spoc_may_ask(person):
            return {}
        rule = self._get_audience_words()
        if person:
            opening = self.env._(
                "%(name)s may not ask for this service. It is for: %(people)s.",
                name=person.name,
                people=rule,
            )
        else:
            opening = self.env._("This service is for: %(people)s.", people=rule)
        return {
            "rule": opening,
            "text": self.refusal_text or "",
            "whom": self._get_manager_words(person),
            "contact": self._get_contact(),
        }

    def _spoc_refusal_message(self, person=None):
        """The refusal in one text, ``""`` for whoever may ask."""
        refusal = self._spoc_refusal(person)
        if not refusal:
            return ""
        parts = [refusal["rule"], refusal["text"], refusal["whom"]]
        contact = ", ".join(filter(None, refusal["contact"].values()))
        if contact:
            parts.append(self.env._("Turn to: %(contact)s", contact=contact))
        return "\n".join(filter(None, parts))

    def _get_manager_words(self, person):
        """Whom to ask instead: the person's manager, if the manager may."""
        person = person or self.env.user
        manager = self.env["spoc.approval.rule"]._spoc_managers(person)[:1]
        contact = manager.user_id.partner_id or manager.work_contact_id
        if not contact or not self._spoc_may_ask(contact):
            return ""
        if person == self.env.user or person == self.env.user.partner_id:
            return self.env._(
                "Your manager, %(name)s, may ask for it: turn to them.",
                name=manager.name,
            )
        return self.env._(
            "The manager, %(name)s, may ask for it: turn to them.", name=manager.name
        )

    def _get_contact(self):
        # sudo: the service names the contact for those who may not ask.
        contact = self.sudo().refusal_contact_id
        if not contact:
            return {}
        return {
            "name": contact.name or "",
            "email": contact.email or "",
            "phone": contact.phone or "",
        }

    # ------------------------------------------------------------------
    # Approval
    # ------------------------------------------------------------------

    def _spoc_approval_words(self, person=None):
        """Who has to agree, told before asking.

        :param person: res.users or res.partner who asks, the current user by default
        :return: list of sentences in order, ``[]`` when nobody has to
        """
        self.ensure_one()
        # sudo: rules are for editors, what they ask of a person is for that person.
        rule = self.sudo().approval_rule_id
        if not rule:
            return []
        return rule.with_env(self.env)._spoc_words(person or self.env.user, self)

    def _spoc_unapproved(self, people, answers=None, form=None):
        """Of these people, those the service cannot be asked for: nobody would agree.

        The current user is taken for whoever asks.

        :param people: res.partner whom it is asked for
        :param dict answers: clean answers to ``form``, the compiled form; ``None``
            before it was filled in
        :return: res.partner
        """
        self.ensure_one()
        # sudo: rules are for editors, whoever has to agree is named to the asker
        rule = self.sudo().approval_rule_id
        if not rule:
            return people.browse()
        rule = rule.with_env(self.env)
        asker = self.env.user.partner_id
        return rule._spoc_refused(people, self, answers, form, asker)

    def _spoc_unapproved_message(self, refused):
        """Why a request is not taken, ``""`` when there is nothing to say.

        :param refused: res.partner, see :meth:`_spoc_unapproved`
        """
        if not refused:
            return ""
        if refused == self.env.user.partner_id:
            return self.env._(
                "You cannot ask for this now: somebody has to agree, and nobody can be "
                "found to do so. Turn to the desk."
            )
        return self.env._(
            "This cannot be asked for now for %(names)s: somebody has to agree, and "
            "nobody can be found to do so. Turn to the desk.",
            # sudo: the names are those the asker chose from.
            names=", ".join(refused.sudo().mapped("name")),
        )

    def _spoc_price(self):
        """What the service costs, in its currency; 0.0 when it says nothing."""
        self.ensure_one()
        return self.price or 0.0

    def action_check_person(self):
        """Ask whether somebody may ask for the service, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("May this person ask for it?"),
            "res_model": "spoc.audience.check",
            "view_mode": "form",
            "target": "new",
            "context": {"default_service_id": self.id},
        }

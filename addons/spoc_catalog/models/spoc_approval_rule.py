"""Approval rules: who has to agree before a request is worked on."""

from odoo import api, fields, models

from .. import approval_rules

#: Managers of managers looked at, upward. More is a mistake in the directory.
LEVELS = 12


class SpocApprovalRule(models.Model):
    """Ordered steps of agreement; several services may share a rule.

    Defined here and carried out where requests are worked on: ``_spoc_resolve`` says
    who has to agree to a request, nothing here waits for it.
    """

    _name = "spoc.approval.rule"
    _description = "Approval rule"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", string="Currency of amounts"
    )
    step_ids = fields.One2many(
        "spoc.approval.step", "rule_id", string="Steps", copy=True
    )
    own_request = fields.Selection(
        [
            ("above", "Others decide, the next one above at last"),
            ("agreed", "Who asks has agreed"),
        ],
        string="If the asker would decide",
        required=True,
        default="above",
    )
    if_nobody = fields.Selection(
        [
            ("owner", "The service owner decides, or the desk's manager"),
            ("skip", "The step is left out"),
            ("refuse", "It cannot be asked for"),
        ],
        string="If nobody is found",
        required=True,
        default="owner",
        help="For example for somebody without a manager, or when all who are named "
        "have left.",
    )
    service_ids = fields.One2many("spoc.service", "approval_rule_id", string="Services")
    description_text = fields.Text(
        string="In words", compute="_compute_description_text"
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            company = rule.company_id or self.env.company
            # sudo: which currency a company has is no secret.
            rule.currency_id = company.sudo().currency_id

    @api.depends("step_ids.description_text", "step_ids.sequence")
    @api.depends_context("lang")
    def _compute_description_text(self):
        for rule in self:
            rule.description_text = "\n".join(
                f"{number}. {step.description_text}"
                for number, step in enumerate(rule.step_ids, 1)
            )

    def copy_data(self, default=None):
        default = dict(default or {})
        vals_list = super().copy_data(default)
        if "name" not in default:
            for rule, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=rule.name)
        return vals_list

    def _spoc_compile(self):
        """The rule as plain data, see ``approval_rules``."""
        self.ensure_one()
        # sudo: whoever asks has to be told who decides; rules are for editors.
        rule = self.sudo()
        return {
            "own_request": rule.own_request,
            "if_nobody": rule.if_nobody,
            "types": {
                question.id: question.type
                for question in rule.step_ids.condition_ids.question_id
            },
            "steps": [step._spoc_compile() for step in rule.step_ids],
        }

    # ------------------------------------------------------------------
    # Who decides
    # ------------------------------------------------------------------

    def _spoc_resolve(self, requester, service, answers=None, form=None, asker=None):
        """Who has to agree to a request of a person for a service.

        :param requester: res.users or res.partner, one: whom it is for
        :param service: spoc.service
        :param dict answers: question id -> clean value as the form's judge gives it,
            ``None`` before the form was filled in
        :param dict form: compiled form the answers belong to; a question it does not
            have chooses nobody
        :param asker: res.partner who asks in the requester's place
        :return: list of dictionaries in order: ``step``, spoc.approval.step;
            ``state`` as in ``approval_rules.Step``; ``users``, res.users as superuser
            who may decide; ``need``, how many of them; ``notes``; ``stand_ins``, dict
            user id -> user id; ``text``, the step in words for the reader
        """
        self.ensure_one()
        employee = self._get_employee(requester)
        steps = self._get_steps(requester, employee, service, answers, form, asker)
        # sudo: whoever asks is told of the steps, see _spoc_compile.
        Step = self.env["spoc.approval.step"].sudo()
        # sudo: colleagues decide, whoever may look them up.
        Users = self.env["res.users"].sudo()
        result = []
        for found in steps:
            step = {
                "step": Step.browse(found.id),
                "state": found.state,
                "users": Users.browse(found.users),
                "need": found.need,
                "notes": found.notes,
                "stand_ins": found.stand_ins,
            }
            step["text"] = self._get_step_text(step, requester)
            result.append(step)
        return result

    def _spoc_refused(self, people, service, answers=None, form=None, asker=None):
        """Of these people, those for whom nobody can be found to agree.

        The directory is looked into once for all of them.

        :param people: res.partner a service is asked for
        :param answers: as in :meth:`_spoc_resolve`, as is ``form``
        :return: res.partner; the service cannot be asked for them
        """
        self.ensure_one()
        if self._spoc_compile()["if_nobody"] != "refuse":
            return people.browse()
        plans = self._spoc_plans(people, service, answers, form, asker)
        return people.filtered(
            lambda person: any(step.state == "refused" for step in plans[person.id])
        )

    def _spoc_plans(self, people, service, answers=None, form=None, asker=None):
        """Who has to agree for each of several people, as plain data.

        The directory is looked into once for all of them.

        :param people: res.partner a service is asked for
        :param answers: as in :meth:`_spoc_resolve`, as are ``form`` and ``asker``
        :return: dict id of the person -> list of ``approval_rules.Step``, in order
        """
        self.ensure_one()
        employees = self._get_employees(people)
        chains = [
            chain
            for employee in employees.values()
            for chain in (self._get_chain(employee), self._get_heads(employee))
        ]
        # sudo: managers decide for people who may not look up employees
        managers = self.env["hr.employee"].sudo().union(*chains)
        managers.user_id.fetch(["active", "share"])
        # sudo: owner and desk manager of a service decide, whoever may see it
        deciders = self._get_deciders(service.sudo(), answers) | managers.user_id
        stand_ins = self._get_stand_ins(deciders)
        return {
            person.id: self._get_steps(
                person, employees[person.id], service, answers, form, asker, stand_ins
            )
            for person in people
        }

    def _get_steps(
        self,
        requester,
        employee,
        service,
        answers,
        form,
        asker=None,
        stand_ins=None,
    ):
        """What becomes of each step: list of ``approval_rules.Step``.

        :param dict stand_ins: see :meth:`_get_stand_ins`, when known already
        """
        if answers is not None and form is not None:
            known = {question["id"] for question in form["questions"]}
            answers = {key: answers[key] for key in answers if key in known}
        rule = self._spoc_compile()
        people = self._get_people(requester, employee, service, answers, stand_ins)
        if asker:
            people["asker"] = self._get_user(asker).id
        return approval_rules.resolve(rule, people, answers, service._spoc_price())

    def _get_people(self, requester, employee, service, answers, stand_ins=None):
        """What is known about people, see ``approval_rules``."""
        user = self._get_user(requester)
        # sudo: who owns a service and who leads a desk decides, visible or not.
        service = service.sudo()
        managers = self._get_chain(employee)
        heads = self._get_heads(employee)
        users = self._get_deciders(service, answers) | managers.user_id | heads.user_id
        if stand_ins is None:
            stand_ins = self._get_stand_ins(users)
        return {
            "requester": user.id,
            "managers": [manager.user_id.id or None for manager in managers],
            "departments": [manager.user_id.id or None for manager in heads],
            "owner": service.owner_id.id or None,
            "desk_manager": service.desk_id.manager_id.id or None,
            "active": self._get_active(users, stand_ins),
            "stand_ins": stand_ins,
            "chosen": self._get_chosen(self._spoc_compile(), answers),
        }

    def _get_deciders(self, service, answers):
        """Users who decide whoever it is for: named, chosen, of service and desk.

        :param service: spoc.service as superuser
        """
        rule = self._spoc_compile()
        chosen = self._get_chosen(rule, answers).values()
        named = {uid for step in rule["steps"] for uid in step.get("users", ())}
        # sudo: colleagues decide, whoever may look them up
        users = self.env["res.users"].sudo().browse(named | set(filter(None, chosen)))
        return users | service.owner_id | service.desk_id.manager_id

    @api.model
    def _get_user(self, person):
        """The user a person signs in as, empty for who cannot.

        :param person: res.users or res.partner
        """
        if person._name == "res.users":
            return person
        # sudo: the sign-in of the person asked for.
        return person.sudo().user_ids.filtered("active")[:1]

    def _get_stand_ins(self, users):
        """Who stands in for whom: the hook's answer, once around."""
        pairs = self._spoc_stand_ins(users)
        return {user.id: other.id for user, other in pairs.items() if other}

    def _get_active(self, users, stand_ins):
        """Ids of those who can decide, and of those who stand in for others."""
        others = {stand_ins[uid] for uid in users.ids if uid in stand_ins}
        everyone = users | users.browse(others)
        return set(everyone.filtered(lambda user: user.active and not user.share).ids)

    @api.model
    def _spoc_stand_ins(self, users):
        """Hook: who decides in whose place, for example during an absence.

        :param users: res.users as superuser
        :return: dict res.users -> res.users
        """
        return {}

    @api.model
    def _get_chosen(self, rule, answers):
        """Users behind the people chosen in the form: question id -> user id."""
        questions = [
            step["question"] for step in rule["steps"] if step["kind"] == "question"
        ]
        ids = {
            question: answers[question]
            for question in questions
            # A judge's clean answer is an id; what is none chooses nobody.
            if type((answers or {}).get(question)) is int
        }
        # sudo: the person chosen decides, whoever may look them up. Searched, for an
        # answer may name somebody who is gone since.
        employees = (
            self.env["hr.employee"].sudo().search([("id", "in", list(ids.values()))])
        )
        users = {employee.id: employee.user_id.id for employee in employees}
        return {question: users.get(value) for question, value in ids.items()}

    @api.model
    def _spoc_managers(self, person):
        """Managers above a person, the nearest first.

        :param person: res.users or res.partner
        :return: hr.employee as superuser, archived ones left out
        """
        return self._get_chain(self._get_employee(person))

    @api.model
    def _get_chain(self, employee):
        """Managers above an employee, see :meth:`_spoc_managers`."""
        chain = employee.browse()
        for _level in range(LEVELS):
            employee = employee.parent_id
            if not employee or employee in chain:
                break
            chain |= employee
        return chain.filtered("active")

    @api.model
    def _get_heads(self, employee):
        """Managers of an employee's department and of those above it."""
        department = employee.department_id
        chain = employee.browse()
        for _level in range(LEVELS):
            if not department:
                break
            chain |= department.manager_id
            department = department.parent_id
        return chain.filtered("active")

    @api.model
    def _get_employee(self, person):
        """The employee a person is, see :meth:`_get_employees`."""
        return self._get_employees(person)[person.id]

    @api.model
    def _get_employees(self, people):
        """The employees people are, in the company at hand if there are several.

        :param people: res.users or res.partner
        :return: dictionary: id of the person -> hr.employee as superuser, may be empty
        """
        # sudo: requesters may not read employees; only who decides is told.
        Employee = self.env["hr.employee"].sudo()
        if people._name == "res.users":
            found = Employee.search([("user_id", "in", people.ids)], order="id")
            owners = [(employee, employee.user_id) for employee in found]
        else:
            found = Employee.search(
                [
                    "|",
                    ("user_id.partner_id", "in", people.ids),
                    "&",
                    ("user_id", "=", False),
                    ("work_contact_id", "in", people.ids),
                ],
                order="id",
            )
            owners = [
                (employee, employee.user_id.partner_id or employee.work_contact_id)
                for employee in found
            ]
        employees = dict.fromkeys(people.ids, Employee)
        for employee, person in owners:
            mine = employees[person.id]
            here = employee.company_id == self.env.company
            if not mine or (here and mine.company_id != self.env.company):
                employees[person.id] = employee
        return employees

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def _spoc_words(self, requester, service):
        """Who has to agree, in sentences for whoever is about to ask.

        Insiders read names, outsiders learn which role decides and no more. What
        needs nobody's word any more is not worth a sentence.
        """
        self.ensure_one()
        return [
            step["text"]
            for step in self._spoc_resolve(requester, service)
            if step["state"] not in ("agreed", "unneeded", "skipped")
        ]

    def _get_step_text(self, step, requester):
        """A step in words for the reader."""
        texts = {
            "agreed": lambda: self.env._("Agreed already by asking."),
            "skipped": lambda: self.env._(
                "Nobody is asked: there is nobody to decide."
            ),
            "refused": lambda: self.env._(
                "Nobody can be found to agree, so it cannot be asked for."
            ),
            "nobody": lambda: self.env._("Nobody can be found to agree: ask the desk."),
            "unneeded": lambda: self.env._("Not needed."),
        }
        if step["state"] in texts:
            if "asked" in step["notes"]:
                return self.env._("Agreed already in an earlier step.")
            return texts[step["state"]]()
        rule = step["step"].with_context(lang=self.env.lang)
        who = self._get_who_text(step, rule, requester)
        if step["state"] == "open" or rule.condition_ids or rule.amount_question_id:
            text = rule._get_words(who.rstrip(","))
            return self.env._("Depending on your answers: %(step)s", step=text)
        if step["need"] > 1:
            return self.env._("%(who)s have to agree.", who=who)
        return self.env._("%(who)s has to agree.", who=who)

    def _get_who_text(self, step, rule, requester):
        """Who decides, by role, and by name for insiders."""
        own = requester in (self.env.user, self.env.user.partner_id)
        kind = rule.kind
        for note in ("owner", "desk", "up"):
            if note in step["notes"]:
                kind = note
        # Literal calls: that is how the texts are found for translation.
        texts = {
            "manager": lambda: (
                self.env._("Your manager") if own else self.env._("The manager")
            ),
            "department": lambda: (
                self.env._("The manager of your department")
                if own
                else self.env._("The manager of the department")
            ),
            "up": lambda: self.env._("A manager above"),
            "owner": lambda: self.env._("The service owner"),
            "desk": lambda: self.env._("The manager of the desk"),
            "people": lambda: self.env._("The people in charge"),
            "group": lambda: self.env._("The people in charge"),
            "question": lambda: self.env._("The person you choose in the form"),
        }
        who = texts[kind]()
        names = step["users"].mapped("name")
        if not names or not self.env.user._is_internal():
            return who
        if len(names) == 1:
            return self.env._("%(role)s, %(name)s,", role=who, name=names[0])
        if rule.kind == "group":
            return self.env._(
                "%(count)s of the group %(group)s",
                count=step["need"],
                group=rule.group_id.name,
            )
        return self.env._(
            "%(count)s of %(names)s", count=step["need"], names=", ".join(names)
        )

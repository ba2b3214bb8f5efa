"""Records that are answers: looked up with the rights of the person who asks."""

from odoo import api, models
from odoo.fields import Domain

from ..form_rules import RECORD_TYPES, read_record_id, record_ids

LOOKUP_LIMIT = 8
TEXT_LIMIT = 80
#: Namesakes looked at before a name typed counts as unclear.
NAMES_LIMIT = 20
#: Names typed at once that are looked up.
NAMES_TYPED = 20
#: Where people look for colleagues: what every employee may read of the others.
READ_MODELS = {"hr.employee": "hr.employee.public"}


class SpocForm(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.form"

    # ------------------------------------------------------------------
    # Answers given by id
    # ------------------------------------------------------------------

    def _spoc_labels(self, compiled, answers):
        """Names of the records named in answers, as far as the person may pick them.

        One query for each question that picks and was answered; what is not in the
        result is not allowed.

        :param dict compiled: the form
        :param dict answers: question id -> raw or clean value
        :return: id of each question that picks, also of those in tables -> dictionary
            of record id -> name
        """
        wanted = record_ids(compiled, answers)
        if not wanted:
            return {}
        # sudo: which records a question offers is part of the form.
        questions = self.env["spoc.form.question"].sudo().browse(wanted)
        return {
            question.id: self._get_names(question, wanted[question.id])
            for question in questions
        }

    def _get_names(self, question, ids):
        """Id -> name of those of ``ids`` the person may pick."""
        if not ids:
            return {}
        records = self._search_picker(question, [("id", "in", list(ids))])
        return {record.id: record.display_name for record in records}

    def _search_picker(self, question, domain, limit=None):
        """Records a question offers, with the rights of the current user.

        :param question: spoc.form.question, as superuser
        """
        model = question._spoc_get_model()
        if not model:
            return self.env["res.partner"].browse()
        # The form may have been read as superuser; what is picked never is.
        records = self.env[READ_MODELS.get(model, model)].sudo(False)
        if not records.has_access("read"):
            return records
        domain = question._spoc_picker_domain() & Domain(domain)
        return records.search_fetch(domain, ["display_name"], limit=limit)

    # ------------------------------------------------------------------
    # While typing
    # ------------------------------------------------------------------

    def _spoc_may_fill_in(self):
        """Whether the user may be asked this: by a service offered, or as editor."""
        self.ensure_one()
        if self.env["spoc.form"].has_access("write"):
            return True
        services = self.env["spoc.service"].search(
            [("form_id", "=", self.id), ("state", "=", "published")]
        )
        return bool(services._spoc_may_ask())

    def _spoc_lookup(self, question_id, text, limit=LOOKUP_LIMIT):
        """What a question offers for an unfinished text.

        :param int question_id: a question of this form, or of one of its tables
        :param str text: what was typed
        :return: list of ``{"id", "label", "detail"}``, ``None`` when the user may not
            be asked this question
        """
        if not self._spoc_may_fill_in():
            return None
        # sudo: the question's settings, after the check that it may be asked.
        question = self.env["spoc.form.question"].sudo().browse(question_id).exists()
        if question.form_id.id != self.id or question.type not in RECORD_TYPES:
            return None
        domain = self._get_text_domain(text)
        records = self._search_picker(question, domain, limit)
        return self._get_items(records)

    @api.model
    def _get_text_domain(self, text):
        """Every word occurs in the name."""
        words = " ".join(text.split())[:TEXT_LIMIT].split()
        return Domain.AND([Domain("display_name", "ilike", word) for word in words])

    @api.model
    def _get_items(self, records):
        """Records as the picker shows them; people with job and department."""
        people = records._name == "hr.employee.public"
        return [
            {
                "id": record.id,
                "label": record.display_name or "",
                "detail": ", ".join(
                    filter(None, [record.job_title, record.department_id.name])
                )
                if people
                else "",
            }
            for record in records
        ]

    # ------------------------------------------------------------------
    # Answers given by name
    # ------------------------------------------------------------------

    def _spoc_resolve_names(self, compiled, answers):
        """Turn what the fields of pickers sent into ids.

        They send ``{"id", "text"}``. Readers without scripts type a name where others
        pick from a list, so the text decides where it says something else than the
        id; a name that fits none or several records stays and is told.

        :param dict answers: question id -> raw value; changed in place
        """
        for question in compiled["questions"]:
            children, rows = [question], [answers]
            if question["type"] == "rows":
                children = question.get("questions", ())
                rows = answers.get(question["id"]) or []
            for child in children:
                if child["type"] in RECORD_TYPES:
                    self._resolve_column(child["id"], rows)

    def _resolve_column(self, question_id, rows):
        """The same for one question in all its rows, names by one query."""
        # sudo: the question's settings, see _spoc_labels.
        question = self.env["spoc.form.question"].sudo().browse(question_id)
        given = [row for row in rows if isinstance(row.get(question_id), dict)]
        ids = {read_record_id(row[question_id].get("id")) for row in given} - {None}
        names = self._get_names(question, ids)
        for row in given:
            text = " ".join((row[question_id].get("text") or "").split())
            record_id = read_record_id(row[question_id].get("id"))
            if text and names.get(record_id) != text:
                record_id = self._find_by_name(
                    lambda domain: self._search_picker(question, domain, NAMES_LIMIT),
                    text,
                )
            row[question_id] = (record_id or text) if text else None

    def _find_by_name(self, search, text):
        """Id of the one record a text can mean, or ``None``."""
        found = search(self._get_text_domain(text))
        exact = found.filtered(lambda r: r.display_name.lower() == text.lower())
        match = exact if len(exact) == 1 else found
        return match.id if len(match) == 1 else None

    def _spoc_resolve_people(self, text):
        """Ids, or where unclear the words themselves, for names typed with commas."""
        names = [" ".join(part.split()) for part in (text or "").split(",")]
        return [
            self._find_by_name(
                lambda domain: self._search_people(domain, NAMES_LIMIT), name
            )
            or name
            for name in names[:NAMES_TYPED]
            if name
        ]

    # ------------------------------------------------------------------
    # For whom
    # ------------------------------------------------------------------

    def _spoc_people_domain(self):
        """Employees the form may be asked for by the current user."""
        self.ensure_one()
        # sudo: the rule of the form and the asker's own place in the directory.
        form, me = self.sudo(), self.env.user.sudo().employee_id
        if form.ask_for == "self":
            return Domain.FALSE
        if form.ask_for_scope == "company":
            return Domain("company_id", "=", self.env.company.id)
        if not me:
            return Domain.FALSE
        if form.ask_for_scope == "reports":
            return Domain("id", "child_of", me.ids) & Domain("id", "!=", me.id)
        if not me.department_id:
            return Domain.FALSE
        return Domain("department_id", "child_of", me.department_id.ids)

    def _search_people(self, domain, limit=None):
        # Never as superuser, however the form was read.
        people = self.env["hr.employee.public"].sudo(False)
        if not people.has_access("read"):
            return people
        # sudo: who reports to whom is worked out by the database; the names are
        # read with the user's own rights.
        allowed = self.env["hr.employee"].sudo()._search(self._spoc_people_domain())
        return people.search_fetch(
            Domain(domain) & Domain("id", "in", allowed), ["display_name"], limit=limit
        )

    def _spoc_lookup_people(self, text, limit=LOOKUP_LIMIT):
        """Employees the form may be asked for, for an unfinished text.

        :return: as :meth:`_spoc_lookup`
        """
        if not self._spoc_may_fill_in():
            return None
        return self._get_items(self._search_people(self._get_text_domain(text), limit))

    def _get_people_items(self, people):
        """Those chosen before, to be shown again.

        :param people: as ``controllers.form.read_people`` gives it
        """
        if not isinstance(people, list):
            return []
        ids = [read_record_id(raw) or 0 for raw in people]
        return self._get_items(self._search_people([("id", "in", ids)]))

    def _spoc_judge_people(self, people):
        """Check for whom something is asked.

        :param people: raw ids of employees, a list of texts or numbers; ``None`` for
            oneself
        :return: ``(hr.employee as superuser, message)``; empty employees stand for
            oneself, the message is ``""`` when all is well
        """
        # sudo: nobody, or those found with the user's own rights, see below
        nobody = self.env["hr.employee"].sudo()
        if people is None:
            return nobody, ""
        form = self.sudo()  # sudo: the rule of the form
        mode = form.ask_for or "self"
        limit = form.ask_for_limit if mode == "several" else 1
        ids = list(dict.fromkeys(read_record_id(raw) or 0 for raw in people))
        if mode == "self":
            return nobody, self.env._("This can only be asked for oneself.")
        if not ids:
            return nobody, self.env._("Please say for whom.")
        if len(ids) > limit:
            return nobody, self.env._(
                "Please choose no more than %(limit)s people.", limit=limit
            )
        found = self._search_people([("id", "in", ids)])
        if len(found) != len(ids):
            return nobody, self.env._(
                "You cannot ask for this person. Please choose from the list."
            )
        # sudo: their contacts, on which the requests are made out.
        return nobody.browse(ids), ""

"""What was answered on a form, and for whom it was asked."""

from odoo import Command, api, fields, models


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    requested_for_id = fields.Many2one(
        "res.partner",
        compute="_compute_requested_for_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Who needs it. The requester, unless they asked for somebody else.",
    )

    @api.depends("requester_id")
    def _compute_requested_for_id(self):
        for ticket in self:
            ticket.requested_for_id = ticket.requested_for_id or ticket.requester_id

    def write(self, vals):
        if "requester_id" not in vals or "requested_for_id" in vals:
            return super().write(vals)
        # Who asked for themselves keeps doing so under the right name.
        own = self.filtered(lambda t: t.requested_for_id == t.requester_id)
        result = super().write(vals)
        if own:
            super(SpocTicket, own).write({"requested_for_id": vals["requester_id"]})
        return result

    @api.model
    def _spoc_partners_of(self, people):
        """The contacts of employees, on which requests are made out.

        :param people: hr.employee as superuser
        :return: list of ids of res.partner, ``False`` for who has no contact
        """
        return [
            (person.user_id.partner_id or person.work_contact_id).id
            for person in people
        ]

    @api.model
    def _spoc_answer_values(self, form, values, words):
        """Values of the answers, as they were asked and given; without their files.

        :param form: compiled form, see ``spoc.form._spoc_compile``
        :param dict values: question id -> clean value
        :param dict words: question id -> the same in words
        """
        return [
            {
                "sequence": index,
                "question_id": question["id"],
                "question_text": question["label"],
                "form_version": form["version"],
                "type": question["type"],
                "value_text": words[question["id"]],
                "value_json": self._spoc_answer_json(question, values[question["id"]]),
            }
            for index, question in enumerate(form["questions"])
            if question["id"] in values
        ]

    @api.model
    def _spoc_answer_json(self, question, value):
        """The clean value, as far as it is data: of files only names and sizes."""
        if question["type"] == "file":
            return [{"name": item["name"], "size": item["size"]} for item in value]
        if question["type"] == "rows":
            # JSON knows only texts as keys; say so before the database does.
            return [{str(key): cell for key, cell in row.items()} for row in value]
        return value

    def _spoc_store_answers(self, form, values, words):
        """Keep the same answers and files on each of the tickets.

        One statement for all files, one for all answers.
        """
        drafts = self._spoc_answer_values(form, values, words)
        files = self._spoc_store_files(form, values)
        self.env["spoc.answer"].create(
            [
                {
                    **draft,
                    "ticket_id": ticket.id,
                    "attachment_ids": [
                        Command.set(files.get((ticket.id, draft["question_id"]), []))
                    ],
                }
                for ticket in self
                for draft in drafts
            ]
        )

    def _spoc_store_files(self, form, values):
        """Keep the files of the answers on each of the tickets.

        :return: (ticket id, question id) -> ids of ir.attachment
        """
        keys, vals_list = [], []
        for ticket in self:
            for question in form["questions"]:
                if question["type"] != "file":
                    continue
                for item in values.get(question["id"], ()):
                    keys.append((ticket.id, question["id"]))
                    vals_list.append(
                        {
                            "name": item["name"],
                            "raw": item["content"],
                            "res_model": self._name,
                            "res_id": ticket.id,
                        }
                    )
        files = {}
        attachments = self.env["ir.attachment"].create(vals_list)
        for key, attachment in zip(keys, attachments, strict=True):
            files.setdefault(key, []).append(attachment.id)
        return files

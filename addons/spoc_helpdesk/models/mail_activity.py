from odoo import api, fields, models


class MailActivity(models.Model):
    """What the suite puts before people, and takes away again."""

    _inherit = "mail.activity"

    @api.model
    def _spoc_put_before(self, calls, **values):
        """Put records before people as things to do.

        No mail goes out for it: whoever is called finds it among their activities.

        :param calls: list of ``(record, user, get_summary)``; ``get_summary`` is
            called with an environment in the language of the user
        :param values: of all these activities
        """
        todo = self.env.ref("mail.mail_activity_data_todo")
        today = fields.Date.context_today(self)
        vals_list = []
        for record, user, get_summary in calls:
            env = record.with_context(lang=user.lang or self.env.lang).env
            vals_list.append(
                {
                    "activity_type_id": todo.id,
                    "res_model_id": self.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                    "user_id": user.id,
                    "date_deadline": today,
                    "summary": get_summary(env),
                    **values,
                }
            )
        # sudo: the suite calls people to records, whoever caused it, who may often
        # neither read the record nor plan for others
        self.sudo().with_context(mail_activity_quick_update=True).create(vals_list)

    @api.model
    def _spoc_take_away(self, records):
        """What the suite has put before people about these records is done with."""
        # sudo: the suite's own reminders, whoever of those called has done it
        self.sudo().search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("automated", "=", True),
            ]
        ).unlink()

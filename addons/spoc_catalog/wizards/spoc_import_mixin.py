"""What all imports have in common: look first, then a batch at a time."""

from odoo import api, fields, models
from odoo.fields import Command

STATUSES = [
    ("new", "New"),
    ("changed", "Changed"),
    ("same", "Same"),
    ("waiting", "Waiting"),
    ("fault", "Fault"),
]


class SpocImportMixin(models.AbstractModel):
    """Steps of a wizard that reads a file: upload, look, import.

    Importing is done in batches, each a request of its own: what one of them did is
    kept whatever happens to the next. The form goes on by itself as long as
    ``is_running`` and shows how far it is; who closes it keeps what is done, and goes
    on by reading the same file again. A wizard has ``line_ids``, inherits
    ``spoc.import.line.mixin`` for them, and says what a batch is in :meth:`_run`.
    """

    _name = "spoc.import.mixin"
    _description = "Steps of an import"

    data = fields.Binary(string="File", attachment=False)
    filename = fields.Char()
    state = fields.Selection(
        [("upload", "File"), ("check", "Look"), ("done", "Done")],
        default="upload",
        required=True,
    )
    problem = fields.Text(readonly=True)
    summary = fields.Char(compute="_compute_summary")
    is_waiting = fields.Boolean(compute="_compute_summary")
    is_running = fields.Boolean(readonly=True, export_string_translation=False)
    row_count = fields.Integer(
        compute="_compute_summary", export_string_translation=False
    )
    done_count = fields.Integer(
        compute="_compute_summary", export_string_translation=False
    )

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_summary(self):
        """Told of the lines; a wizard adds what it depends on."""
        for wizard in self:
            lines = wizard["line_ids"]
            labels = dict(lines._fields["status"]._description_selection(self.env))
            rows = lines.grouped("status")
            wizard.summary = " · ".join(
                f"{label}: {len(rows[status])}"
                for status, label in labels.items()
                if status in rows
            )
            waiting = lines._get_waiting()
            wizard.is_waiting = bool(waiting)
            wizard.row_count = len(lines)
            wizard.done_count = len(
                lines.filtered(lambda line: line.status != "waiting")
            )

    @api.onchange("data")
    def _onchange_data(self):
        self.problem = False

    def action_check(self):
        """Look at the file and say what importing it would do; nothing is changed."""
        self.ensure_one()
        self._run(dry=True)
        return self._get_action()

    def action_import(self):
        """Import the next batch; the form asks for the others."""
        self.ensure_one()
        self.action_go_on()
        return self._get_action()

    def action_go_on(self):
        """Import a batch of what is waiting.

        :return: whether there is more to do
        """
        self.ensure_one()
        # One batch at a time, also for who has the form open twice.
        self.lock_for_update()
        looked = self.is_running or self.state == "done"
        before = self["line_ids"]._count_steps() if looked else None
        self._run(dry=False)
        left = self["line_ids"]._count_steps()
        # What does not get on does not go on by itself either.
        self.is_running = bool(left) and (before is None or left < before)
        return self.is_running

    def action_back(self):
        """Choose another file."""
        self.write({"state": "upload", "problem": False, "is_running": False})
        return self._get_action()

    def _run(self, dry):
        """Read the file and keep in the lines what became of its rows.

        :param bool dry: only look, change nothing
        """
        raise NotImplementedError

    def _refuse(self, problem):
        """Say beside the file what is wrong with it."""
        self.write(
            {
                "state": "upload",
                "problem": problem,
                "is_running": False,
                "line_ids": [Command.clear()],
            }
        )

    def _get_title(self):
        """Title of the dialog."""
        return self.env._("Import")

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self._get_title(),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }


class SpocImportLineMixin(models.AbstractModel):
    """What became of a row of the file."""

    _name = "spoc.import.line.mixin"
    _description = "Row of a file"

    number = fields.Integer(readonly=True, aggregator=None)
    name = fields.Char(readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    text = fields.Text("What it says", readonly=True)
    # What has to be mended stands first, however long the file is.
    is_fault = fields.Boolean(
        compute="_compute_is_fault", store=True, export_string_translation=False
    )

    @api.depends("status")
    def _compute_is_fault(self):
        for line in self:
            line.is_fault = line.status == "fault"

    def _get_waiting(self):
        """Those that are not done yet. Hook."""
        return self.filtered(lambda line: line.status == "waiting")

    def _count_steps(self):
        """How much is left to do, in any unit. Hook."""
        return len(self._get_waiting())

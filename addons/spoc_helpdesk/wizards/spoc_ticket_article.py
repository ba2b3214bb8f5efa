from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import html2plaintext

NEAR = 4
FIRST_WORDS = 500


class SpocTicketArticle(models.TransientModel):
    """Begin an article out of a ticket; what is much like it is shown first."""

    _name = "spoc.ticket.article"
    _description = "Write an article from a ticket"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    # Filled in with the rights of the agent: a ticket of others stays shut.
    name = fields.Char(
        "Question",
        compute="_compute_words",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="In the words of those who ask, not in the words of those who answer.",
    )
    symptoms = fields.Text(
        compute="_compute_words",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="What those who ask see and say. Leave out names and whatever tells who "
        "asked.",
    )
    body = fields.Html(
        "Answer",
        compute="_compute_words",
        compute_sudo=False,
        store=True,
        readonly=False,
        sanitize_style=True,
    )
    lang = fields.Selection(
        selection="_get_languages",
        string="Language",
        compute="_compute_words",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    near_ids = fields.Many2many(
        "spoc.article", string="Much like it", compute="_compute_near_ids"
    )

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.depends("ticket_id")
    def _compute_words(self):
        installed = dict(self._get_languages())
        for wizard in self:
            ticket = wizard.ticket_id._origin
            if not ticket:
                continue
            ticket._spoc_check_inner()
            said = html2plaintext(ticket.description or "").strip()
            wizard.name = ticket.name
            wizard.symptoms = said[:FIRST_WORDS] or False
            wizard.body = ticket.resolution
            # sudo: the language of the requester, whom the agent may not see
            lang = ticket.sudo().requester_id.lang
            wizard.lang = lang if lang in installed else self.env.lang

    @api.depends("name", "symptoms")
    def _compute_near_ids(self):
        Article = self.env["spoc.article"]
        alive = Domain("state", "!=", "retired") & Domain("revision_of_id", "=", False)
        for wizard in self:
            text = f"{wizard.name or ''}\n{wizard.symptoms or ''}"
            found = Article._spoc_search(text, alive, NEAR)
            wizard.near_ids = self.env["spoc.window"]._get_near(text, found)[0]

    def action_create_article(self):
        """The new draft, tied to the ticket."""
        self.ensure_one()
        ticket = self.ticket_id
        ticket._spoc_check_inner()
        if not (self.name or "").strip():
            raise UserError(self.env._("Write the question first."))
        article = self.env["spoc.article"].create(self._prepare_article_values())
        article._spoc_record_use("written", ticket)
        ticket._spoc_solved_by_new(article)
        return article._get_records_action()

    def _prepare_article_values(self):
        """Values of the draft. Hook: take more from the ticket.

        It is of the ticket's desk: what a confidential desk learns stays there.
        """
        service = self.ticket_id.service_id
        return {
            "name": self.name,
            "symptoms": self.symptoms,
            "body": self.body,
            "lang": self.lang or self.env.lang,
            "desk_id": self.ticket_id.desk_id.id,
            "service_ids": [Command.set(service.ids)],
            "facet_value_ids": [Command.set(service.facet_value_ids.ids)],
        }

"""Draft, published, retired: what readers see, and what is kept of it."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

# What readers see, in the order it is compared in.
PUBLIC_FIELDS = (
    "name",
    "summary",
    "description",
    "outcome",
    "conditions",
    "kind",
    "category_id",
    "facet_value_ids",
    "desk_id",
    "department_id",
    "owner_id",
    "audience_ids",
    "visibility",
    "seen_by_audience_ids",
    "refusal_text",
    "refusal_contact_id",
    "approval_rule_id",
    "price_kind",
    "price",
    "currency_id",
    "price_unit",
    "price_note",
    "information",
    "information_url",
    "information_contact_id",
    "related_ids",
    "synonyms",
    "asks_urgency",
    "target_policy_id",
)
# What publishing notes; nobody writes it.
KEPT_FIELDS = {"version_number", "published_on", "is_changed", "changed_by_ids"}
# Told in one sentence, not one by one.
PRICE_FIELDS = ("price_kind", "price", "currency_id", "price_unit")


class SpocService(models.Model):
    """What is written in a published service holds at once; each publication keeps a
    version, and a service changed since its last one says so until it is published
    again."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    version_ids = fields.One2many(
        "spoc.service.version",
        "service_id",
        string="Versions",
        copy=False,
        groups="spoc_catalog.group_agent,spoc_catalog.group_catalog_editor",
    )
    version_number = fields.Integer(
        string="Version",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Number of the last published version.",
    )
    published_on = fields.Datetime(
        string="Last published on", readonly=True, copy=False
    )
    is_changed = fields.Boolean(
        string="Changed since published",
        readonly=True,
        copy=False,
        help="Readers see it already; publish again to keep it as a version.",
    )
    changed_by_ids = fields.Many2many(
        "res.users",
        "spoc_service_changed_by_rel",
        "service_id",
        "user_id",
        string="Changed by",
        readonly=True,
        copy=False,
        groups="spoc_catalog.group_catalog_editor",
    )
    publish_notes = fields.Html(
        string="Before you publish",
        compute="_compute_publish_notes",
        groups="spoc_catalog.group_catalog_editor",
    )

    _changed_idx = models.Index("(desk_id) WHERE is_changed")

    # ------------------------------------------------------------------
    # Faults
    # ------------------------------------------------------------------

    def _spoc_publish_faults(self):
        """What forbids to publish the service. Hook: add to the list.

        :return: list of sentences in the user's language, empty when all is well
        """
        self.ensure_one()
        faults = []
        if not self.summary and not self._spoc_has_description():
            faults.append(
                self.env._("Nothing says what it is: write the line below the name.")
            )
        if self.is_template:
            faults.append(
                self.env._("It is a template: publish services made after it.")
            )
        if not self.active:
            faults.append(self.env._("It is archived."))
        if not self.desk_id.active:
            faults.append(
                self.env._("The desk “%(desk)s” is archived.", desk=self.desk_id.name)
            )
        if self.category_id and not self.category_id.active:
            faults.append(
                self.env._(
                    "The category “%(category)s” is archived.",
                    category=self.category_id.display_name,
                )
            )
        return faults

    def _spoc_publish_warnings(self):
        """What is better seen to, yet does not forbid to publish. Hook, as above.

        :return: list of sentences in the user's language
        """
        self.ensure_one()
        warnings = []
        if not self.category_id:
            warnings.append(
                self.env._("It is in no category: it is found by searching only.")
            )
        if not self.desk_id.channel_ids:
            warnings.append(
                self.env._(
                    "The desk “%(desk)s” has not said yet how to reach it.",
                    desk=self.desk_id.name,
                )
            )
        if not self.audience_ids:
            warnings.append(self.env._("Everyone signed in may see it and ask for it."))
        if not self.owner_id:
            warnings.append(
                self.env._(
                    "Nobody is named to answer for it: the manager of the desk will "
                    "be, or you."
                )
            )
        missing = self._spoc_missing_languages()
        if missing:
            warnings.append(
                self.env._(
                    "Its name is not translated: %(languages)s.",
                    languages=", ".join(missing),
                )
            )
        return warnings

    def _spoc_has_description(self):
        text = self.env["spoc.service.version"]._spoc_readable(
            "description", self.description
        )
        return bool(text)

    def _spoc_missing_languages(self):
        """Names of the installed languages the service has no name in."""
        self.ensure_one()
        if not self._origin.id:
            return []
        # The ORM tells what a language falls back to, the field what it holds.
        named = self._fields["name"]._get_stored_translations(self._origin) or {}
        return [
            name
            for code, name in self.env["res.lang"].get_installed()
            if not named.get(code)
        ]

    @api.depends(lambda self: self._spoc_notes_depends())
    @api.depends_context("lang")
    def _compute_publish_notes(self):
        for service in self:
            notes = ""
            if service.state != "published" and not service.is_template:
                faults = service._spoc_publish_faults()
                notes = service._get_notes_html(faults, "fa-times-circle text-danger")
                notes += service._get_notes_html(
                    service._spoc_publish_warnings(), "fa-info-circle text-muted"
                )
            service.publish_notes = notes

    @api.model
    def _spoc_notes_depends(self):
        names = self._spoc_public_fields()
        return ["state", "is_template", "active", "form_id", *names]

    @api.model
    def _get_notes_html(self, notes, icon):
        line = Markup('<div><i class="fa fa-fw %s"></i> %s</div>')
        return Markup().join(line % (icon, note) for note in notes)

    def _spoc_check_publishable(self):
        """Refuse with everything that is amiss, in words.

        :raise UserError: a service has faults
        """
        texts = []
        for service in self:
            faults = service._spoc_publish_faults()
            if faults:
                lines = "\n".join(f"• {fault}" for fault in faults)
                texts.append(f"{service.name}\n{lines}")
        if texts:
            raise UserError(
                self.env._(
                    "This cannot be published yet:\n%(faults)s",
                    faults="\n".join(texts),
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_publish(self):
        """Offer the services to their audience, and keep what they say."""
        return self._spoc_publish()

    def _spoc_publish(self, note=False):
        """Publish and keep a version; the service gets an owner if it has none.

        :param str note: what changed, in the publisher's words
        """
        self.check_access("write")
        self._spoc_check_publishable()
        for service in self.filtered(lambda s: not s.owner_id):
            owner = service.desk_id.manager_id or self.env.user
            if not owner._is_superuser():
                service.owner_id = owner
        self.with_context(spoc_publishing=True).write({"state": "published"})
        self._spoc_keep_versions(note)
        return True

    def action_publish_note(self):
        """Publish again, saying what changed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Publish the changes"),
            "res_model": "spoc.service.publish",
            "view_mode": "form",
            "target": "new",
            "context": {"default_service_id": self.id},
        }

    def action_open_versions(self):
        """Published versions of the service."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_service_version_action"
        )
        action["domain"] = [("service_id", "=", self.id)]
        return action

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_kept(vals)
        services = super().create(vals_list)
        offered = services.filtered(lambda s: s.state == "published")
        if offered and not self.env.su:
            offered._spoc_check_publishable()
        if not self.env.context.get("install_mode"):
            # Data files come in parts: texts, then forms, then translations.
            offered._spoc_keep_versions()
        return services

    def write(self, vals):
        self._check_kept(vals)
        watched = set(vals) & {*self._spoc_public_fields(), "form_id", "state"}
        if not watched or self.env.context.get("install_mode"):
            return super().write(vals)
        before = self.filtered(lambda s: s.state == "published")
        # What was offered from the start, by a data file, is kept before it changes.
        before.filtered(lambda s: not s.version_number)._spoc_keep_versions()
        result = super().write(vals)
        offered = self.filtered(lambda s: s.state == "published")
        if watched != {"state"}:
            (offered & before)._spoc_mark_changed()
        fresh = offered - before
        if fresh and not self.env.context.get("spoc_publishing"):
            if not self.env.su:
                fresh._spoc_check_publishable()
            fresh._spoc_keep_versions()
        return result

    def _check_kept(self, vals):
        """Numbers and dates of versions come from publishing only."""
        if not self.env.su and KEPT_FIELDS & vals.keys():
            raise AccessError(self.env._("Versions are kept by publishing only."))

    def update_field_translations(self, field_name, translations, source_lang=""):
        result = super().update_field_translations(
            field_name, translations, source_lang=source_lang
        )
        if field_name in self._spoc_public_fields():
            self.filtered(lambda s: s.state == "published")._spoc_mark_changed()
        return result

    def _spoc_mark_changed(self):
        """Note that the services read differently now, and who made them so."""
        if self.env.context.get("install_mode"):
            return
        # sudo: what is noted here is nobody's to write.
        services = self.sudo()
        fresh = services.filtered(lambda service: not service.is_changed)
        if fresh:
            fresh.write({"is_changed": True})
        unnamed = services.filtered(
            lambda service: self.env.user not in service.changed_by_ids
        )
        if unnamed:
            unnamed.write({"changed_by_ids": [Command.link(self.env.uid)]})

    def _spoc_keep_versions(self, note=False):
        """Keep what readers see, unless it is what the last version says.

        :param str note: what changed, in the publisher's words
        :return: spoc.service.version, the new ones
        """
        if not self:
            return self.env["spoc.service.version"]
        # sudo: versions are nobody's to create, and say what readers see, whoever
        # publishes.
        services = self.sudo()
        last = services._spoc_last_versions()
        contents = services._spoc_contents()
        now = fields.Datetime.now()
        vals_list = []
        for service in services:
            content = contents[service.id]
            if service.id in last and last[service.id].content == content:
                continue
            vals_list.append(
                {
                    "service_id": service.id,
                    "number": service.version_number + 1,
                    "date": now,
                    "user_id": self.env.uid,
                    "author_ids": [Command.set(service.changed_by_ids.ids)],
                    "note": note or False,
                    "content": content,
                }
            )
        # sudo: versions are nobody's to create by hand, publishing makes them
        versions = self.env["spoc.service.version"].sudo().create(vals_list)
        for version in versions:
            version.service_id.version_number = version.number
        services.write(
            {
                "is_changed": False,
                "changed_by_ids": [Command.clear()],
                "published_on": now,
            }
        )
        return versions.with_env(self.env)

    @api.model
    def _spoc_keep_first_versions(self):
        """Keep the first version of services that came with data files.

        Such files come in parts, and their translations after them: an addon with
        services calls this when it is installed, where all of them are there.
        """
        self.search(
            [("state", "=", "published"), ("version_number", "=", 0)]
        )._spoc_keep_versions()

    def _spoc_last_versions(self):
        """Service id -> its last version."""
        versions = self.env["spoc.service.version"].search(
            Domain("service_id", "in", self.filtered("version_number").ids),
            order="number",
        )
        return {version.service_id.id: version for version in versions}

    # ------------------------------------------------------------------
    # What readers see
    # ------------------------------------------------------------------

    @api.model
    def _spoc_public_fields(self):
        """Names of the fields readers see, in reading order. Hook: add to them."""
        return [name for name in PUBLIC_FIELDS if name in self._fields]

    @api.model
    def _spoc_content_fields(self):
        """Names of the fields a version tells, in reading order."""
        names = []
        for name in self._spoc_public_fields():
            told = "price_text" if name in PRICE_FIELDS else name
            if told not in names:
                names.append(told)
        return names

    def _spoc_contents(self):
        """All readers see, in every installed language, as plain data.

        :return: service id -> content, see ``spoc.service.version``
        """
        contents = {service.id: {} for service in self}
        for code, _name in self.env["res.lang"].get_installed():
            services = self.with_context(lang=code)
            forms = {form: self._spoc_form_content(form) for form in services.form_id}
            for service in services:
                content = {
                    name: value
                    for name in self._spoc_content_fields()
                    if (value := service._spoc_public_value(name))
                }
                if service.form_id:
                    content["form"] = forms[service.form_id]
                content["promise"] = service._spoc_promise_words()
                contents[service.id][code] = content
        return contents

    @api.model
    def _spoc_form_content(self, form):
        """A compiled form without what holds for one person on one day."""
        compiled = form._spoc_compile()
        compiled.pop("person", None)
        compiled["questions"] = [
            self._spoc_question_content(question) for question in compiled["questions"]
        ]
        return compiled

    @api.model
    def _spoc_question_content(self, question):
        """A compiled question, see :meth:`_spoc_form_content`."""
        passing = {"default"}
        if question["type"] in ("date", "datetime", "date_range"):
            passing |= {"min", "max"}
        content = {key: value for key, value in question.items() if key not in passing}
        if content.get("questions"):
            content["questions"] = [
                self._spoc_question_content(part) for part in content["questions"]
            ]
        return content

    def _spoc_public_value(self, name):
        """A field's value in words a reader understands, JSON-able."""
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.relational:
            words = [word for word in value.mapped("display_name") if word]
            return ", ".join(sorted(words) if field.type != "many2one" else words)
        if not value:
            return ""
        if field.type == "boolean":
            return self.env._("Yes")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return value if isinstance(value, str | int | float) else str(value)

    def _spoc_promise_words(self):
        """The promise in words, without moments, which pass."""
        self.ensure_one()
        targets = self._spoc_policy()._spoc_targets()
        return [
            self._get_promise_text(kind, targets[kind])
            for kind in ("response", "update", "resolution")
            if kind in targets
        ]

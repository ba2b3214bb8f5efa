"""Services in the file: what an entry says, and what it would change."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

PLAIN_KEYS = (
    "name",
    "summary",
    "description",
    "inner_note",
    "outcome",
    "conditions",
    "synonyms",
    "kind",
    "is_template",
    "is_featured",
    "asks_urgency",
    "sequence",
    "price_kind",
    "price",
    "price_unit",
    "price_note",
    "information",
    "information_url",
    "review_months",
    "visibility",
)
# A key of the file -> the field, where they differ.
OTHER_KEYS = {"refusal": "refusal_text"}


class SpocService(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    origin = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The catalogue the service was taken from.",
    )
    origin_ref = fields.Char(
        string="Name in its catalogue",
        readonly=True,
        copy=False,
        groups="spoc_catalog.group_catalog_editor",
        help="By which the service is known when its file is read again.",
    )

    _origin_ref_unique = models.UniqueIndex(
        "(company_id, origin_ref) WHERE origin_ref IS NOT NULL",
        "The company has this entry of the other catalogue already.",
    )

    @api.model
    def get_import_templates(self):
        """Tables the import of spreadsheets offers to begin with."""
        return [
            {
                "label": self.env._("Table of services"),
                "template": "/spoc_catalog/static/xls/spoc_service.xlsx",
            }
        ]


class SpocExchange(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.exchange"

    @api.model
    def _spoc_service_keys(self):
        """Hook: key of an entry -> field holding a plain value or a text."""
        return {**{name: name for name in PLAIN_KEYS}, **OTHER_KEYS}

    # ------------------------------------------------------------------
    # Out
    # ------------------------------------------------------------------

    def _export_services(self, services):
        """Services as data, in a handful of queries for any number of them."""
        keys = self._spoc_service_keys()
        texts = self._get_texts(
            services,
            [n for n in keys.values() if self._is_translated("spoc.service", n)],
        )
        related = services.related_ids
        refs = self._get_refs(services | related)
        form_refs = self._get_refs(services.form_id)
        entries = []
        for service in services:
            entry = {
                "ref": refs[service.id],
                "origin": service.origin or self.env.company.name,
                **self._export_values(service, keys, texts),
                "state": service.state,
                "form": form_refs.get(service.form_id.id),
                "template": refs.get(service.template_id.id),
                "related": [refs[other.id] for other in service.related_ids],
            }
            for key, (name, kind) in self._spoc_service_references().items():
                entry[key] = self._export_reference(service, name, kind)
            entries.append(entry)
        return entries

    @api.model
    def _is_translated(self, model, name):
        field = self.env[model]._fields.get(name)
        return bool(field and field.translate)

    def _export_reference(self, service, name, kind):
        value = service[name]
        if service._fields[name].type == "many2one":
            return self._get_reference_key(kind, value) if value else None
        return sorted(self._get_reference_key(kind, record) for record in value)

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    def _prepare_service(self, entry, context):
        """What an entry says, as values.

        :param dict context: of the import: ``catalogue``, ``references`` ``(kind, name)
            -> record``, ``forms`` full name -> spoc.form
        :return: ``vals``, ``{field: {language: text}}``
        :raise ValidationError: it refers to a form that is not there
        """
        catalogue = context["catalogue"]
        Service = self.env["spoc.service"]
        vals, texts = self._get_vals(
            Service, entry, self._spoc_service_keys(), catalogue["language"]
        )
        for key, (name, kind) in self._spoc_service_references().items():
            if key not in entry:
                continue
            value = entry[key]
            if Service._fields[name].type == "many2one":
                record = context["references"].get((kind, value)) if value else None
                vals[name] = record.id if record else False
            else:
                records = [context["references"].get((kind, v)) for v in value or []]
                vals[name] = sorted({record.id for record in records if record})
        if entry.get("form"):
            ref = self._get_full_ref(entry["form"], catalogue)
            if ref not in context["forms"]:
                raise ValidationError(
                    self.env._(
                        "It asks with the form “%(form)s”, which is not in the file.",
                        form=entry["form"],
                    )
                )
            vals["form_id"] = context["forms"][ref].id
        elif "form" in entry:
            vals["form_id"] = False
        return vals, texts

    def _find_service_changes(self, service, vals, texts, stored):
        """Labels of the fields an entry would change."""
        names = self._find_changes(service, vals, texts, stored)
        order = [*service._spoc_public_fields(), *service._fields]
        names = sorted(names, key=order.index)
        return [service._fields[name]._description_string(self.env) for name in names]

    def _import_service(self, service, vals, texts, context):
        """Make or change a service.

        :param service: spoc.service to change, empty to make one
        :param dict vals: see :meth:`_prepare_service`
        :param dict texts: likewise
        :param dict context: of the import; ``origin`` and ``ref`` of the entry
        :return: spoc.service, list of ``(field, language)`` not kept
        """
        language = context["catalogue"]["language"]
        Service = self.env["spoc.service"]
        vals = {
            name: self._get_written(Service, name, value)
            for name, value in vals.items()
        }
        if service:
            service.write(vals)
        else:
            service = Service.create(
                {
                    **vals,
                    **self._get_first_texts(texts, language),
                    "origin": context["origin"],
                    "origin_ref": context["ref"],
                }
            )
        return service, self._write_texts(service, texts, language)

    @api.model
    def _get_written(self, model, name, value):
        """A value as ``write`` takes it."""
        if model._fields[name].type == "many2many":
            return [fields.Command.set(value or [])]
        return value

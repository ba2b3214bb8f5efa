"""What entries refer to: found by name, code or external id, or made."""

import re
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from .. import catalog_file

XML_ID = re.compile(r"[a-z][a-z0-9_]*\.[A-Za-z0-9_.-]+")
# Kind of reference -> model, and whether one can be made from its name alone. An
# audience cannot: whom it lets in is not in its name.
KINDS = {
    "category": ("spoc.category", True),
    "facet": ("spoc.facet.value", True),
    "desk": ("spoc.desk", True),
    "department": ("hr.department", True),
    "owner": ("res.users", False),
    "contact": ("res.partner", False),
    "audience": ("spoc.audience", False),
    "policy": ("spoc.target.policy", False),
    "currency": ("res.currency", False),
    "approval": ("spoc.approval.rule", False),
}


class SpocExchange(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.exchange"

    @api.model
    def _spoc_reference_kinds(self):
        """Hook: kind -> ``(model, can be made from a name)``, of installed models."""
        return {kind: spec for kind, spec in KINDS.items() if spec[0] in self.env}

    @api.model
    def _get_reference_key(self, kind, record):
        """The name a record is written as."""
        if kind == "desk":
            return record.code
        if kind == "owner":
            return record.login
        if kind == "contact":
            # sudo: which contact a service names is told to all who see it.
            return record.sudo().email or record.sudo().name or ""
        if kind == "department":
            return record.with_context(lang="en_US").complete_name
        if kind in ("category", "facet"):
            return record.with_context(lang="en_US").display_name
        return record.with_context(lang="en_US").name

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    def _find_references(self, kind, keys, company, language):
        """Records named by keys, in a handful of queries for any number.

        :param str kind: see ``KINDS``
        :param keys: names, codes or external ids
        :param company: res.company the services go to
        :param str language: of the names
        :return: key -> records; more than one when the name is not enough
        """
        keys = set(keys)
        model = self._spoc_reference_kinds()[kind][0]
        records = self._search_candidates(kind, keys, company, language)
        found = defaultdict(lambda: self.env[model])
        for record in records:
            for name in self._get_names(kind, record):
                if name in keys:
                    found[name] |= record
        for key in keys - found.keys():
            if XML_ID.fullmatch(key):
                record = self.env.ref(key, raise_if_not_found=False)
                if record and record._name == model and record.has_access("read"):
                    found[key] = record
        return dict(found)

    def _search_candidates(self, kind, keys, company, language):
        """Records that may be meant."""
        model = self._spoc_reference_kinds()[kind][0]
        Model = self.env[model].with_context(lang=language)
        names = list(keys)
        domains = {
            "category": Domain.TRUE,
            "facet": Domain.TRUE,
            "desk": Domain("company_id", "=", company.id)
            & (Domain("code", "in", names) | Domain("name", "in", names)),
            "department": Domain("company_id", "in", [company.id, False])
            & Domain("complete_name", "in", names),
            "owner": Domain("login", "in", names) & Domain("share", "=", False),
            "contact": (Domain("email", "in", names) | Domain("name", "in", names))
            & Domain("company_id", "in", [company.id, False]),
        }
        domain = domains.get(kind)
        if domain is None:
            domain = Domain("name", "in", names)
            if "company_id" in Model._fields:
                domain &= Domain("company_id", "in", [company.id, False])
        return Model.search(domain)

    def _get_names(self, kind, record):
        """All names a record can be called by, in the language of its context."""
        if kind == "desk":
            return {record.code, record.name}
        if kind == "department":
            return {record.complete_name}
        if kind == "owner":
            return {record.login}
        if kind == "contact":
            return {record.email, record.name} - {False}
        if kind in ("category", "facet"):
            return {record.display_name}
        return {record.name}

    # ------------------------------------------------------------------
    # Categories and facets in the file
    # ------------------------------------------------------------------

    def _export_categories(self, categories):
        """Shelves and those they are part of, tops first."""
        every = self.env["spoc.category"].search([("id", "parent_of", categories.ids)])
        every = every.sorted(lambda category: category.parent_path)
        texts = self._get_texts(every, ("name", "description"))
        keys = {name: name for name in ("name", "description", "icon", "sequence")}
        return [
            {
                "path": self._get_reference_key("category", category),
                **self._export_values(category, keys, texts),
            }
            for category in every
        ]

    def _export_facets(self, values):
        every = self.env["spoc.facet.value"].search([("id", "parent_of", values.ids)])
        every = every.sorted(lambda v: (v.facet_id.sequence, v.parent_path))
        texts = self._get_texts(every, ("name", "description"))
        facet_texts = self._get_texts(every.facet_id, ("name", "description"))
        keys = {name: name for name in ("name", "description", "icon", "sequence")}
        return [
            {
                "path": self._get_reference_key("facet", value),
                "facet_name": facet_texts[value.facet_id.id, "name"],
                "facet_description": facet_texts[value.facet_id.id, "description"]
                or None,
                **self._export_values(value, keys, texts),
            }
            for value in every
        ]

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    def _make_reference(self, kind, key, company, catalogue):
        """Make what is missing, with what the file says about it.

        :param str key: its name in the file
        :param dict catalogue: the file, see ``catalog_file``
        :return: the record
        """
        language = catalogue["language"]
        maker = self.with_context(lang=language)
        if kind == "category":
            return maker._make_category(key, catalogue)
        if kind == "facet":
            return maker._make_facet(key, catalogue)
        if kind == "desk":
            return maker.env["spoc.desk"].create(
                {"name": key, "code": key[:20], "company_id": company.id}
            )
        return maker._make_department(key, company)

    def _make_path(self, path, find, make):
        """Make the last part of "A / B / C", and what is missing above it."""
        record = find(path)
        if record:
            return record
        above, _slash, name = path.rpartition(" / ")
        parent = self._make_path(above, find, make) if above else None
        return make(path, name, parent)

    def _make_category(self, path, catalogue):
        about = {entry["path"]: entry for entry in catalogue["categories"]}
        company = self.env.company

        def find(path):
            found = self._find_references(
                "category", [path], company, catalogue["language"]
            )
            return found.get(path, self.env["spoc.category"])[:1]

        def make(path, name, parent):
            entry = {"name": name, **about.get(path, {})}
            return self._make_described(
                "spoc.category", entry, {"parent_id": parent and parent.id}, catalogue
            )

        return self._make_path(path, find, make)

    def _make_facet(self, path, catalogue):
        about = {entry["path"]: entry for entry in catalogue["facets"]}
        company = self.env.company
        facet_name, _colon, _rest = path.partition(": ")

        def find(path):
            found = self._find_references(
                "facet", [path], company, catalogue["language"]
            )
            return found.get(path, self.env["spoc.facet.value"])[:1]

        def make(path, name, parent):
            if not parent:
                name = name.partition(": ")[2] or name
            entry = {"name": name, **about.get(path, {})}
            facet = self._get_facet(facet_name, entry, catalogue)
            links = {"facet_id": facet.id, "parent_id": parent and parent.id}
            return self._make_described("spoc.facet.value", entry, links, catalogue)

        return self._make_path(path, find, make)

    def _get_facet(self, name, entry, catalogue):
        """The facet of a value, made if there is none of the name."""
        facet = self.env["spoc.facet"].search([("name", "=", name)], limit=1)
        if facet:
            return facet
        about = {
            "name": entry.get("facet_name") or name,
            "description": entry.get("facet_description"),
        }
        return self._make_described("spoc.facet", about, {}, catalogue)

    def _make_described(self, model, entry, links, catalogue):
        """Create a record out of an entry's name, description, icon and order."""
        language = catalogue["language"]
        keys = {name: name for name in ("name", "description", "icon", "sequence")}
        entry = {key: value for key, value in entry.items() if value is not None}
        vals, texts = self._get_vals(self.env[model], entry, keys, language)
        first = self._get_first_texts(texts, language)
        record = self.env[model].create({**vals, **first, **links})
        self._write_texts(record, texts, language)
        return record

    def _make_department(self, path, company):
        def find(path):
            found = self._find_references("department", [path], company, self.env.lang)
            return found.get(path, self.env["hr.department"])[:1]

        def make(path, name, parent):
            return self.env["hr.department"].create(
                {
                    "name": name,
                    "parent_id": parent and parent.id,
                    "company_id": company.id,
                }
            )

        return self._make_path(path, find, make)

    # ------------------------------------------------------------------
    # Keys in entries
    # ------------------------------------------------------------------

    @api.model
    def _spoc_service_references(self):
        """Hook: key of an entry -> ``(field, kind)``; list keys fill many2many fields.

        Fields of addons that are not installed are left out.
        """
        references = {
            "category": ("category_id", "category"),
            "desk": ("desk_id", "desk"),
            "department": ("department_id", "department"),
            "owner": ("owner_id", "owner"),
            "policy": ("target_policy_id", "policy"),
            "currency": ("currency_id", "currency"),
            "contact": ("information_contact_id", "contact"),
            "refusal_contact": ("refusal_contact_id", "contact"),
            "approval": ("approval_rule_id", "approval"),
            "audiences": ("audience_ids", "audience"),
            "seen_by": ("seen_by_audience_ids", "audience"),
            "facets": ("facet_value_ids", "facet"),
        }
        fields = self.env["spoc.service"]._fields
        return {key: spec for key, spec in references.items() if spec[0] in fields}

    def _get_entry_keys(self, entry):
        """``(entry key, kind, name)`` of all an entry of a service refers to."""
        for key, (_field, kind) in self._spoc_service_references().items():
            value = entry.get(key)
            for name in value if isinstance(value, list) else [value]:
                if name:
                    yield key, kind, name

    @api.model
    def _get_full_ref(self, ref, catalogue):
        return catalog_file.full_ref(ref, catalogue["catalogue"]["id"])

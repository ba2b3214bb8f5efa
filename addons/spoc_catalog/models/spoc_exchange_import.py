"""A file read into the catalogue: row by row, each for itself."""

import time
from collections import Counter

from psycopg2 import DataError, IntegrityError

from odoo import models
from odoo.exceptions import UserError

from .. import catalog_file

# Nothing is mailed or noted in the history while entries are tried and undone.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class _Undo(Exception):
    """Takes everything back at the end of a dry run."""


class SpocExchange(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.exchange"

    def _spoc_import(self, catalogue, faults, options):
        """Read a file, or see what reading it would do.

        Each entry stands or falls alone. Reading a file again changes nothing, so
        what a budget of time left over is done by calling again.

        :param dict catalogue: see ``catalog_file.read``
        :param dict faults: likewise
        :param dict options: ``company`` the services go to; ``root`` spoc.category all
            categories are put below; ``desk`` of services that name none; ``publish``
            what the file says is published; ``decisions`` ``(kind, name)`` ->
            ``("use", record)``, ``("create",)`` or ``("empty",)``; ``usual`` kind ->
            decision for those not ``asked`` about yet; ``seconds`` it may take;
            ``dry`` to change nothing
        :return: dictionary: ``rows`` of ``{"section", "number", "name", "ref",
            "status", "text", "res_id"}``, status being new, changed, same, fault or
            waiting; ``missing`` ``(kind, name) -> {"count", "text"}``; ``languages``
            codes of texts left out
        """
        worker = self.with_context(**QUIET).with_company(options["company"])
        report = {"rows": [], "missing": {}, "languages": []}
        try:
            with self.env.cr.savepoint():
                worker._run_import(catalogue, faults, options, report)
                if options.get("dry"):
                    raise _Undo
        except _Undo:
            for row in report["rows"]:
                if row["status"] == "new":
                    row["res_id"] = False
        # What was worked out from entries that were taken back.
        self.env["spoc.kept.mixin"]._spoc_forget()
        return report

    def _run_import(self, catalogue, faults, options, report):
        self._put_below(catalogue, faults, options.get("root"))
        context = {
            "catalogue": catalogue,
            "faults": faults,
            "options": options,
            "report": report,
            "references": {},
            "undecided": set(),
            "forms": {},
            "records": {},
            "until": time.monotonic() + options.get("seconds", 3600),
        }
        report["languages"] = self._get_left_languages(catalogue)
        self._settle_references(context)
        self._import_forms(context)
        self._import_services(context)
        self._import_links(context)

    # ------------------------------------------------------------------
    # Before the rows
    # ------------------------------------------------------------------

    def _get_good(self, section, context):
        """``(number, entry)`` of the entries of a section without faults."""
        for number, entry in enumerate(context["catalogue"][section]):
            if (section, number) not in context["faults"]:
                yield number, entry

    def _put_below(self, catalogue, faults, root):
        """Map the file's tree onto a shelf of this one."""
        if not root:
            return
        path = root.with_context(lang=catalogue["language"]).display_name
        for section, key in (("categories", "path"), ("services", "category")):
            for number, entry in enumerate(catalogue[section]):
                if (section, number) not in faults and entry.get(key):
                    entry[key] = f"{path} / {entry[key]}"

    def _get_left_languages(self, catalogue):
        """Languages the file has and this database has not."""
        installed, found = set(self._get_languages()), set()
        for section in catalog_file.SECTIONS:
            for entry in catalogue[section]:
                name = entry.get("name") if isinstance(entry, dict) else None
                if isinstance(name, dict):
                    found |= name.keys()
        return sorted(found - installed)

    def _settle_references(self, context):
        """Find all the entries refer to; what is not there as it was decided."""
        options, names = context["options"], {}
        counts = Counter()
        for _number, entry in self._get_good("services", context):
            for _key, kind, name in self._get_entry_keys(entry):
                names.setdefault(kind, set()).add(name)
                counts[kind, name] += 1
        language = context["catalogue"]["language"]
        for kind, keys in names.items():
            found = self._find_references(kind, keys, options["company"], language)
            for name in sorted(keys):
                records = found.get(name)
                if records and len(records) == 1:
                    context["references"][kind, name] = records
                else:
                    self._settle_missing(kind, name, records, counts, context)

    def _settle_missing(self, kind, name, records, counts, context):
        """One name that nothing, or more than one thing, bears."""
        text = self.env._("There is none of this name.")
        if records:
            text = self.env._(
                "There are %(count)s of this name: choose one.", count=len(records)
            )
        missing = {"count": counts[kind, name], "text": text}
        context["report"]["missing"][kind, name] = missing
        decision = self._get_decision(kind, name, context["options"])
        if not decision:
            context["undecided"].add((kind, name))
        elif decision[0] == "use":
            context["references"][kind, name] = decision[1]
        elif decision[0] == "create":
            record, fault = self._try(
                self._make_reference,
                kind,
                name,
                context["options"]["company"],
                context["catalogue"],
            )
            if fault:
                missing["text"] = fault
                context["undecided"].add((kind, name))
            else:
                context["references"][kind, name] = record

    def _get_decision(self, kind, name, options):
        """What to do about a missing name, None while nobody decided."""
        decision = options.get("decisions", {}).get((kind, name))
        if decision or (kind, name) in options.get("asked", ()):
            return decision
        usual = options.get("usual", {}).get(kind)
        return (usual,) if usual else None

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------

    def _try(self, function, *args):
        """Call in a savepoint.

        :return: ``(result, None)``, or ``(None, words)`` when it failed
        """
        try:
            with self.env.cr.savepoint():
                result = function(*args)
                self.env.flush_all()
                return result, None
        except UserError as error:
            return None, str(error)
        except (IntegrityError, DataError) as error:
            model = next(
                (
                    self.env[model._name]
                    for model in self.env.registry.values()
                    if error.diag.table_name == model._table
                ),
                self.env["base"],
            )
            return None, model._sql_error_to_message(error)
        except (ValueError, TypeError, KeyError) as error:
            # What no check foresaw is the entry's fault, not the file's end.
            return None, self.env._("It cannot be read: %(error)s", error=error)

    def _add_row(self, context, section, number, entry, **values):
        entry = entry if isinstance(entry, dict) else {}
        name = entry.get("name")
        if isinstance(name, dict):
            name = name.get(self.env.lang) or next(iter(name.values()), "")
        row = {
            "section": section,
            "number": number + 1,
            "name": str(name or "")[:200],
            "ref": str(entry.get("ref") or entry.get("path") or "")[:200],
            "status": "same",
            "text": "",
            "res_id": False,
            **values,
        }
        context["report"]["rows"].append(row)
        return row

    def _add_faulty(self, context, section):
        """Rows of entries the file itself says cannot be used."""
        entries = context["catalogue"][section]
        for (name, number), faults in context["faults"].items():
            if name == section:
                text = "\n".join(self._get_fault_text(*fault) for fault in faults)
                self._add_row(
                    context,
                    section,
                    number,
                    entries[number],
                    status="fault",
                    text=text,
                )

    def _import_forms(self, context):
        """All forms of the file, before the services that ask with them."""
        catalogue = context["catalogue"]
        for section in ("categories", "facets", "forms"):
            self._add_faulty(context, section)
        entries = list(self._get_good("forms", context))
        refs = [self._get_full_ref(entry["ref"], catalogue) for _n, entry in entries]
        held = self._match_refs("spoc.form", refs, [])
        for (number, entry), ref in zip(entries, refs, strict=True):
            form = held.get(ref, self.env["spoc.form"])
            row = self._add_row(context, "forms", number, entry, res_id=form.id)
            language = catalogue["language"]
            if time.monotonic() > context["until"]:
                row["status"] = "waiting"
            elif self._find_form_change(form, entry, language):
                row["status"] = "changed" if form else "new"
                result, fault = self._try(self._import_form, form, entry, ref, language)
                if fault:
                    row.update(status="fault", text=fault)
                form = result or form
            if form and row["status"] != "fault":
                row["res_id"] = form.id
                context["forms"][ref] = form

    def _import_services(self, context):
        """All services of the file; what they have to do with each other comes last."""
        self._add_faulty(context, "services")
        catalogue, company = context["catalogue"], context["options"]["company"]
        entries = list(self._get_good("services", context))
        refs = [self._get_full_ref(entry["ref"], catalogue) for _n, entry in entries]
        held = self._match_refs("spoc.service", refs, [("company_id", "=", company.id)])
        services = self.env["spoc.service"].browse([s.id for s in held.values()])
        names = self._spoc_service_keys().values()
        stored = self._get_texts(
            services, [n for n in names if self._is_translated("spoc.service", n)]
        )
        for (number, entry), ref in zip(entries, refs, strict=True):
            service = held.get(ref, services.browse())
            row = self._add_row(
                context, "services", number, entry, ref=ref, res_id=service.id
            )
            result, fault = self._judge_service(service, entry, row, stored, context)
            if fault:
                row.update(status="fault", text=fault)
            elif result:
                row["res_id"] = result.id
                context["records"][ref] = (result, entry, row)

    def _judge_service(self, service, entry, row, stored, context):
        """Bring a service up to its entry, unless it is so already.

        :return: ``(service, fault)``, one of them None
        """
        fault = self._find_undecided(entry, context)
        if fault:
            return None, fault
        prepared, fault = self._try(self._prepare_service, entry, context)
        if fault:
            return None, fault
        vals, texts = prepared
        if not service and not vals.get("desk_id") and context["options"].get("desk"):
            vals["desk_id"] = context["options"]["desk"].id
        fault = self._find_opening(service, entry, vals)
        if fault:
            return None, fault
        labels = []
        if service:
            labels = self._find_service_changes(service, vals, texts, stored)
            if not labels:
                return service, None
        row.update(status="changed" if service else "new", text=", ".join(labels))
        if time.monotonic() > context["until"]:
            row["status"] = "waiting"
            return service or None, None
        return self._try(self._carry_out, service, entry, row, (vals, texts), context)

    def _find_undecided(self, entry, context):
        """What keeps an entry from being read, in words, or None."""
        undecided = [
            name
            for _key, kind, name in self._get_entry_keys(entry)
            if (kind, name) in context["undecided"]
        ]
        if undecided:
            return self.env._(
                "Missing here: %(names)s. Decide beside the rows what to do.",
                names=", ".join(f"“{name}”" for name in undecided),
            )
        return None

    def _find_opening(self, service, entry, vals):
        """Refuse to open a service to everyone because its audience is not here."""
        lost = entry.get("audiences") and not vals.get("audience_ids")
        if lost and service.state == "published":
            return self.env._(
                "None of its audiences is here: it would be open to everyone."
            )
        if not service and not vals.get("desk_id"):
            return self.env._("It names no desk. Choose one above for such services.")
        return None

    def _carry_out(self, service, entry, row, said, context):
        """Write one service; called in a savepoint."""
        vals, texts = said
        about = context["catalogue"]["catalogue"]
        is_new = not service
        service, left = self._import_service(
            service,
            vals,
            texts,
            {
                **context,
                "origin": entry.get("origin") or about["name"],
                "ref": row["ref"],
            },
        )
        notes = [row["text"]] if row["text"] else []
        for name, lang in left:
            notes.append(
                self.env._(
                    "%(field)s: the text in %(language)s has other paragraphs, so it "
                    "was left out.",
                    field=service._fields[name]._description_string(self.env),
                    language=lang,
                )
            )
        if is_new:
            notes += self._set_state(service, entry, vals, context)
        row["text"] = "\n".join(notes)
        return service

    def _set_state(self, service, entry, vals, context):
        """Draft, published or retired, as the file and the options say.

        :return: list of what has to be told
        """
        state, notes = entry.get("state"), []
        if state == "retired":
            service.state = "retired"
        if state != "published" or not context["options"].get("publish"):
            return notes
        if entry.get("audiences") and not vals.get("audience_ids"):
            return [
                self.env._("Kept as a draft: none of its audiences is here."),
            ]
        note = self.env._("Taken from %(origin)s", origin=service.origin)
        _done, fault = self._try(service._spoc_publish, note)
        if fault:
            notes.append(
                self.env._("Kept as a draft: %(fault)s", fault=fault),
            )
        return notes

    # ------------------------------------------------------------------
    # After the rows
    # ------------------------------------------------------------------

    def _import_links(self, context):
        """Templates and related services, now that all of them are there."""
        catalogue, records = context["catalogue"], context["records"]
        company = context["options"]["company"]
        wanted = {
            self._get_full_ref(ref, catalogue)
            for _service, entry, _row in records.values()
            for ref in [*(entry.get("related") or []), entry.get("template")]
            if ref
        }
        others = {ref: record for ref, (record, _e, _r) in records.items()}
        others |= self._match_refs(
            "spoc.service", wanted - others.keys(), [("company_id", "=", company.id)]
        )
        for service, entry, row in records.values():
            if row["status"] == "waiting":
                continue
            fault = self._try(self._link_service, service, entry, row, others, context)[
                1
            ]
            if fault:
                row["text"] = "\n".join(filter(None, [row["text"], fault]))

    def _link_service(self, service, entry, row, others, context):
        catalogue = context["catalogue"]
        vals = {}
        if "related" in entry:
            refs = [self._get_full_ref(r, catalogue) for r in entry["related"] or []]
            vals["related_ids"] = sorted({others[r].id for r in refs if r in others})
        if "template" in entry:
            ref = entry["template"]
            ref = ref and self._get_full_ref(ref, catalogue)
            vals["template_id"] = others[ref].id if ref in others else False
        changed = self._find_changes(service, vals, {}, {})
        if not changed:
            return
        service.write(
            {name: self._get_written(service, name, vals[name]) for name in changed}
        )
        labels = [service._fields[n]._description_string(self.env) for n in changed]
        if row["status"] == "same":
            row["status"] = "changed"
            row["text"] = ", ".join(labels)

    def _check_import_access(self):
        """Only those who may describe services may read files into the catalogue."""
        self.env["spoc.service"].check_access("create")
        self.env["spoc.form"].check_access("create")

"""Articles read from files: entry by entry, each for itself."""

import time

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.spoc_catalog.models.spoc_exchange_import import QUIET

from .spoc_article_exchange import PLAIN


class _Undo(Exception):
    """Takes everything back at the end of a dry run."""


class SpocArticleExchange(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article.exchange"

    @api.model
    def _spoc_import(self, entries, files, options):
        """Read articles, or see what reading them would do.

        Each entry stands or falls alone. New articles are drafts; one that is
        published gets a revision. Reading the same again changes nothing; what a
        budget of time left over is done by calling again with what is done.

        :param list entries: see ``article_file.read``
        :param dict files: path -> bytes
        :param dict options: ``source``, what the entries' refs are told from others
            by; ``desk`` of entries that name none; ``lang`` likewise; ``submit`` to
            ask for review at once; ``seconds`` it may take; ``done`` number -> row of
            those an earlier call has read; ``dry`` to change nothing
        :return: list of ``{"number", "place", "name", "status", "text", "res_id",
            "open_links", "to_submit"}``, status being new, changed, same, fault or
            waiting; the last two say what is left to do for a row when all are read
        """
        self.env["spoc.article"].check_access("create")
        worker = self.with_context(**QUIET)
        rows = []
        try:
            with self.env.cr.savepoint():
                worker._run_import(entries, files, options, rows)
                if options.get("dry"):
                    raise _Undo
        except _Undo:
            self.env.invalidate_all(flush=False)
            for row in rows:
                if row["status"] == "new":
                    row["res_id"] = False
        return sorted(rows, key=lambda row: row["number"])

    def _run_import(self, entries, files, options, rows):
        refs = [self._get_full_ref(entry, options) for entry in entries]
        scene = {
            "options": options,
            "files": files,
            "held": self._match_refs(refs),
            # Path in the file -> ref, for links from one article to another.
            "places": {
                entry["place"]: ref for entry, ref in zip(entries, refs, strict=True)
            },
            "named": {},
        }
        until = time.monotonic() + options.get("seconds", 3600)
        done, seen = options.get("done") or {}, set()
        # Originals first: a translation is tied to what is there.
        order = sorted(
            range(len(entries)), key=lambda n: bool(entries[n].get("translation_of"))
        )
        for number in order:
            entry, ref = entries[number], refs[number]
            if number + 1 in done:
                rows.append(done[number + 1])
                seen.add(ref)
                continue
            row = self._start_row(number, entry)
            rows.append(row)
            if row["status"] == "fault":
                continue
            if ref in seen:
                row.update(
                    status="fault", text=self.env._("Another one before has this name.")
                )
                continue
            seen.add(ref)
            if time.monotonic() > until:
                row["status"] = "waiting"
                continue
            self._import_row(row, entry, ref, scene)
            row["to_submit"] = bool(
                options.get("submit") and row["status"] in ("new", "changed")
            )
        if not any(row["status"] == "waiting" for row in rows):
            self._finish_rows(rows, entries, refs, scene, until)

    def _finish_rows(self, rows, entries, refs, scene, until):
        """When all are here: links to those that came later, then the reviews."""
        for row in rows:
            if row["open_links"] and time.monotonic() <= until:
                number = row["number"] - 1
                self._import_row(row, entries[number], refs[number], scene)
                # What is not here by now is not in the file.
                row["open_links"] = False
        for row in rows:
            if row["to_submit"] and time.monotonic() <= until:
                self._submit(row)
                row["to_submit"] = False

    def _start_row(self, number, entry):
        row = {
            "number": number + 1,
            "place": entry["place"],
            "name": entry.get("title") or entry["place"],
            "status": "same",
            "text": "",
            "res_id": False,
            "open_links": False,
            "to_submit": False,
        }
        if fault := entry.get("fault"):
            row.update(status="fault", text=self._get_fault_text(*fault))
        elif not entry.get("title"):
            row.update(status="fault", text=self.env._("It has no title."))
        return row

    def _import_row(self, row, entry, ref, scene):
        """Import one entry in a savepoint, and say so in its row."""
        work = {"remarks": [], "open_links": False}
        exchange = self.env["spoc.exchange"]
        result, fault = exchange._try(self._import_entry, entry, ref, scene, work)
        if fault:
            row.update(status="fault", text=fault)
            return
        article, status = result
        if row["status"] in ("same", "waiting"):
            row["status"] = status
        row["text"] = "\n".join(dict.fromkeys(work["remarks"]))
        row["res_id"] = article.id
        row["open_links"] = work["open_links"]
        scene["held"][ref] = article

    # ------------------------------------------------------------------
    # Known again
    # ------------------------------------------------------------------

    def _get_full_ref(self, entry, options):
        ref = entry.get("ref") or entry["place"]
        return ref if "/" in ref and entry.get("ref") else f"{options['source']}/{ref}"

    def _match_refs(self, refs):
        """Articles by their names from outside; revisions are not among them."""
        Article = self.env["spoc.article"]
        plain = Domain("revision_of_id", "=", False)
        found = {
            article.origin_ref: article
            for article in Article.search(plain & Domain("origin_ref", "in", refs))
        }
        own = f"{self._get_source()}/"
        ids = {
            int(ref.removeprefix(own)): ref
            for ref in set(refs) - found.keys()
            if ref.startswith(own) and ref.removeprefix(own).isdecimal()
        }
        ids = {id_: ref for id_, ref in ids.items() if id_ < 2**31}
        for article in Article.search(plain & Domain("id", "in", list(ids))):
            found[ids[article.id]] = article
        return found

    # ------------------------------------------------------------------
    # One entry
    # ------------------------------------------------------------------

    def _import_entry(self, entry, ref, scene, work):
        """Create or change the article of an entry.

        :return: ``(article, status)``
        """
        article = scene["held"].get(ref) or self.env["spoc.article"]
        present = article.revision_ids[:1] or article
        vals = self._get_vals(entry, article, scene, work)
        if not article:
            words = self._read_words(entry, present, scene, work)
            draft = article.create({**vals, "origin_ref": ref})
            self._write_words(draft, words, entry, scene)
            return draft, "new"
        words = self._read_words(entry, present, scene, work)
        changed = self._find_changes(present, vals)
        if not (changed or self._find_word_changes(present, words, entry, scene)):
            return article, "same"
        draft = self._open_draft(article)
        if changed:
            draft.write({name: vals[name] for name in changed})
        self._write_words(draft, words, entry, scene)
        return article, "changed"

    def _open_draft(self, article):
        """What takes the changes: a draft itself, else the revision of it."""
        if article.state == "draft":
            return article
        if article.state == "published":
            revision = article.revision_ids[:1]
            if revision and revision.state != "draft":
                article = revision
            else:
                return revision or article._spoc_create_revision()
        article._check_words_open()
        return article

    def _get_vals(self, entry, article, scene, work):
        """Values to write, the words with pictures apart."""
        vals = {}
        for key, name in PLAIN.items():
            if key in entry:
                vals[name] = self._get_plain(key, name, entry[key], work)
        if "lang" in vals or not article:
            vals["lang"] = self._get_lang(entry.get("lang"), scene)
        vals = {name: value for name, value in vals.items() if value is not None}
        original = self._get_original(entry, article, scene, work)
        if original:
            vals["translation_group_id"] = original.id
        for key, name in self._spoc_named().items():
            if key in entry and not (original and key == "audiences"):
                vals[name] = self._get_named(key, name, entry[key], scene, work)
        desk = self._get_desk(entry, article, original, scene, work)
        if desk:
            vals["desk_id"] = desk.id
        return vals

    def _get_plain(self, key, name, value, work):
        field = self.env["spoc.article"]._fields[name]
        if field.type != "selection" or key == "lang":
            return value or False
        choices = dict(field._description_selection(self.env))
        by_label = {label.lower(): code for code, label in choices.items()}
        found = value if value in choices else by_label.get(value.lower())
        if not found and value:
            work["remarks"].append(
                self.env._(
                    "“%(value)s” is not known, one of: %(choices)s",
                    value=value,
                    choices=", ".join(choices),
                )
            )
        return found

    def _get_lang(self, code, scene):
        """An installed language, by its code or the beginning of it."""
        installed = [one for one, _name in self.env["spoc.article"]._get_languages()]
        wanted = (code or scene["options"]["lang"]).replace("-", "_")
        for lang in installed:
            if lang.lower() == wanted.lower():
                return lang
        for lang in installed:
            if lang.split("_")[0] == wanted.split("_")[0].lower():
                return lang
        raise UserError(self.env._("The language “%s” is not installed.", wanted))

    def _get_original(self, entry, article, scene, work):
        """The article an entry translates."""
        ref = entry.get("translation_of")
        if not ref:
            return article.translation_group_id
        full = ref if "/" in ref else f"{scene['options']['source']}/{ref}"
        full = scene["places"].get(ref, full)
        original = scene["held"].get(full) or self._match_refs([full]).get(full)
        if not original:
            work["remarks"].append(
                self.env._("What it translates is not here: %s", ref)
            )
            return article.translation_group_id
        return original.translation_group_id or original

    def _get_desk(self, entry, article, original, scene, work):
        """The desk of an entry; a translation has that of its original."""
        if original:
            return original.desk_id
        name = entry.get("desk")
        if name:
            if desk := self._find_desk(name):
                return desk
            work["remarks"].append(
                self.env._(
                    "The desk “%s” is not here: look who may read the article.", name
                )
            )
        if article:
            return article.desk_id
        desk = scene["options"].get("desk")
        if not desk:
            raise UserError(
                self.env._("It names no desk that is here: choose one for the rest.")
            )
        return desk

    # ------------------------------------------------------------------
    # What is named
    # ------------------------------------------------------------------

    def _find_desk(self, name):
        Desk = self.env["spoc.desk"]
        return Desk.search([("code", "=", name)], limit=1) or Desk.search(
            [("name", "=ilike", name)], limit=1
        )

    def _get_named(self, key, name, value, scene, work):
        """Ids of what an entry names.

        :raise UserError: an audience is missing: more people would read the article
        """
        model = self.env["spoc.article"]._fields[name].comodel_name
        many = isinstance(value, list)
        ids = []
        for one in value if many else [value] if value else []:
            record = self._find_named(model, one, scene)
            if record:
                ids.append(record.id)
            elif key == "audiences":
                raise UserError(
                    self.env._(
                        "The audience “%s” is not here. Without it more people could"
                        " read the article.",
                        one,
                    )
                )
            else:
                work["remarks"].append(self.env._("Not here, left out: %s", one))
        return [Command.set(sorted(ids))] if many else ids[0] if ids else False

    def _find_named(self, model, name, scene):
        key = (model, name)
        if key not in scene["named"]:
            scene["named"][key] = self._search_named(model, name)
        return scene["named"][key]

    def _search_named(self, model, name):
        if model == "spoc.desk":
            return self._find_desk(name)
        Model = self.env[model]
        if model == "spoc.facet.value":
            facet, _sign, path = name.partition(": ")
            last = (path or facet).rpartition(" / ")[2]
            values = Model.with_context(lang="en_US").search([("name", "=ilike", last)])
            values |= Model.search([("name", "=ilike", last)])
            exact = values.filtered(lambda one: self._get_name(one) == name)
            return exact[:1] or (values if not path else values.browse())[:1]
        # Names in files are English or the reader's.
        return Model.with_context(lang="en_US").search(
            [("name", "=", name)], limit=1
        ) or Model.search([("name", "=ilike", name)], limit=1)

    def _find_changes(self, article, vals):
        """Names of the fields an entry would change."""
        changed = []
        for name, value in vals.items():
            held = article[name]
            if isinstance(held, models.BaseModel):
                held = sorted(held.ids) if isinstance(value, list) else held.id
                value = value[0][2] if isinstance(value, list) else value
            if (held or False) != (value or False):
                changed.append(name)
        return changed

    # ------------------------------------------------------------------
    # In words
    # ------------------------------------------------------------------

    def _submit(self, row):
        """Ask for the review of what is new or changed."""
        article = self.env["spoc.article"].browse(row["res_id"])
        draft = article.revision_ids[:1] or article
        if draft.state == "draft":
            _none, fault = self.env["spoc.exchange"]._try(draft.action_submit)
            if fault:
                row["text"] = "\n".join(filter(None, [row["text"], fault]))

    @api.model
    def _get_fault_text(self, code, params):
        """Why a file, or an entry of it, cannot be read, in words."""
        words = {
            "empty": lambda: self.env._("The file is empty."),
            "big": lambda: self.env._("At most %(limit)s MB can be read.", **params),
            "unpacked": lambda: self.env._(
                "Unpacked, it has more than %(limit)s MB.", **params
            ),
            "many": lambda: self.env._("It has more than %(limit)s files.", **params),
            "zip": lambda: self.env._("It is no zip file, or a damaged one."),
            "locked": lambda: self.env._("It is locked by a password."),
            "sheet": lambda: self.env._("It is no spreadsheet, or a damaged one."),
            "index": lambda: self.env._("“articles.json” in it is damaged."),
            "version": lambda: self.env._(
                "It has the version “%(version)s”, version 1 is understood here.",
                **params,
            ),
            "nothing": lambda: self.env._("No article is in it."),
            "columns": lambda: self.env._(
                "Its first row names no column “title”. Others it may have: summary,"
                " keywords, lang, kind, desk, services, body."
            ),
            "kind": lambda: self.env._(
                "Choose a zip of Markdown or HTML files, one such file, or a"
                " spreadsheet (xlsx, csv)."
            ),
            "encoding": lambda: self.env._("It is not text in UTF-8."),
            "long": lambda: self.env._("It has more than %(limit)s MB.", **params),
            "package": lambda: self.env._(
                "Reading it needs the Python package “%(package)s” on the server: "
                "pip install %(package)s. HTML files are read without it.",
                **params,
            ),
        }
        return words[code]()

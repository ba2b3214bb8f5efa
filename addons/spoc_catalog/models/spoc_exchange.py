"""Catalogues written to files and read from them: what all parts share."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, html_sanitize

from .. import catalog_file


class SpocExchange(models.AbstractModel):
    """Turns services and all they need into the file of ``catalog_file``, and back.

    Everything runs with the rights of whoever exchanges. What a record refers to is
    written as a name, code or external id, never as a database id.
    """

    _name = "spoc.exchange"
    _description = "Exchange of catalogues"

    @api.model
    def _spoc_export(self, services):
        """Services with the forms, categories and facets they need, as a file's data.

        :param services: spoc.service
        :return: dictionary for ``catalog_file.write``
        """
        services.check_access("read")
        # Templates and forms come along, so that nothing refers to what is missing.
        services |= services.template_id
        return {
            "catalogue": {
                "id": self._get_catalogue_id(),
                "name": self.env.company.name,
            },
            "language": "en_US",
            "categories": self._export_categories(services.category_id),
            "facets": self._export_facets(services.facet_value_ids),
            "forms": self._export_forms(services.form_id),
            "services": self._export_services(services),
        }

    @api.model
    def _get_catalogue_id(self):
        """What the entries of this database are told from others by."""
        # sudo: the id of the database is no secret, the parameters beside it are.
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    @api.model
    def _get_languages(self):
        return [code for code, _name in self.env["res.lang"].get_installed()]

    # ------------------------------------------------------------------
    # References from outside
    # ------------------------------------------------------------------

    def _get_refs(self, records):
        """Record id -> name by which other databases know it."""
        own = self._get_catalogue_id()
        return {
            record.id: record.origin_ref or f"{own}/{record.id}" for record in records
        }

    def _match_refs(self, model, refs, domain):
        """Records by their names from outside.

        :param str model: spoc.service or spoc.form
        :param refs: full names, see ``catalog_file.full_ref``
        :param domain: where they are looked for
        :return: name -> record
        """
        Model = self.env[model].with_context(active_test=False)
        refs = set(refs)
        found = {
            record.origin_ref: record
            for record in Model.search([("origin_ref", "in", list(refs)), *domain])
        }
        own = f"{self._get_catalogue_id()}/"
        ids = {
            int(ref.removeprefix(own)): ref
            for ref in refs - found.keys()
            if ref.startswith(own) and ref.removeprefix(own).isdecimal()
        }
        ids = {id_: ref for id_, ref in ids.items() if id_ < 2**31}
        for record in Model.search([("id", "in", list(ids)), *domain]):
            if not record.origin_ref:
                found[ids[record.id]] = record
        return found

    # ------------------------------------------------------------------
    # Plain values and texts
    # ------------------------------------------------------------------

    def _get_texts(self, records, names):
        """Translated texts as they are stored, of all records in one query.

        :param records: recordset
        :param names: translated fields
        :return: ``{(id, name): {language: text}}`` in the installed languages
        """
        names = [name for name in names if name in records._fields]
        if not records or not names:
            return {}
        records.check_access("read")
        records.flush_recordset(names)
        # SQL: the ORM tells what a language falls back to, never what it holds.
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM %s WHERE id IN %s",
                SQL(", ").join(SQL.identifier(name) for name in names),
                SQL.identifier(records._table),
                records._ids,
            )
        )
        installed = set(self._get_languages())
        return {
            (id_, name): {
                lang: text
                for lang, text in sorted((texts or {}).items())
                if text and lang in installed
            }
            for id_, *values in rows
            for name, texts in zip(names, values, strict=True)
        }

    def _export_values(self, record, keys, texts):
        """Values of one record.

        :param dict keys: key in the file -> field
        :param dict texts: see :meth:`_get_texts`
        """
        values = {}
        for key, name in keys.items():
            if name not in record._fields:
                continue
            if (record.id, name) in texts:
                values[key] = texts[record.id, name] or None
            else:
                value = record[name]
                is_flag = isinstance(value, bool | int | float)
                fits = is_flag and record._fields[name].type in (
                    "boolean",
                    "integer",
                    "float",
                    "monetary",
                )
                values[key] = value if fits else str(value) if value else None
        return values

    def _get_vals(self, model, entry, keys, language):
        """Values to write out of an entry.

        :param model: empty recordset
        :param dict keys: key in the file -> field
        :return: ``vals`` without translated texts, and ``{field: {language: text}}``
        """
        vals, texts = {}, {}
        installed = set(self._get_languages())
        for key, name in keys.items():
            if key not in entry or name not in model._fields:
                continue
            field, value = model._fields[name], entry[key]
            if field.translate:
                texts[name] = {
                    lang: self._get_clean(field, text)
                    for lang, text in catalog_file.texts(value, language).items()
                    if lang in installed
                }
            elif value is None and field.required:
                continue
            elif field.type == "html":
                vals[name] = self._get_clean(field, value or "")
            elif value is None and field.type in ("integer", "float", "monetary"):
                vals[name] = 0
            else:
                vals[name] = False if value is None or value == "" else value
        return vals, texts

    def _get_clean(self, field, text):
        """A text as the field will hold it."""
        if field.type != "html":
            return text.strip() if field.type == "char" else text
        return str(
            html_sanitize(
                text,
                sanitize_attributes=field.sanitize_attributes,
                sanitize_style=field.sanitize_style,
                sanitize_form=field.sanitize_form,
                strip_style=field.strip_style,
                strip_classes=field.strip_classes,
            )
        )

    def _find_changes(self, record, vals, texts, stored):
        """Names of the fields an entry would change.

        :param dict stored: see :meth:`_get_texts`
        """
        changed = []
        for name, value in vals.items():
            current = record[name]
            if isinstance(current, models.BaseModel):
                current = set(current.ids) if current else False
                value = set(value) if isinstance(value, list) else value
                value = {value} if isinstance(value, int) and value else value or False
            elif record._fields[name].type == "html":
                current = str(current or "")
            if (current or False) != (value or False):
                changed.append(name)
        for name, by_lang in texts.items():
            held = stored.get((record.id, name), {})
            if any(held.get(lang) != text for lang, text in by_lang.items()) or (
                not by_lang and held
            ):
                changed.append(name)
        return changed

    # ------------------------------------------------------------------
    # Writing texts
    # ------------------------------------------------------------------

    def _get_first_texts(self, texts, language):
        """Values of a new record: each text in the file's language, or any it has."""
        return {
            name: by_lang.get(language) or next(iter(by_lang.values()), False)
            for name, by_lang in texts.items()
        }

    def _write_texts(self, record, texts, language):
        """Set translated texts, one write for each language.

        :param dict texts: ``{field: {language: text}}``; without texts it is emptied
        :return: list of ``(field, language)`` that could not be kept, as a document
            whose paragraphs differ from those of the file's language has no
            translation
        """
        by_lang, left = defaultdict(dict), []
        for name, values in texts.items():
            if not values:
                by_lang[language][name] = False
            elif callable(record._fields[name].translate):
                left += self._write_document(record, name, values, language)
            else:
                for lang, text in values.items():
                    by_lang[lang][name] = text
        # The file's own language first: others follow it where they have nothing.
        for lang in sorted(by_lang, key=lambda code: code != language):
            record.with_context(lang=lang).write(by_lang[lang])
        return left

    def _write_document(self, record, name, values, language):
        """Set a document, paragraph by paragraph translated."""
        field = record._fields[name]
        source = values.get(language) or next(iter(values.values()))
        record.with_context(lang=language).write({name: source})
        terms, left, translations = field.get_trans_terms(source), [], {}
        for lang, text in values.items():
            if lang == language or text == source:
                continue
            others = field.get_trans_terms(text)
            if len(others) != len(terms):
                left.append((name, lang))
                continue
            translations[lang] = dict(zip(terms, others, strict=True))
        if translations:
            record.with_context(lang=language).update_field_translations(
                name, translations, source_lang=language
            )
        return left

{
    "name": "Bench: bare record and page",
    "summary": "The least Odoo does for a mail that becomes a record, and for a page",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "spoc contributors",
    "license": "LGPL-3",
    "depends": ["mail", "portal"],
    "data": ["security/ir.model.access.csv", "views/empty_templates.xml"],
}

{
    "name": "Service Desk Knowledge on the Website",
    "summary": "Public answers with clean addresses, found by search engines",
    "version": "19.0.1.0.0",
    "category": "Services/Service Desk",
    "author": "spoc contributors",
    "license": "LGPL-3",
    "depends": ["spoc_kb", "website"],
    "data": [
        "security/ir.model.access.csv",
        "security/spoc_kb_website_rules.xml",
        "data/spoc_audience_data.xml",
        "views/spoc_audience_views.xml",
        "views/spoc_article_views.xml",
        "views/public_templates.xml",
    ],
    "demo": [
        "demo/public_demo.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "spoc_kb_website/static/src/scss/public.scss",
        ],
    },
    "auto_install": True,
}

{
    "name": "Service Desk Knowledge",
    "summary": "Articles that answer: reviewed, versioned, found in the window",
    "version": "19.0.1.0.0",
    "category": "Services/Service Desk",
    "author": "spoc contributors",
    "license": "LGPL-3",
    "depends": ["spoc_catalog"],
    "data": [
        "security/spoc_kb_security.xml",
        "security/ir.model.access.csv",
        "data/mail_activity_type_data.xml",
        "data/ir_cron_data.xml",
        "wizards/spoc_article_send_back_views.xml",
        "views/spoc_article_views.xml",
        "views/spoc_article_feedback_views.xml",
        "views/spoc_article_use_views.xml",
        "views/spoc_service_views.xml",
        "views/spoc_kb_menus.xml",
        "views/spoc_window_templates.xml",
    ],
    "demo": ["demo/spoc_article_demo.xml"],
    "assets": {
        "web.assets_backend": [
            "spoc_kb/static/src/js/article_form_view.js",
        ],
        "web.assets_frontend": [
            "spoc_kb/static/src/scss/article.scss",
            "spoc_kb/static/src/js/article_page.js",
        ],
        "web.assets_tests": [
            "spoc_kb/static/tests/tours/*.js",
        ],
    },
    "application": True,
}

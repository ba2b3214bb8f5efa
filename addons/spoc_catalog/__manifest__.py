{
    "name": "Service Catalogue",
    "summary": "One window: desks, their channels, services, forms and promises",
    "version": "19.0.1.0.0",
    "category": "Services/Service Desk",
    "author": "spoc contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["portal", "hr", "phone_validation"],
    "data": [
        "security/spoc_catalog_security.xml",
        "security/ir.model.access.csv",
        "security/spoc_catalog_rules.xml",
        "views/spoc_channel_views.xml",
        "views/spoc_target_policy_views.xml",
        "views/spoc_form_views.xml",
        "views/spoc_audience_views.xml",
        "views/spoc_category_views.xml",
        "views/spoc_service_views.xml",
        "views/spoc_desk_views.xml",
        "views/spoc_form_templates.xml",
        "views/spoc_window_templates.xml",
        "views/spoc_catalog_menus.xml",
    ],
    "demo": [
        "demo/company_demo.xml",
        "demo/desk_demo.xml",
        "demo/form_demo.xml",
        "demo/service_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "spoc_catalog/static/src/systray/**/*",
        ],
        "web.assets_frontend": [
            "spoc_catalog/static/src/interactions/**/*",
            "spoc_catalog/static/src/scss/**/*",
        ],
        "web.assets_tests": [
            "spoc_catalog/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "spoc_catalog/static/src/interactions/**/*",
            "spoc_catalog/static/tests/*.test.js",
        ],
    },
    "uninstall_hook": "uninstall_hook",
}

{
    "name": "Service Desk for the Organisation",
    "summary": "Departmental desks, one directory, the right place, and insight",
    "version": "19.0.1.2.0",
    "category": "Services/Service Desk",
    "author": "spoc contributors",
    "license": "LGPL-3",
    "depends": ["spoc_helpdesk"],
    "data": [
        "security/ir.model.access.csv",
        "security/spoc_esm_rules.xml",
        "views/hr_department_views.xml",
        "views/res_partner_views.xml",
        "views/spoc_desk_views.xml",
        "views/spoc_service_views.xml",
        "views/spoc_ticket_views.xml",
        "report/spoc_insight_request_views.xml",
        "views/spoc_esm_menus.xml",
    ],
    "demo": [
        "demo/place_demo.xml",
        "demo/hr_pack_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "spoc_esm/static/tests/tours/*.js",
        ],
    },
    "application": True,
    "post_init_hook": "post_init_hook",
}

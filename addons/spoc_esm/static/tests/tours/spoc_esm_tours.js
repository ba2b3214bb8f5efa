import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("spoc_esm_directory", {
    steps: () => [
        {
            content: "the department, its desk and the number of its services",
            trigger:
                ".o_kanban_record:contains(Quasar sales):has(.o_tag) button[name=action_open_spoc_services]",
            run: "click",
        },
        {
            content: "its services",
            trigger: ".o_list_view .o_data_row, .o_kanban_view .o_kanban_record",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_esm_insight", {
    steps: () => [
        {
            trigger: ".o_pivot table:contains(Quasar sales)",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_renderer canvas",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row",
        },
    ],
});

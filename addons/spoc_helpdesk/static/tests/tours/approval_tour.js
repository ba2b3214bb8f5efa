import { registry } from "@web/core/registry";

// From the question to the work: somebody asks, their manager says yes by the link of
// a mail, the work goes on. The test gives the link; words are those of its data.

registry.category("web_tour.tours").add("spoc_helpdesk_approval_asked", {
    steps: () => [
        {
            content: "It says beforehand who has to agree",
            trigger: "#spoc_service_approvals li:contains('Berta Boss')",
        },
        {
            content: "Answer the question",
            trigger: "#spoc_service_ask input[type=text]",
            run: "edit The green laptop",
        },
        {
            content: "Send",
            trigger: "#spoc_service_ask button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It waits for somebody who is named",
            trigger: ".o_spoc_next h2:contains('Waits for the approval of Berta Boss')",
        },
        {
            content: "The step is shown",
            trigger: ".o_spoc_approvals li:contains('Berta Boss'):contains('Asked')",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_approval_given", {
    steps: () => [
        {
            content: "What is asked is there",
            trigger: "dd:contains('The green laptop')",
        },
        {
            content: "A no needs a reason",
            trigger: ".o_spoc_no",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It says so beside the words",
            trigger: "#spoc_comment.is-invalid",
        },
        {
            content: "Write something",
            trigger: "#spoc_comment",
            run: "edit It is due anyway.",
        },
        {
            content: "Agree",
            trigger: ".o_spoc_yes",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thanks",
            trigger: ".o_spoc_approve_done h1:contains('you have agreed')",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_approval_over", {
    steps: () => [
        {
            content: "The decision is shown with its words",
            trigger: ".o_spoc_approvals li:contains('Approved'):contains('It is due anyway.')",
        },
        {
            content: "Nothing waits any more",
            trigger: ".o_spoc_next h2:not(:contains('Waits'))",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_approval_inbox", {
    steps: () => [
        {
            content: "Both are in the list",
            trigger: ".o_data_row:contains('Broken device')",
        },
        {
            content: "Select them",
            trigger: ".o_list_record_selector input",
            run: "click",
        },
        {
            content: "No to all",
            trigger: "button[name=action_reject]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Not this year",
        },
        {
            content: "Decide",
            trigger: ".modal button.btn-danger[name=action_decide]",
            run: "click",
        },
        {
            content: "Nobody waits any more",
            trigger: ".o_view_nocontent_smiling_face:contains('Nobody waits for you')",
        },
    ],
});

import { registry } from "@web/core/registry";

// The whole way of one request, by those who walk it. The test gives the service
// and the ticket; words are those of the test's data.

registry.category("web_tour.tours").add("spoc_helpdesk_requester_asks", {
    steps: () => [
        {
            content: "Send without answering: the form says what is missing",
            trigger: "#spoc_service_ask button[type=submit]",
            run: "click",
        },
        {
            content: "The question is marked",
            trigger: "#spoc_service_ask input[type=text].is-invalid",
        },
        {
            content: "Answer it",
            trigger: "#spoc_service_ask input[type=text]",
            run: "edit The green laptop",
        },
        {
            content: "Choose how bad it is",
            trigger: "#spoc_service_ask label:contains('I cannot work')",
            run: "click",
        },
        {
            content: "Add what else there is to say",
            trigger: "#spoc_service_ask textarea[name=description]",
            run: "edit It smells of smoke.",
        },
        {
            content: "Send",
            trigger: "#spoc_service_ask button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thanks, with a number",
            trigger: ".o_spoc_thanks strong:contains('TSD')",
        },
        {
            content: "Who answers for it",
            trigger: "aside:contains('Test desk')",
        },
        {
            content: "What was asked is kept",
            trigger: "dd:contains('The green laptop')",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_requester_confirms", {
    steps: () => [
        {
            content: "The solution is there",
            trigger: "section:contains('The solution'):contains('New battery')",
        },
        {
            content: "It is solved",
            trigger: ".o_spoc_confirm",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Five stars",
            trigger: "label[for=spoc_rate_5]",
            run: "click",
        },
        {
            content: "A word",
            trigger: "#spoc_rating_comment",
            run: "edit Quick and friendly",
        },
        {
            content: "Send the rating",
            trigger: ".o_spoc_rate button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The rating stays on the page",
            trigger: "#rating:contains('Quick and friendly')",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_requester_rejects", {
    steps: () => [
        {
            content: "Not yet",
            trigger: ".o_spoc_not_solved",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".o_spoc_reject_box[open] textarea",
            run: "edit Still warm",
        },
        {
            content: "Open it again",
            trigger: ".o_spoc_reject",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is open again",
            trigger: ".alert-info[role=status]",
        },
    ],
});

registry.category("web_tour.tours").add("spoc_helpdesk_requester_answers", {
    steps: () => [
        {
            content: "The desk waits for me",
            trigger: ".o_spoc_next:contains('waiting for your answer')",
        },
        {
            content: "The desk's question is there, the note among agents is not",
            trigger:
                "#chatterRoot:shadow .o-mail-Thread:contains('Which cable?'):not(:contains('Between us'))",
        },
        {
            content: "Answer",
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            run: "edit The black one",
        },
        {
            content: "Send",
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "It is said",
            trigger: "#chatterRoot:shadow .o-mail-Message-body:contains('The black one')",
        },
    ],
});

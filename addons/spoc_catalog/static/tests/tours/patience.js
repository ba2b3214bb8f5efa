import { registry } from "@web/core/registry";

/* Tours of the suite wait for the server as long as a busy machine needs: what is
 * slow is found by the benchmarks, not by a step that gives up. */
const PATIENCE = 40000;

const tours = registry.category("web_tour.tours");

function bePatient(name, tour) {
    if (!name.startsWith("spoc_")) {
        return;
    }
    const steps = tour.steps;
    tour.steps = () => steps().map((step) => ({ timeout: PATIENCE, ...step }));
}

for (const [name, tour] of tours.getEntries()) {
    bePatient(name, tour);
}
tours.addEventListener("UPDATE", ({ detail }) => {
    if (detail.operation === "add") {
        bePatient(detail.key, detail.value);
    }
});

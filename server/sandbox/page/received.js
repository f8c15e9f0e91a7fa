/** What Meta received: counts, the newest events verbatim, the newest requests. */
import { byId, draw, element, table } from "./draw.js";

export function drawSummary(summary) {
  draw(byId("summary"), summary, () => {
    if (summary.datasets.length === 0) return [element("p", {}, "Nothing yet.")];
    return summary.datasets.flatMap((each) => [
      element(
        "p",
        {},
        `Dataset ${each.dataset}: ${each.events} events, ${each.counted} count as Conversion Leads, ${each.duplicates} came twice, ${each.test} tests.`,
      ),
      table(
        ["CRM", "Event", "Count"],
        each.stages.map((stage) => [stage.leadEventSource, stage.eventName, stage.events]),
      ),
    ]);
  });
}

const clock = (iso) => new Date(iso).toLocaleTimeString();

export function drawEvents(events) {
  draw(byId("events"), events, () =>
    events.map((each) =>
      element(
        "li",
        {},
        element(
          "span",
          { class: "small" },
          `No. ${each.n} · request ${each.request} · ${clock(each.receivedAt)}${each.test ? " · test" : ""}`,
        ),
        each.notCounted ? element("span", { class: "bad small" }, ` · does not count: ${each.notCounted}`) : "",
        element("pre", {}, each.event),
      ),
    ),
  );
}

export function drawRequests(requests) {
  draw(byId("requests"), requests, () => [
    table(
      ["No.", "Time", "Events", "Answer", "Code"],
      requests.map((each) => [
        each.request,
        clock(each.receivedAt),
        each.count,
        each.answerDropped || each.status === 0 ? "none" : each.status,
        each.code === undefined ? "" : `${each.code}${each.subcode ? ` / ${each.subcode}` : ""}`,
      ]),
    ),
  ]);
}

import type { HttpAnswer, HttpRequest } from "../../core/ports.ts";
import type { AtMeta } from "./people.ts";
import type { DatasetPlan } from "./plan.ts";

/** One event as it stands in a request; the lead id keeps all its digits. */
export interface Arrived {
  readonly event_name?: unknown;
  readonly event_time?: unknown;
  readonly event_id?: unknown;
  readonly action_source?: unknown;
  readonly user_data?: { readonly lead_id?: string; readonly em?: readonly string[] };
  /** An operator has put in the value that Meta misses in an event that is not valid. */
  readonly custom_data?: { readonly value?: unknown };
}

/** Meta, as strict as it can be: one bad event refuses its whole request. */
export interface ModelMeta {
  /** `judge` says how Meta takes an event of this id. */
  receive(request: HttpRequest, now: number): Received;
  trouble: "none" | "down" | "unknown_error" | "limit" | "silent";
  /** The headers of every answer: how much of its limits is used. */
  usage: HttpAnswer["headers"];
  /** The token that is good for each dataset's number at the moment. */
  readonly tokens: Map<string, string>;
}
export interface Received {
  readonly answer: HttpAnswer;
  readonly dataset: string;
  readonly token: string;
  readonly events: readonly Arrived[];
  readonly accepted: boolean;
}

export const tokenOf = (dataset: DatasetPlan, generation: number): string => `${dataset.id} token ${generation}`;

export function createModelMeta(datasets: readonly DatasetPlan[], judge: (event: Arrived) => AtMeta): ModelMeta {
  const tokens = new Map(datasets.map((dataset) => [dataset.metaId, tokenOf(dataset, 1)]));
  const meta: ModelMeta = {
    trouble: "none",
    usage: {},
    tokens,
    receive(request, now) {
      const dataset = request.url.split("/").at(-2) ?? "";
      const token = (request.headers.authorization ?? "").replace("Bearer ", "");
      const events = eventsOf(request.body ?? "");
      const answer = answerTo(dataset, token, events, now);
      return { answer, dataset, token, events, accepted: answer.status === 200 };
    },
  };
  return meta;

  function answerTo(dataset: string, token: string, events: readonly Arrived[], now: number): HttpAnswer {
    if (meta.trouble === "down") return failed(503, { code: 2, is_transient: true });
    if (meta.trouble === "unknown_error") return stumble;
    if (meta.trouble === "limit") return failed(400, { code: 80_004, error_subcode: 2_446_079 });
    if (tokens.get(dataset) !== token) return failed(401, { code: 190, error_subcode: 463 });
    for (const event of events) {
      const seconds = Number(event.event_time);
      if (seconds * 1000 < now - 7 * 86_400_000) return failed(400, { code: 100, error_subcode: 2_804_003 });
      const taken = judge(event);
      if (taken === "stumbled_over") return stumble;
      if (taken === "not_valid" && event.custom_data?.value === undefined)
        return failed(400, { code: 100, error_subcode: 2_804_019 });
      if (taken === "lead_id_unknown" && event.user_data?.lead_id !== undefined)
        return failed(400, { code: 100, error_subcode: 2_804_036 });
    }
    return { status: 200, headers: {}, text: `{"events_received":${events.length},"fbtrace_id":"T"}` };
  }
}

const failed = (status: number, error: object): HttpAnswer => ({
  status,
  headers: {},
  text: JSON.stringify({ error }),
});
export const stumble: HttpAnswer = failed(500, { code: 1 });
export const temporary: HttpAnswer = failed(500, { code: 2, is_transient: true });
export const limited = (seconds: number): HttpAnswer => ({
  ...failed(429, { code: 4 }),
  headers: { "retry-after": String(seconds) },
});
/** `minutes`: how long Meta takes nothing more. */
export const usageOf = (percent: number, minutes = 0): HttpAnswer["headers"] => ({
  "x-business-use-case-usage": JSON.stringify({
    "1": [{ type: "ads_management", call_count: percent, total_time: 1, estimated_time_to_regain_access: minutes }],
  }),
});
export const oddUsage: HttpAnswer["headers"] = { "x-business-use-case-usage": '{"1":"many"}', "x-app-usage": "<html>" };

export const strangePage: HttpAnswer = { status: 200, headers: {}, text: "<html>Welcome</html>" };

function eventsOf(body: string): readonly Arrived[] {
  const request = JSON.parse(body, (name, value, context?: { source?: string }) =>
    name === "lead_id" && typeof value === "number" ? context?.source : value,
  ) as { data: readonly Arrived[] };
  return request.data;
}

import type { Action } from "../simulator.ts";
import { LIMITS, type Limit, type MetaFaults } from "./behaviour.ts";
import type { JsonText } from "./json-text.ts";
import { loginActions } from "./login-actions.ts";
import type { Meta } from "./routes.ts";

interface EventsInput {
  readonly after?: number;
  readonly limit?: number;
  readonly waitMs?: number;
  readonly as?: "text";
}

/** What the back door can do with Meta. */
export function metaActions(meta: Meta): Readonly<Record<string, Action>> {
  const { accounts, behaviour, received, now } = meta;
  const state = () => ({
    ...behaviour.state,
    limit: behaviour.limitAt(now()) ?? null,
    datasets: accounts.datasets(),
    tokens: accounts.tokens().map(({ token, ...rest }) => ({ ...rest, token: `…${token.slice(-6)}` })),
    events: received.events,
  });
  return {
    /**
     * As if an admin had made a dataset and a token in Events Manager. `appSecret`: the app demands appsecret_proof;
     * `postOnly`: the token may send and read nothing.
     */
    grant(input: { datasetId?: string; name?: string; appSecret?: boolean; postOnly?: boolean }) {
      const { datasetId, name } = input;
      if (datasetId !== undefined && !/^\d{15,16}$/.test(datasetId))
        throw new Error("datasetId must be 15 or 16 digits");
      const kind = input.appSecret ? "proof" : "open";
      const { token, dataset } = accounts.grant(datasetId, name, { app: kind, postOnly: input.postOnly ?? false });
      const app = accounts.app(kind);
      return { datasetId: dataset.id, name: dataset.name, token, appId: app.id, appSecret: app.secret };
    },
    revoke: (input: { token?: string }) => ({ tokens: accounts.setState(input.token, "revoked") }),
    expire: (input: { token?: string }) => ({ tokens: accounts.setState(input.token, "expired") }),
    restore: (input: { token?: string }) => ({ tokens: accounts.setState(input.token, "active") }),
    ...loginActions(meta),
    permit: (input: { datasetId: string }) => accounts.permit(input.datasetId, true),
    forbid: (input: { datasetId: string }) => accounts.permit(input.datasetId, false),

    /** Faults, or any Graph error as {code, subcode, transient, status}; `{}` mends all. */
    fault: (input: MetaFaults) => behaviour.change({ faults: input }).faults,
    /** `minutes` 0 lifts it. */
    limit({ code = 80004, minutes = 5 }: { code?: number; minutes?: number }) {
      if (!isLimit(code)) throw new Error(`code must be one of ${Object.keys(LIMITS).join(", ")}`);
      const until = new Date(now().getTime() + minutes * 60_000).toISOString();
      return behaviour.change({ limit: minutes > 0 ? { code, until } : null }).limit;
    },
    /** `version` like "v26.0"; without it every retired version comes back. */
    retire({ version }: { version?: string }) {
      if (version === undefined) return behaviour.change({ retired: [] }).retired;
      const major = Number(/^v?(\d+)(\.0)?$/.exec(version)?.[1] ?? Number.NaN);
      if (Number.isNaN(major)) throw new Error('version must look like "v26.0"');
      return behaviour.change({ retired: [...new Set([...behaviour.state.retired, major])] }).retired;
    },
    /** Meta no longer knows this lead id. */
    forget({ leadId }: { leadId: string }) {
      return behaviour.change({ forgotten: [...new Set([...behaviour.state.forgotten, String(leadId)])] }).forgotten;
    },
    /** Events that carry the field are refused: a user_data key ("ph") or a path ("custom_data.value"); {} accepts all again. */
    refuse({ key }: { key?: string }) {
      if (key === undefined) return behaviour.change({ refused: [] }).refused;
      const path = key.includes(".") || key.startsWith("event_") ? key : `user_data.${key}`;
      return behaviour.change({ refused: [...new Set([...behaviour.state.refused, path])] }).refused;
    },

    state,
    /**
     * What Meta received, exactly as received: `event` verbatim in the answer's JSON, or with `as: "text"` its text as a JSON
     * string, for readers that would round its numbers. At most 5,000 events an answer. With `waitMs` (at most 30,000) an
     * answer that would be empty waits for the next event.
     */
    async events({ after = 0, limit = 1000, waitMs = 0, as }: EventsInput): Promise<JsonText> {
      const [from, most] = [whole("after", after, 0), Math.min(5000, whole("limit", limit, 1))];
      if (waitMs > 0 && received.events <= from) await received.more(Math.min(30_000, whole("waitMs", waitMs, 1)));
      return received.read(from, most, as === "text");
    },
    requests: ({ after, limit = 100 }: { after?: number; limit?: number }) =>
      received.requests(
        after === undefined ? undefined : whole("after", after, 0),
        Math.min(5000, whole("limit", limit, 1)),
      ),
    summary: () => ({ events: received.events, ...received.tally.summary() }),
  };
}

const isLimit = (code: number): code is Limit["code"] => Object.hasOwn(LIMITS, code);

function whole(name: string, value: unknown, least: number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least) throw new Error(`${name} must be a whole number from ${least}`);
  return number;
}

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { dice } from "../dice.ts";
import { readBody } from "../http.ts";
import type { Simulator } from "../simulator.ts";
import { recordActions } from "./actions.ts";
import { type Answer, html, json, send } from "./answer.ts";
import type { Call } from "./call.ts";
import { OAuthError, RestError } from "./errors.ts";
import { FaultPlan } from "./faults.ts";
import type { Instance } from "./instance.ts";
import { Life } from "./life.ts";
import { App } from "./oauth/app.ts";
import { Grants } from "./oauth/grants.ts";
import { Org } from "./org/org.ts";
import { CallLimit } from "./rest/limits.ts";
import { Queries } from "./rest/query.ts";
import type { Rest } from "./rest/rest.ts";
import { route } from "./routes.ts";
import { SettingsFile } from "./settings.ts";
import { setupActions } from "./setup.ts";
import { foundOrg, seedWorld } from "./world.ts";

export interface SalesforceOptions {
  /** Its own state folder. */
  readonly dir: string;
  /** Another seed is another org: other people, other ids. */
  readonly seed?: string;
  readonly now?: () => Date;
  /** Changes per minute; 0 freezes. */
  readonly life?: { readonly perMinute: number };
}

/** URI and headers together (limits, "Maximum length of a URI and headers"). */
const LONGEST_URI = 16_384;

/** One Salesforce org on an origin that is login host and instance in one. */
export function createSalesforce({
  dir,
  seed = "salesforce",
  now = () => new Date(),
  life,
}: SalesforceOptions): Simulator {
  const settings = new SettingsFile(`${dir}/settings.jsonl`, {});
  if (life) settings.change({ perMinute: life.perMinute });
  const pod = createHash("sha256").update(seed).digest("hex").slice(0, 2);
  const org = new Org(`${dir}/records.jsonl`, pod);
  const instance: Instance = { org, settings, now: () => now().getTime() };
  if (org.isEmpty)
    org.transaction(() => {
      foundOrg(org, instance.now());
      seedWorld(instance, dice(seed), instance.now());
    });
  const idOfFirst = (object: string) => String(org.all(object).next().value?.Id);
  const orgId = idOfFirst("Organization");
  const rest: Rest = {
    ...instance,
    orgId,
    integrationUserId: idOfFirst("User"),
    app: new App(`${dir}/app.jsonl`),
    grants: new Grants(instance, orgId, dir),
    logins: [],
    queries: new Queries(instance, `${dir}/cursors.jsonl`),
    limit: new CallLimit(instance, `${dir}/calls.jsonl`),
  };
  const faults = new FaultPlan();
  const living = new Life(instance, dice(`${seed}:${org.everMade("00Q")}`));

  return {
    name: "salesforce",
    actions: { ...recordActions(rest), ...setupActions(rest, faults) },
    live: (at) => living.live(at),
    async handle(request, response) {
      try {
        const call = await readCall(request);
        const path = call?.url.pathname ?? "/";
        const answer = await faults.around(path, async () => (call ? answerCall(rest, call) : tooLong(request)));
        if (answer) send(response, answer, now());
        else response.destroy();
      } catch {
        response.destroy(); // the caller went away while it was speaking, or spoke no HTTP we can read
      }
    },
    close() {
      for (const file of [org, settings, rest.app, rest.grants, rest.queries, rest.limit]) file.close();
    },
  };
}

function answerCall(rest: Rest, call: Call): Answer {
  try {
    return route(rest, call);
  } catch (error) {
    if (error instanceof RestError || error instanceof OAuthError) return json(error.body, error.status);
    console.error("salesforce simulator", error);
    return json([{ message: "An unexpected error occurred.", errorCode: "UNKNOWN_EXCEPTION" }], 500);
  }
}

/** Undefined when the address and its headers are too long to be read. */
async function readCall(request: IncomingMessage): Promise<Call | undefined> {
  const { method = "GET", url = "/", rawHeaders } = request;
  const body = await readBody(request);
  if (url.length + rawHeaders.join("").length > LONGEST_URI || !body) return undefined;
  const headers = request.headers as Record<string, string | undefined>;
  return { method, url: new URL(url, `http://${headers.host ?? "localhost"}`), headers, body: body.toString() };
}

const tooLong = ({ url = "" }: IncomingMessage): Answer =>
  url.length > LONGEST_URI / 2
    ? html(414, "<h1>URI Too Long</h1>")
    : html(431, "<h1>Request Header Fields Too Large</h1>");

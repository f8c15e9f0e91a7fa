import type { IncomingMessage } from "node:http";
import { readBody } from "../http.ts";
import type { Simulator } from "../simulator.ts";
import { type Answer, html, json, send } from "./answer.ts";
import type { Call } from "./call.ts";
import { OAuthError, RestError } from "./errors.ts";
import { FaultPlan } from "./faults.ts";
import { orgActions } from "./org-actions.ts";
import { DOORS, MAIN } from "./org-facts.ts";
import { Orgs } from "./orgs.ts";
import { route } from "./routes.ts";

export interface SalesforceOptions {
  /** Its own state folder. */
  readonly dir: string;
  /** Another seed is another world: other people, other ids. */
  readonly seed?: string;
  readonly now?: () => Date;
  /** Changes per minute; 0 freezes. */
  readonly life?: { readonly perMinute: number };
}

/** URI and headers together (limits, "Maximum length of a URI and headers"). */
const LONGEST_URI = 16_384;

/** Salesforce with several orgs: what host a request is for is told by the door (port) it comes in at. */
export function createSalesforce({
  dir,
  seed = "salesforce",
  now = () => new Date(),
  life,
}: SalesforceOptions): Simulator {
  const orgs = new Orgs({ dir, seed, now, life });
  const faults = new FaultPlan();

  return {
    name: "salesforce",
    doors: DOORS,
    actions: orgActions(orgs, faults),
    live: (at) => orgs.live(at),
    opened(main, doors) {
      orgs.doors = { [MAIN]: main, ...doors };
    },
    async handle(request, response, door = MAIN) {
      try {
        const call = await readCall(request);
        const path = call?.url.pathname ?? "/";
        const answer = await faults.around(path, async () => (call ? answerCall(orgs, door, call) : tooLong(request)));
        if (answer) send(response, answer, now());
        else response.destroy();
      } catch {
        response.destroy(); // the caller went away while it was speaking, or spoke no HTTP we can read
      }
    },
    close: () => orgs.close(),
  };
}

function answerCall(orgs: Orgs, door: string, call: Call): Answer {
  try {
    return route(orgs, door, call);
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

import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { dice } from "../dice.ts";
import { readBody, sendJson, sendText } from "../http.ts";
import type { Simulator } from "../simulator.ts";
import { actionsOf } from "./actions.ts";
import type { Answer } from "./answer.ts";
import { Associations } from "./associations.ts";
import { answer } from "./dispatch.ts";
import { FaultSwitch, faultAnswer } from "./faults.ts";
import { Life } from "./life.ts";
import { Limits } from "./limits.ts";
import { Tokens } from "./oauth.ts";
import { Pipelines } from "./pipelines.ts";
import { Portal } from "./portal.ts";
import { Properties } from "./properties.ts";
import type { World } from "./routes.ts";
import { SearchIndex } from "./search-index.ts";
import { seedPortal } from "./seed.ts";
import { SettingsFile } from "./settings.ts";
import { Staff } from "./staff.ts";
import { Webhooks } from "./webhooks.ts";

export interface HubspotOptions {
  /** This simulator's own state folder. */
  readonly dir: string;
  readonly seed?: string;
  readonly now?: () => Date;
  /** Changes per minute; 0 is frozen. What the back door sets later outweighs it. */
  readonly life?: { readonly perMinute: number };
}

/** A HubSpot with one account (portal) and one app, as its documentation and public field reports describe it. */
export function createHubspot({ dir, seed = "demo", now = () => new Date(), life }: HubspotOptions): Simulator {
  const settings = new SettingsFile(join(dir, "settings.jsonl"), life ?? {});
  const pipelines = new Pipelines(join(dir, "pipelines.jsonl"));
  const associations = new Associations(join(dir, "associations.jsonl"));
  const tokens = new Tokens(dir, now);
  const portal = new Portal(dir);
  const staff = new Staff({ portal, pipelines, associations, seed });
  if (portal.empty) seedPortal(staff, now().getTime(), dice(seed));
  const index = new SearchIndex(portal.all());
  const properties = new Properties(pipelines);
  const world: World = {
    portal,
    pipelines,
    properties,
    associations,
    index,
    tokens,
    now,
    limits: new Limits(),
    settings: () => settings.now,
  };
  // Another sequence after each start, or the days would repeat themselves.
  const roll = dice(`${seed}:${portal.count("start")}`);
  const webhooks = new Webhooks({
    path: join(dir, "webhooks.jsonl"),
    secret: tokens.app.clientSecret,
    roll,
    now,
    portalId: tokens.app.hubId,
    appId: tokens.app.appId,
    target: () => settings.now.targetUrl,
    granted: (scope) => tokens.granted(scope),
  });
  portal.listen((changes) => index.note(changes, now().getTime()));
  portal.listen((changes) => webhooks.tell(changes));
  const faults = new FaultSwitch();
  const days = new Life(staff, roll);

  return {
    name: "hubspot",
    actions: actionsOf({ world, staff, settings, webhooks, faults }),
    live: (at) => days.step(at, settings.now.perMinute),
    async handle(request, response) {
      const fault = faults.take();
      const body = await readBody(request);
      if (fault.slowMs) await wait(fault.slowMs);
      if (fault.down) request.socket.destroy();
      else if (fault.status) send(response, faultAnswer(fault.status));
      else {
        const answered = answerTo(world, request, body);
        if (fault.dropAnswer) request.socket.destroy();
        else send(response, answered);
      }
    },
    close() {
      webhooks.close();
      for (const part of [portal, tokens, associations, pipelines, settings]) part.close();
    },
  };
}

/** A fault of the simulator itself looks like one of the vendor's, and is told on stderr. */
function answerTo(world: World, request: IncomingMessage, body: Buffer | undefined): Answer {
  if (!body) return { status: 413, text: "Payload Too Large" };
  const url = new URL(request.url ?? "/", "http://api.hubapi.com");
  try {
    return answer(world, {
      method: request.method ?? "GET",
      url,
      headers: request.headers,
      body: body.toString("utf8"),
    });
  } catch (error) {
    console.error("hubspot simulator:", error);
    return faultAnswer(500);
  }
}

function send(response: ServerResponse, { status, body, text, headers = {} }: Answer): void {
  if (text !== undefined) sendText(response, status, text, headers);
  else sendJson(response, status, body, headers);
}

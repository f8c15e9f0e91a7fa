import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { readBody, sendJson, sendText } from "../http.ts";
import type { Simulator } from "../simulator.ts";
import { actionsOf } from "./actions.ts";
import type { Answer } from "./answer.ts";
import { answer } from "./dispatch.ts";
import { FaultSwitch, faultAnswer } from "./faults.ts";
import { Hub } from "./hub.ts";
import { connectedApp } from "./settings-page.ts";

export interface HubspotOptions {
  /** This simulator's own state folder. */
  readonly dir: string;
  readonly seed?: string;
  readonly now?: () => Date;
  /** Changes per minute; 0 is frozen. What the back door sets later outweighs it. */
  readonly life?: { readonly perMinute: number };
}

/** A HubSpot with one app and several accounts (portals), as its documentation and public field reports describe it. */
export function createHubspot({ dir, seed = "demo", now = () => new Date(), life }: HubspotOptions): Simulator {
  const hub = new Hub({ dir, seed, now, life });
  const faults = new FaultSwitch();

  return {
    name: "hubspot",
    actions: actionsOf(hub, faults),
    live: (at) => hub.live(at),
    async handle(request, response) {
      const fault = faults.take();
      const body = await readBody(request);
      if (fault.slowMs) await wait(fault.slowMs);
      if (fault.down) request.socket.destroy();
      else if (fault.status) send(response, faultAnswer(fault.status));
      else {
        const { pathname } = new URL(request.url ?? "/", "http://hubspot");
        const answered = (await connectedApp(hub, pathname)) ?? answerTo(hub, request, body);
        if (fault.dropAnswer) request.socket.destroy();
        else send(response, answered);
      }
    },
    close: () => hub.close(),
  };
}

/** A fault of the simulator itself looks like one of the vendor's, and is told on stderr. */
function answerTo(hub: Hub, request: IncomingMessage, body: Buffer | undefined): Answer {
  if (!body) return { status: 413, text: "Payload Too Large" };
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "api.hubapi.com"}`);
  try {
    return answer(hub, {
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

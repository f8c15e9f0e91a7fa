import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sendText } from "../http.ts";
import type { Simulator } from "../simulator.ts";
import { Accounts } from "./accounts.ts";
import { metaActions } from "./actions.ts";
import { Behaviour } from "./behaviour.ts";
import { chosenError } from "./chosen-error.ts";
import { BrowserAnswer } from "./dialog.ts";
import { GraphError, graphError } from "./errors.ts";
import { type GraphRequest, readGraphRequest } from "./graph-request.ts";
import { Login } from "./login.ts";
import { Received } from "./received.ts";
import { type Meta, route } from "./routes.ts";
import { Usage } from "./usage.ts";

export interface MetaOptions {
  /** Its own state folder. */
  readonly dir: string;
  /** The same seed gives the same ids and tokens. */
  readonly seed?: string;
  readonly now?: () => Date;
  /** Meta has no life of its own; taken so that every simulator is made alike. */
  readonly life?: { readonly perMinute: number };
}

/** Meta's Graph API, as far as events of a dataset go. */
export function createMeta({ dir, seed, now = () => new Date() }: MetaOptions): Simulator {
  const received = new Received(join(dir, "received.log"));
  const accounts = new Accounts(dir, seed, now);
  const login = new Login(dir, accounts, now);
  const meta: Meta = { accounts, login, behaviour: new Behaviour(dir), received, now };
  const usage = new Usage();
  const closing = new AbortController();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const faults = meta.behaviour.takeFaults();
    const traceId = `A${randomBytes(17).toString("base64url")}`;
    let call: GraphRequest | undefined;
    try {
      call = await readGraphRequest(request);
      if (faults.slowMs) await wait(faults.slowMs, undefined, { signal: closing.signal });
      if (faults.down) {
        note(call, 0);
        response.destroy();
        return;
      }
      if (faults.status !== undefined || faults.code !== undefined) throw chosenError(faults);
      const body = route(meta, call, traceId, faults.dropAnswer === true);
      if (faults.dropAnswer) response.destroy();
      else if (body instanceof BrowserAnswer) sendText(response, body.status, body.text, body.headers);
      else send(response, 200, JSON.stringify(body));
    } catch (error) {
      if (closing.signal.aborted) {
        response.destroy();
        return;
      }
      const refusal = error instanceof GraphError ? error : graphError("unknown");
      if (refusal !== error) console.error("the Meta simulator failed:", error);
      note(call, faults.dropAnswer ? 0 : refusal.answer.status, refusal);
      if (faults.dropAnswer) response.destroy();
      else if (refusal.html) sendText(response, refusal.answer.status, refusal.html, { "content-type": "text/html" });
      else send(response, refusal.answer.status, refusal.body(traceId));
    }
  }

  /** Remembers a request for events that was not taken. */
  function note(call: GraphRequest | undefined, status: number, refusal?: GraphError): void {
    if (call?.method !== "POST" || call.path[1] !== "events") return;
    const { code, subcode } = refusal?.answer ?? {};
    received.add(
      {
        receivedAt: now().toISOString(),
        dataset: call.path[0] ?? "",
        status,
        count: call.elements.length,
        ...(code === undefined ? {} : { code }),
        ...(subcode === undefined ? {} : { subcode }),
      },
      [],
    );
  }

  function send(response: ServerResponse, status: number, body: string): void {
    const at = now();
    const limits = usage.headers(meta.accounts.businesses[0].id, at, meta.behaviour.limitAt(at));
    const type = "application/json; charset=UTF-8";
    sendText(response, status, body, { "content-type": type, "facebook-api-version": "v26.0", ...limits });
  }

  return {
    name: "meta",
    handle,
    actions: metaActions(meta),
    close() {
      closing.abort();
      received.close();
      accounts.close();
      login.close();
      meta.behaviour.close();
    },
  };
}

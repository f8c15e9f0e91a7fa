import type { Dispatcher } from "undici";
import manifest from "../../app.json" with { type: "json" };
import { limits } from "../../core/meta/limits.ts";
import { createSender } from "../../core/meta/sender.ts";
import type { Clock } from "../../core/ports.ts";
import type { Config } from "../config.ts";
import { createFetch } from "../network/transport.ts";
import type { Simulated } from "../simulated.ts";
import { createGraph } from "./graph.ts";
import type { MetaApp, MetaParts } from "./parts.ts";

/** The way to Meta: the real one, or in the sandbox the simulated one and no other. */
export async function openMeta(
  config: Config,
  simulated: Simulated | undefined,
  agent: Dispatcher,
  clock: Clock,
): Promise<MetaParts> {
  const { graphVersion: version, partnerAgent } = manifest.meta;
  const there = simulated?.addresses.meta;
  const fetch = createFetch(agent, {
    hosts: [/^graph\.facebook\.com$/],
    ...(there !== undefined && { trustedOrigins: [there] }),
    timeoutMs: limits.requestMs,
    maxBytes: 1_000_000,
  });
  const to = { fetch, origin: there ?? "https://graph.facebook.com", version };
  const app = simulated ? await simulatedApp(simulated) : configuredApp(config);
  return {
    graph: createGraph(to),
    send: createSender({ ...to, clock, partnerAgent }),
    version,
    ...(app && { app }),
  };
}

/** Undefined: only pasted tokens are taken. */
function configuredApp(config: Config): MetaApp | undefined {
  const { META_APP_ID: id, META_APP_SECRET: secret, META_LOGIN_CONFIG_ID: loginConfigId } = config;
  if (id === undefined || secret === undefined || loginConfigId === undefined) return undefined;
  return { id, secret, loginConfigId, dialogOrigin: "https://www.facebook.com" };
}

async function simulatedApp({ act, addresses }: Simulated): Promise<MetaApp> {
  const told = await act<Record<"appId" | "appSecret" | "configId", string>>("meta", "app", {});
  return { id: told.appId, secret: told.appSecret, loginConfigId: told.configId, dialogOrigin: addresses.meta };
}

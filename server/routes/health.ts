import type { Registry } from "prom-client";
import type { Route } from "./route.ts";

export interface HealthParts {
  readonly metrics: Registry;
  /** Why no work should be sent here, if so. */
  unready(): Promise<string | undefined>;
}

/** For the machines that look after us: alive, ready, and in numbers. */
export const healthRoutes = ({ metrics, unready }: HealthParts): readonly Route[] => [
  {
    method: "get",
    path: "/healthz",
    who: "anyone",
    anyHost: true,
    handle: (_request, response) => void response.json({ ok: true }),
  },
  {
    method: "get",
    path: "/readyz",
    who: "anyone",
    anyHost: true,
    handle: async (_request, response) => {
      const why = await unready();
      response.status(why ? 503 : 200).json(why ? { ready: false, why } : { ready: true });
    },
  },
  {
    method: "get",
    path: "/metrics",
    who: "operator",
    handle: async (_request, response) => {
      response.type(metrics.contentType).send(await metrics.metrics());
    },
  },
];

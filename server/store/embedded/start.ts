import type { Log } from "../../../core/ports.ts";
import { prepareCluster } from "./cluster.ts";
import { choosePlace } from "./place.ts";
import { address, serve } from "./serve.ts";
import { stopServer, watchServer } from "./watch.ts";

export interface Embedded {
  /** The owner's; the same for the server's whole life, also when it had to be started again. */
  readonly url: string;
  /** It was running already. */
  readonly adopted: boolean;
  /** Fast shutdown; returns when the server is gone. */
  stop(): Promise<void>;
  /** Leaves it running and no longer looks after it. */
  leave(): Promise<void>;
}

/**
 * Starts PostgreSQL under `<dataDir>/postgres`, or adopts the server that already works there. It does not end with this
 * process, only with `stop()`. Throws `config_invalid` or `store_unavailable` and says what stands in the way.
 */
export async function startEmbedded({ dataDir, log }: { dataDir: string; log: Log }): Promise<Embedded> {
  const place = choosePlace(dataDir, log);
  const password = prepareCluster(place);
  const server = await serve(place, password);
  const watch = watchServer(server.pid, log, () => serve(place, password, server.port));
  return {
    url: address(server, password),
    adopted: server.adopted,
    leave: () => watch.end(),
    stop: async () => {
      await watch.end();
      await stopServer(place.cluster);
    },
  };
}

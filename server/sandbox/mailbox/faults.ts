import { DurableMap } from "../durable-map.ts";
import type { Faults } from "../simulator.ts";

/** What makes the mail server misbehave; `{}` mends all. `times` counts connections. */
export interface MailFaults extends Pick<Faults, "slowMs" | "down" | "dropAnswer" | "times"> {
  /** Answer recipients with this SMTP status (RFC 5321): 4yz not now, 5yz never. */
  refuse?: number;
  /** Refuse only this recipient. */
  to?: string;
}

const checks: Readonly<Record<keyof MailFaults, (value: unknown) => boolean>> = {
  slowMs: (value) => Number.isInteger(value) && Number(value) >= 0,
  down: (value) => typeof value === "boolean",
  dropAnswer: (value) => typeof value === "boolean",
  times: (value) => Number.isInteger(value) && Number(value) >= 1,
  refuse: (value) => Number.isInteger(value) && Number(value) >= 400 && Number(value) < 600,
  to: (value) => typeof value === "string",
};

/** Outlives the process. */
export class FaultsFile {
  readonly #map: DurableMap<MailFaults>;

  constructor(path: string) {
    this.#map = new DurableMap(path);
  }

  get now(): MailFaults {
    return this.#map.get("faults") ?? {};
  }

  set(faults: MailFaults): MailFaults {
    for (const [name, value] of Object.entries(faults)) {
      const check = Object.hasOwn(checks, name) ? checks[name as keyof MailFaults] : undefined;
      if (!check?.(value)) throw new Error(`${name} ${check ? "has no such value" : "is no fault of the mail server"}`);
    }
    return this.#map.set("faults", faults);
  }

  /** The faults of this connection; those with `times` are used up. */
  take(): MailFaults {
    const { times, ...faults } = this.now;
    if (times !== undefined) this.#map.set("faults", times > 1 ? { ...faults, times: times - 1 } : {});
    return faults;
  }

  close(): void {
    this.#map.close();
  }
}

import { claiming } from "./outbox/claiming.ts";
import { keeping } from "./outbox/keeping.ts";
import { ringing } from "./outbox/ringing.ts";
import { sending } from "./outbox/sending.ts";
import type { Check } from "./outbox/world.ts";

/** What every store must hold (core/outbox.ts), by name. Each check starts with an empty store. */
export const outboxChecks: Readonly<Record<string, Check>> = { ...claiming, ...keeping, ...ringing, ...sending };

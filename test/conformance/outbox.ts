import { claiming } from "./outbox/claiming.ts";
import { deciding } from "./outbox/deciding.ts";
import { doubting } from "./outbox/doubting.ts";
import { keeping } from "./outbox/keeping.ts";
import { redriving } from "./outbox/redriving.ts";
import { ringing } from "./outbox/ringing.ts";
import { sending } from "./outbox/sending.ts";
import { together } from "./outbox/together.ts";
import type { Check } from "./outbox/world.ts";

/** What every store must hold (core/outbox.ts), by name. Each check starts with an empty store. */
export const outboxChecks: Readonly<Record<string, Check>> = {
  ...claiming,
  ...deciding,
  ...doubting,
  ...keeping,
  ...redriving,
  ...ringing,
  ...sending,
  ...together,
};

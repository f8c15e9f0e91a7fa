import { keptForDays } from "../../core/privacy.ts";

const dayMs = 86_400_000;

/** The instant before which data of a kind is too old. */
export const cutoff = (now: Date, kind: keyof typeof keptForDays): Date =>
  new Date(now.getTime() - keptForDays[kind] * dayMs);

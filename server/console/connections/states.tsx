import type { ConnectionView, DatasetView, Tone } from "../../api/schema.ts";
import { Pill } from "../elements/pill.tsx";
import { texts } from "../texts/texts.ts";

const tones: Record<ConnectionView["state"], Tone> = {
  reading: "setup",
  live: "live",
  ready: "setup",
  disconnected: "problem",
  paused: "paused",
  limited: "waiting",
};

/** How a CRM account fares, in a word. */
export function ConnectionState({ of: { state } }: { of: Pick<ConnectionView, "state"> }) {
  return <Pill tone={tones[state]}>{texts.connections.states[state]}</Pill>;
}

/** How a dataset fares, in a word. */
export function DatasetState({ of }: { of: DatasetView }) {
  const words = texts.datasets;
  const { pausedReason, pausedCode, nextTryAt, waiting, lastAcceptedAt } = of;
  if (pausedReason) return <Pill tone={pausedCode === "by_admin" ? "paused" : "problem"}>{words.paused}</Pill>;
  if (nextTryAt && waiting > 0) return <Pill tone="waiting">{words.retrying}</Pill>;
  if (lastAcceptedAt || waiting > 0) return <Pill tone="live">{words.sending}</Pill>;
  return <Pill tone="setup">{words.quiet}</Pill>;
}

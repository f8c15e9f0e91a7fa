import type { Tone } from "../../api/schema.ts";

const paths = {
  tick: "M3.5 8.5 6.5 11.5 12.5 5",
  clock: "M8 4.5V8l2.5 1.5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z",
  cross: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  warning: "M8 6v3M8 11.3v.2M8 2.2 14.2 13H1.8L8 2.2Z",
  pause: "M5.5 4v8M10.5 4v8",
  play: "M5.5 3.5v9l7-4.5-7-4.5Z",
  dash: "M4 8h8",
  steps: "M2.5 12.5h3.5v-4h4v-4h3.5",
  arrow: "M3 8h10M9.5 4.5 13 8l-3.5 3.5",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8Z",
  person: "M10.5 5.2a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0ZM3 13.5c.5-2.6 2.5-4 5-4s4.5 1.4 5 4",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.9h-2.9",
  sun: "M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9M10.8 8A2.8 2.8 0 1 1 5.2 8a2.8 2.8 0 0 1 5.6 0Z",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z",
  screen: "M2 3h12v8H2ZM6 14h4M8 11v3",
} as const;

export type IconName = keyof typeof paths;
export const toneIcons: Record<Tone, IconName> = {
  live: "tick",
  waiting: "clock",
  problem: "warning",
  setup: "steps",
  paused: "pause",
};

/** Always beside a word that says the same, so hidden from screen readers. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      data-icon={name}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** Numbers and times as English writes them. */
const locale = "en-GB";
const number = new Intl.NumberFormat(locale);
const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
const plural = new Intl.PluralRules(locale);
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short" });
const utcDay = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const short = new Intl.DateTimeFormat(locale, {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const exact = new Intl.DateTimeFormat(locale, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" });

const list = new Intl.ListFormat(locale);
const money = new Intl.DisplayNames(locale, { type: "currency" });
const region = new Intl.DisplayNames(locale, { type: "region" });

export const counted = (count: number, one: string, other: string): string =>
  `${number.format(count)} ${plural.select(count) === "one" ? one : other}`;

export const events = (count: number): string => counted(count, "event", "events");

export const formats = {
  number: (value: number) => number.format(value),
  list: (items: readonly string[]) => list.format(items),
  /** By its ISO 3166-1 alpha-2 code. */
  country: (code: string) => (/^[A-Z]{2}$/.test(code) ? (region.of(code) ?? code) : code),
  /** By its ISO 4217 code: `EUR · Euro`. */
  currency: (code: string) => (/^[A-Z]{3}$/.test(code) ? `${code} · ${money.of(code) ?? code}` : code),
  share: (part: number, whole: number) => (whole === 0 ? "–" : percent.format(part / whole)),
};

export const time = {
  full: (at: Date) => full.format(at),
  short: (at: Date) => short.format(at),
  day: (at: Date) => day.format(at),
  /** A day of UTC, `2026-11-23`, whichever zone its reader is in. */
  utcDay: (date: string) => utcDay.format(new Date(`${date}T00:00:00Z`)),
  /** To the second. */
  exact: (at: Date) => exact.format(at),
  clock: (at: Date) => clock.format(at),
  /** `ms` before now is negative. */
  relative(ms: number): string {
    const seconds = Math.round(ms / 1000);
    const distance = Math.abs(seconds);
    if (distance < 5) return "just now";
    if (distance < 60) return relative.format(seconds, "second");
    if (distance < 3600) return relative.format(Math.round(seconds / 60), "minute");
    if (distance < 86_400) return relative.format(Math.round(seconds / 3600), "hour");
    return relative.format(Math.round(seconds / 86_400), "day");
  },
  /** `182 ms`, `1.2 s`, `4 min`, `3 h`, `2 days` */
  span(ms: number): string {
    if (ms < 1000) return `${number.format(Math.round(ms))} ms`;
    if (ms < 10_000) return `${number.format(Math.round(ms / 100) / 10)} s`;
    if (ms < 60_000) return `${number.format(Math.round(ms / 1000))} s`;
    if (ms < 3_600_000) return `${number.format(Math.round(ms / 60_000))} min`;
    if (ms < 172_800_000) return `${number.format(Math.round(ms / 3_600_000))} h`;
    return counted(Math.round(ms / 86_400_000), "day", "days");
  },
};

/** Instants are kept as milliseconds, cut to whole seconds as Salesforce does; dates as `YYYY-MM-DD` in UTC. */
export const wholeSecond = (time: number | Date): number => Math.floor(Number(time) / 1000) * 1000;

/** `2026-11-22T10:00:00.000+0000` */
export const formatDatetime = (ms: number): string => new Date(ms).toISOString().replace("Z", "+0000");
export const formatDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

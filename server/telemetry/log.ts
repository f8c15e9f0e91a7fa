import { pino } from "pino";
import type { Log, LogFields } from "../../core/ports.ts";
import { loggable } from "../../core/privacy.ts";

/**
 * The log: for people at a terminal one plain line each, for machines JSON lines. Only fields on the allow-list are written,
 * so that nothing personal and no secret gets there by accident.
 */
export function createLog(options: { level: string; plain: boolean; write?: (line: string) => void }): Log {
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  if (options.plain) {
    const levels = ["debug", "info", "warn", "error"];
    const from = levels.indexOf(options.level);
    const say = (level: string, message: string, fields?: LogFields): void => {
      if (levels.indexOf(level) < from) return;
      const mark = level === "info" ? " " : level === "warn" ? "!" : "✗";
      const known = Object.entries(permitted(fields)).map(([name, value]) => `${name}=${value}`);
      const tail = known.length > 0 ? `  ${dim(known.join(" "))}` : "";
      write(`${new Date().toISOString().slice(11, 19)} ${mark} ${oneLine(message)}${tail}\n`);
    };
    return {
      info: (message, fields) => say("info", message, fields),
      warn: (message, fields) => say("warn", message, fields),
      error: (message, fields) => say("error", message, fields),
    };
  }
  const logger = pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
  return {
    info: (message, fields) => logger.info(permitted(fields), oneLine(message)),
    warn: (message, fields) => logger.warn(permitted(fields), oneLine(message)),
    error: (message, fields) => logger.error(permitted(fields), oneLine(message)),
  };
}

const permitted = (fields: LogFields = {}): LogFields =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name, value]) => value !== undefined && loggable.has(name))
      .map(([name, value]) => [name, typeof value === "string" ? oneLine(value) : value]),
  );

const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 500);
const dim = (text: string): string => (process.stdout.isTTY ? `\u001b[2m${text}\u001b[22m` : text);

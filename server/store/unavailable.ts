import { Failure } from "../../core/errors.ts";

/**
 * SQLSTATE classes and codes (PostgreSQL manual, appendix A) that speak of the server and not of the statement: connection
 * lost, too many clients, disk full, shutdown, read-only after a failover, lock or statement timeout, a database
 * that is closed or gone, and rights, passwords or tables that changed under us.
 */
const sqlStates = /^(08|28|53|57P|58)|^(0A000|25006|25P03|3D000|55000|55P03|57014)$/;
const socketCodes = new Set([
  "ENOENT", // its Unix socket
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);
/** The driver throws these without a code. */
const words =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** What the driver throws, as `store_unavailable` where the database could not be reached; anything else as it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  const unavailable =
    typeof code === "string" ? socketCodes.has(code) || sqlStates.test(code) : words.test(error.message);
  return unavailable ? new Failure("store_unavailable", String(code ?? "connection lost"), { cause: error }) : error;
}

/** Two transactions stood in each other's way; running one again is right. */
export function collided(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "40001" || code === "40P01";
}

/** Somebody else holds the row, for longer than we wait for one. */
export function isHeld(error: unknown): boolean {
  const { code } = ((error instanceof Failure ? error.cause : error) ?? {}) as { code?: unknown };
  return code === "55P03";
}

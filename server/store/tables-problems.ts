import type { Generated } from "kysely";
import type { Json } from "./json-column.ts";

/** `cause`: names it while it is open; `about`: the lane's id, where there is one. */
export interface ProblemTable {
  tenant_id: string;
  id: string;
  cause: string;
  code: string;
  about: string | null;
  affected: number;
  opened_at: Date;
  seen_at: Date;
  closed_at: Date | null;
  deadline_at: Date | null;
  details: Json;
}
/** `occasion`: `opened`, `day`, `deadline`, `closed`. */
export interface MailTable {
  tenant_id: string;
  id: string;
  problem_id: string;
  occasion: string;
  recipient: string;
  subject: string;
  body: string;
  created_at: Date;
  due_at: Date | null;
  sent_at: Date | null;
  attempts: Generated<number>;
  why: string | null;
}
export interface AuditTable {
  tenant_id: string;
  id: string;
  at: Date;
  who: string;
  what: string;
  about: Json;
}
export interface ReconciliationTable {
  tenant_id: string;
  connection_id: string;
  /** `2026-11-23` */
  day: string;
  seen: number;
  missed: number;
  accepted: number;
  waiting: number;
  refused: number;
  not_sent: Json;
  checked_at: Date;
  missed_at: Date | null;
}

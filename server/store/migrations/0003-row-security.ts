import { webRole, workerRole } from "../roles.ts";

/** What the web role may do with each table, always within its tenant; secrets and event keys are the workers' alone. */
const web = {
  tenant: "select (id, name, default_country, allowed_keys, created_at), update (name, default_country, allowed_keys)",
  dataset: "select, insert, update",
  connection: "select, insert, update",
  stage_mapping: "select, insert",
  lane: "select, insert, update",
  checkpoint: "select",
  record_stage: "select",
  inbox: "select",
  outbox: "select",
  dispatch: "select",
  dead_event: "select",
  tally: "select",
  ring: "",
  secret: "",
} as const;

/**
 * The workers see every tenant (each of their statements names its own); the web role sees the one tenant that its transaction
 * is opened for. A policy instead of BYPASSRLS: managed services let nobody grant that. The setting reads '' after a
 * transaction that set it locally, hence nullif.
 */
export const statements: readonly string[] = Object.entries(web).flatMap(([table, rights]) => {
  const own = `${table === "tenant" ? "id" : "tenant_id"} = nullif(current_setting('app.tenant_id', true), '')`;
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `grant select, insert, update, delete on ${table} to ${workerRole}`,
    `create policy worker_every on ${table} to ${workerRole} using (true) with check (true)`,
    ...(rights ? [`grant ${rights} on ${table} to ${webRole}`] : []),
    `create policy web_own on ${table} to ${webRole} using (${own}) with check (${own})`,
  ];
});

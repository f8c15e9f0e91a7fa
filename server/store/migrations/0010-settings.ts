import { webRole } from "../roles.ts";

/** What admins decide for their workspace: `settings_version` counts what they saved, so that nobody saves over another unseen. */
export const statements: readonly string[] = [
  "alter table tenant add column settings_version integer not null default 1",
];

export const security: readonly string[] = [
  `grant select (alert_to, settings_version), update (alert_to, settings_version) on tenant to ${webRole}`,
];

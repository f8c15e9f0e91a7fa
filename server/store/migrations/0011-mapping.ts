/** Entries into stages that no mapping knows are few, and looked for every minute: each index holds only their rows. */
export const statements: readonly string[] = [
  "create index record_stage_not_mapped on record_stage (tenant_id, connection_id, read_at) where outcome = 'stage_not_mapped'",
  "create index tally_not_mapped on tally (tenant_id, day) where outcome = 'stage_not_mapped'",
];

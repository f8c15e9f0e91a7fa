/**
 * Room on the page for the rows that change all the time, so that their updates touch no index. Optional: some engines refuse
 * storage options.
 */
export const statements: readonly string[] = [
  "alter table lane set (fillfactor = 50)",
  "alter table checkpoint set (fillfactor = 50)",
  "alter table tally set (fillfactor = 50)",
];

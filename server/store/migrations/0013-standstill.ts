/** Long work that was stopped or waited and goes on: how fast it is does not count the time in which it stood still. */
export const statements: readonly string[] = ["alter table task add column stood_ms bigint not null default 0"];

import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/live/**"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A busy machine takes more than the second that is usual.
    expect: { poll: { timeout: 10_000 } },
    // They wait for a database, a browser or a process half of the time: with a worker for each core half of them stood idle.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    globalSetup: ["test/postgres-setup.ts"],
  },
});

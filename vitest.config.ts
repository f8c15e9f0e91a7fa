import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/live/**"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most of them wait for a database, a browser or a process most of the time: no core is spared for vitest itself.
    maxWorkers: Math.max(2, availableParallelism()),
    globalSetup: ["test/postgres-setup.ts"],
  },
});

import type { InstallParts } from "../install/parts.ts";

/** What ending things works with. */
export type LifecycleParts = Pick<InstallParts, "store" | "connectors" | "access" | "clock" | "log" | "simulated">;

import type { SetupStepName } from "../../api/setup.ts";

/** In their order. */
export const setupStepNames: readonly SetupStepName[] = ["crm", "meta", "mapping", "preview", "live"];

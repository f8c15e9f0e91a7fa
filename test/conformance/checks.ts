import { account } from "./checks/account.ts";
import { changes } from "./checks/changes.ts";
import { faults } from "./checks/faults.ts";
import { people } from "./checks/people.ts";
import { ranges } from "./checks/ranges.ts";
import { resuming } from "./checks/resuming.ts";
import type { Check } from "./world.ts";

/** The checks, in the order in which a new connector's author meets them. */
export const checks: readonly Check[] = [...account, ...changes, ...ranges, ...resuming, ...people, ...faults];

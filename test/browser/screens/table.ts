import { connecting } from "./connecting.ts";
import type { Screen } from "./screen.ts";
import { work } from "./work.ts";
import { workspace } from "./workspace.ts";

/** Every screen of the console, in every state it can be in. */
export const screens: readonly Screen[] = [...work, ...workspace, ...connecting];

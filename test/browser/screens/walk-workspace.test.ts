import { walk } from "./walk.ts";
import { workspace } from "./workspace.ts";

walk(workspace);

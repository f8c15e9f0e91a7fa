import { walk } from "./walk.ts";
import { work } from "./work.ts";

walk(work);

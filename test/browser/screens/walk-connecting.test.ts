import { connecting } from "./connecting.ts";
import { walk } from "./walk.ts";

walk(connecting);

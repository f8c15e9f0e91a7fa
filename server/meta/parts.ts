import type { Send } from "../../core/meta/sender.ts";
import type { Graph } from "./graph.ts";

/** Our app at Meta, for Facebook Login for Business. */
export interface MetaApp {
  readonly id: string;
  readonly secret: string;
  /** Which permissions and assets the login asks for (App Dashboard, "Configurations"). */
  readonly loginConfigId: string;
  /** Where people sign in: `https://www.facebook.com`. */
  readonly dialogOrigin: string;
}

/** What it takes to talk with Meta about its datasets. */
export interface MetaParts {
  readonly graph: Graph;
  readonly send: Send;
  /** `v26.0` */
  readonly version: string;
  /** Absent: only pasted tokens are taken. */
  readonly app?: MetaApp;
}

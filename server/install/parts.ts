import type { ApiParts } from "../routes/api-route.ts";
import type { Vault } from "../store/vault.ts";
import type { SimulatedPlaces } from "./places.ts";

/** What letting accounts in works with. */
export interface InstallParts
  extends Pick<ApiParts, "store" | "connectors" | "access" | "clock" | "log" | "wake" | "publicUrl" | "sendMail"> {
  readonly vault: Vault;
  /** Where each vendor's people sign in when it is simulated; absent in the real world. */
  readonly simulated?: Readonly<Partial<Record<string, SimulatedPlaces>>>;
}

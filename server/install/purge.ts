import { dropAuthorizationRequests } from "../store/authorization-requests.ts";
import { oldInstalls, takeInstall } from "../store/installs.ts";
import { letGo } from "./let-go.ts";
import type { InstallParts } from "./parts.ts";

const perTurn = 20;

/** A chore: consents that nobody came back from are forgotten, installs that nobody confirmed in a day given back first. */
export const purgeInstalls =
  (parts: InstallParts) =>
  async (now: Date): Promise<"more" | undefined> => {
    const { db } = parts.store;
    await dropAuthorizationRequests(db, now);
    const old = await oldInstalls(db, now, perTurn);
    for (const { id } of old) {
      const install = await takeInstall(db, id);
      if (install) await letGo(install, parts);
    }
    return old.length === perTurn ? "more" : undefined;
  };

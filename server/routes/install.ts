import { Failure } from "../../core/errors.ts";
import type { TenantId } from "../../core/types.ts";
import { addresses } from "../api/addresses.ts";
import { confirmAsked, confirmed, installList, installView, refused } from "../api/installs.ts";
import { nothing } from "../api/operations.ts";
import { confirmInstall } from "../install/confirm.ts";
import { letGo } from "../install/let-go.ts";
import type { InstallParts } from "../install/parts.ts";
import { pathOf } from "../install/return-to.ts";
import { ownInstall, viewOf } from "../install/view.ts";
import { type Install, installsOfBrowser, takeInstall } from "../store/installs.ts";
import { apiRoute, idIn } from "./api-route.ts";
import type { Route } from "./route.ts";

/** With a new account there is something to set up; whoever was on their way elsewhere goes there. */
const setupOf = ({ about: { returnTo } }: Install): string =>
  returnTo === undefined || returnTo === "home" ? addresses.setup : pathOf(returnTo);

/** What the browser that came back from a consent page may see, confirm and refuse. */
export const installRoutes = (parts: InstallParts): readonly Route[] => [
  apiRoute(
    {
      path: "/installs",
      who: "installer",
      summary: "Accounts that let us in from this browser and wait to be confirmed",
      answer: installList,
      handle: async ({ browser, session, now }) => {
        const own = await installsOfBrowser(parts.store.db, browser, now);
        return { installs: await Promise.all(own.map((install) => viewOf(install, session, parts))) };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/installs/:id",
      who: "installer",
      summary: "One of them",
      answer: installView,
      handle: async ({ browser, session, params }) =>
        await viewOf(await ownInstall(idIn(params, "id", "ins"), browser, parts), session, parts),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/installs/:id/confirm",
      who: "installer",
      limit: "sign_in",
      summary: "Connect the account: in a new workspace, or in the one that is open",
      body: confirmAsked,
      answer: confirmed,
      handle: async ({ browser, session, params, body, cookies }) => {
        const { id } = await ownInstall(idIn(params, "id", "ins"), browser, parts);
        const said = { workspace: body.workspace as "new" | TenantId, allowSandbox: body.allowSandbox };
        const {
          tenantId,
          connectionId,
          session: made,
          install,
          isNew,
        } = await confirmInstall(id, said, session, parts);
        cookies.give("session", made.token, made.lastsMs);
        const goOn = install.about.returnUrl ?? (isNew ? setupOf(install) : pathOf(install.about.returnTo));
        return { workspace: tenantId, connection: connectionId, goOn };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/installs/:id/refuse",
      who: "installer",
      summary: "Do not connect it: what was granted is given back",
      body: nothing,
      answer: refused,
      handle: async ({ browser, params }) => {
        const { id } = await ownInstall(idIn(params, "id", "ins"), browser, parts);
        const install = await takeInstall(parts.store.db, id);
        if (!install) throw new Failure("not_found", "this install is over");
        await letGo(install, parts);
        return { refused: true as const };
      },
    },
    parts,
  ),
];

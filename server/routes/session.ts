import manifest from "../../app.json" with { type: "json" };
import { Failure } from "../../core/errors.ts";
import type { TenantId } from "../../core/types.ts";
import { nothing } from "../api/operations.ts";
import { ended, openAsked, operatorKey, type SessionView, sessionView } from "../api/session.ts";
import { enterAsOperator } from "../sign-in/operator.ts";
import { createSession, endSession, endSessionsOf, type SignedIn } from "../sign-in/session.ts";
import { writeAudit } from "../store/audit.ts";
import { roleIn, workspacesOf } from "../store/members.ts";
import { type ApiParts, apiRoute } from "./api-route.ts";
import type { Route } from "./route.ts";

const support = { documentation: manifest.documentation, mail: manifest.support.email };

/** Who is signed in, changing the workspace, signing out, and the operator's way in. */
export const sessionRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/session",
      who: "anyone",
      summary: "Who is signed in, and in which workspace",
      answer: sessionView,
      handle: async ({ session }) =>
        session
          ? await view(session, session.open?.tenant.id, parts)
          : { signedIn: false as const, sandbox: parts.demo, support },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/session/open",
      who: "person",
      summary: "Open another workspace",
      body: openAsked,
      answer: sessionView,
      handle: async ({ session, who, now, cookies, body }) => {
        const { db } = parts.store;
        const tenantId = body.workspace as TenantId;
        const role = await roleIn(db, tenantId, who);
        // One that is there and one that is not are alike to whoever is not in it.
        if (!role) throw new Failure("not_found", "no workspace of yours");
        const { token, lastsMs } = await createSession(db, { personId: who, tenantId, instead: session }, now);
        cookies.give("session", token, lastsMs);
        return await view(session, tenantId, parts);
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/session/end",
      who: "person",
      summary: "Sign out here",
      body: nothing,
      answer: ended,
      handle: async ({ session, cookies }) => {
        await endSession(parts.store.db, session);
        cookies.drop("session");
        return { ended: true as const };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/session/end-all",
      who: "person",
      summary: "Sign out everywhere",
      body: nothing,
      answer: ended,
      handle: async ({ who, cookies }) => {
        await endSessionsOf(parts.store.db, { personId: who });
        cookies.drop("session");
        return { ended: true as const };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/sign-in/operator",
      who: "anyone",
      limit: "sign_in",
      summary: "Sign in with the link that was shown when the server started",
      body: operatorKey,
      answer: sessionView,
      handle: async ({ now, cookies, session: before, body }) => {
        const entered = await enterAsOperator(parts.store, body.key, before, now);
        if (!entered) throw new Failure("not_signed_in", "the link has been used, or has ended");
        cookies.give("session", entered.token, entered.lastsMs);
        const { person, tenantId } = entered;
        await parts.store.web(tenantId, (trx) =>
          writeAudit(trx, tenantId, { who: person.id, what: "session.operator", about: {} }, now),
        );
        return await view({ person, endsAt: new Date(now.getTime() + entered.lastsMs) }, tenantId, parts);
      },
    },
    parts,
  ),
];

async function view(
  { person, endsAt }: Pick<SignedIn, "person" | "endsAt">,
  open: TenantId | undefined,
  { store, demo }: ApiParts,
): Promise<SessionView> {
  const workspaces = await workspacesOf(store.db, person.id);
  const workspace = workspaces.find(({ id }) => id === open);
  return {
    signedIn: true,
    support,
    sandbox: demo,
    person: { ...person },
    ...(workspace && { workspace }),
    workspaces: [...workspaces],
    endsAt: endsAt.toISOString(),
  };
}

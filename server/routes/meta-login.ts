import type { Request, RequestHandler, Response } from "express";
import { Failure, isFailure } from "../../core/errors.ts";
import type { FailureCode } from "../../core/problems.ts";
import type { PersonId, TenantId } from "../../core/types.ts";
import { addresses } from "../api/addresses.ts";
import { keepLogin } from "../meta/login.ts";
import type { MetaApp } from "../meta/parts.ts";
import { acceptCode, dialogUrl } from "../meta/sign-in.ts";
import { newToken, tokenHash } from "../sign-in/token.ts";
import { type Seat, seatOf } from "../sign-in/visitor.ts";
import { writeAudit } from "../store/audit.ts";
import { addAuthorizationRequest, requestPlace, takeAuthorizationRequest } from "../store/authorization-requests.ts";
import type { DatasetParts } from "./datasets.ts";
import type { Route } from "./route.ts";

const provider = "meta";
const callbackPath = "/oauth/meta/callback";
/** The console's pages on which a dataset is chosen. */
const pages = { alone: addresses.connectMeta, setup: addresses.setup } as const;

/** To Meta's sign-in and back. */
export const metaLoginRoutes = (parts: DatasetParts): readonly Route[] => [
  { method: "get", path: "/connect/meta", who: "admin", limit: "sign_in", handle: leave(parts) },
  { method: "get", path: callbackPath, who: "admin", limit: "sign_in", handle: comeBack(parts) },
];

const leave =
  (parts: DatasetParts): RequestHandler =>
  async (request, response) => {
    const { store, vault, clock, meta } = parts;
    const asked: Asked = { redirectUri: `${parts.publicUrl()}${callbackPath}`, from: fromOf(request.query.from) };
    const { tenant, who, session } = seatOf(response);
    const app = appOf(parts);
    const state = newToken();
    const stateHash = tokenHash(state);
    await addAuthorizationRequest(
      store.db,
      {
        stateHash,
        browserHash: session.id,
        provider,
        purpose: "meta",
        tenantId: tenant.id,
        personId: who,
        sealed: vault.seal(requestPlace(stateHash), JSON.stringify(asked)),
      },
      clock.now(),
    );
    go(response, dialogUrl(app, { version: meta.version, redirectUri: asked.redirectUri, state }));
  };

/** What we remember of it, sealed. `from`: the page it was begun on, by its name; no address ever travels. */
interface Asked {
  readonly redirectUri: string;
  readonly from: keyof typeof pages;
}
const fromOf = (name: unknown): Asked["from"] => (name === "setup" ? "setup" : "alone");

/** Whatever comes of it, the browser ends on a page of ours whose address holds neither code nor token. */
const comeBack =
  (parts: DatasetParts): RequestHandler =>
  async (request, response) => {
    let page: string = pages.alone;
    try {
      const seat = seatOf(response);
      const asked = await expected(one(request.query.state), seat, parts);
      page = pages[fromOf(asked.from)];
      await accept(request, asked.redirectUri, seat, parts);
    } catch (error) {
      if (!isFailure(error, ...told)) throw error;
      parts.log.warn(`Signing in at Meta failed: ${error.message}`, { code: error.code });
      return go(response, `${page}?failed=${error.code}`);
    }
    go(response, `${page}?login=ready`);
  };
const told: readonly FailureCode[] = [
  "oauth_state",
  "oauth_denied",
  "meta_login",
  "network_unreachable",
  "network_no_answer",
];

/** @throws Failure `oauth_state`, `oauth_denied`, `meta_login` or a network code */
async function accept(
  { query }: Request,
  redirectUri: string,
  { tenant, who }: Seat,
  parts: DatasetParts,
): Promise<void> {
  const { store, vault, clock, meta } = parts;
  if (query.error !== undefined || query.error_code !== undefined) throw new Failure("oauth_denied", "at Meta");
  const code = one(query.code);
  if (code === undefined) throw new Failure("oauth_state", "there is no code");
  const login = await acceptCode(meta.graph, appOf(parts), { code, redirectUri });
  await store.db.transaction().execute(async (trx) => {
    await keepLogin(trx, tenant.id, login, vault, clock.now());
    const about = { business: login.businessId ?? null };
    await writeAudit(trx, tenant.id, { who, what: "meta.signed_in", about }, clock.now());
  });
}

/**
 * The request that this state belongs to: made here, by this session, for the workspace that is open now. It serves once.
 *
 * @throws Failure `oauth_state`
 */
async function expected(
  state: string | undefined,
  { tenant, who, session }: { tenant: { id: TenantId }; who: PersonId; session: { id: string } },
  { store, vault, clock }: DatasetParts,
): Promise<Asked> {
  if (state === undefined) throw new Failure("oauth_state");
  const made = await takeAuthorizationRequest(store.db, tokenHash(state), clock.now());
  const ours = made?.provider === provider && made.purpose === "meta" && made.browserHash === session.id;
  if (!ours || made.tenantId !== tenant.id || made.personId !== who) throw new Failure("oauth_state");
  return JSON.parse(vault.open(requestPlace(made.stateHash), made.sealed)) as Asked;
}

/** @throws Failure `not_found` where no app of ours at Meta is configured */
export function appOf({ meta }: Pick<DatasetParts, "meta">): MetaApp {
  if (!meta.app) throw new Failure("not_found", "signing in at Meta is not set up on this server");
  return meta.app;
}

/** Said twice it is said by somebody else. */
const one = (value: unknown): string | undefined =>
  typeof value === "string" && value.length <= 2_000 ? value : undefined;

const go = (response: Response, to: string): void => {
  response.setHeader("cache-control", "no-store");
  response.redirect(303, to);
};

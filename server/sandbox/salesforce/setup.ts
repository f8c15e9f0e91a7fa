import type { Action } from "../simulator.ts";
import { momentNow } from "./instance.ts";
import { ownObject } from "./org/schema.ts";
import { stagesOf } from "./org/stages.ts";
import type { Rest } from "./rest/rest.ts";
import type { Settings } from "./settings.ts";

/** What an administrator does in Setup, and what befalls the org. */
export function setupActions(rest: Rest): Readonly<Record<string, Action>> {
  const { org, settings, grants } = rest;
  const flip = (hide: boolean) => (input: { object?: string; field?: string }) => {
    const object = ownObject(String(input.object));
    const field = object.fields.find((each) => each.name === input.field);
    if (input.field !== undefined && !field) throw new Error(`${object.name} has no field ${input.field}`);
    const name = field ? `${object.name}.${field.name}` : object.name;
    const others = settings.now.hidden.filter((each) => each !== name);
    return { hidden: settings.change({ hidden: hide ? [...others, name] : others }).hidden };
  };
  return {
    /** {scopes?, user?}: as if an administrator had installed the app and somebody had agreed. */
    grant: ({ scopes = ["api", "refresh_token"], user }: { scopes?: readonly string[]; user?: string }) => {
      const { clientId, clientSecret } = rest.app.secrets;
      const { refreshToken } = grants.approve(user ?? rest.integrationUserId, scopes);
      return { accountId: rest.orgId, clientId, clientSecret, refreshToken };
    },
    /** {state, users?}: the external client app in this org: "installed", "absent" (its package is uninstalled: all tokens end) or "approval" (only for the users named). */
    install: ({ state = "installed", users = [] }: { state?: Settings["app"]; users?: readonly string[] }) => {
      if (!["installed", "absent", "approval"].includes(state)) throw new Error(`an app is not "${state}"`);
      if (state === "absent") grants.revokeAll();
      return { app: settings.change({ app: state, approved: users }).app };
    },
    /** {on}: nobody of this org may sign in at the generic hosts. */
    myDomainOnly: ({ on = true }: { on?: boolean }) => settings.change({ myDomainOnly: on }).myDomainOnly,
    revoke: () => grants.revokeAll(),
    expire: () => grants.expireAccess(),
    /** {on}: refresh token rotation. */
    rotation: ({ on = true }: { on?: boolean }) => settings.change({ rotation: on }),
    /** {on}: history tracking of Lead.Status. */
    tracking: ({ on = true }: { on?: boolean }) => settings.change({ tracking: on }),
    /** {ms}: changes from now on are seen so much later; 0 ends it. */
    delayCommit: ({ ms = 0 }: { ms?: number }) => settings.change({ delayCommitMs: ms }),
    /** {max?, used?, burst?}: API calls in 24 hours; {logins?}: token requests in an hour. */
    limits: (input: { max?: number; used?: number; burst?: number; logins?: number }) => {
      const { maxCalls, burst, maxLogins } = settings.now;
      settings.change({
        maxCalls: input.max ?? maxCalls,
        burst: input.burst ?? burst,
        maxLogins: input.logins ?? maxLogins,
      });
      if (input.used !== undefined) rest.limit.reset(input.used);
    },
    /** How the org is set up and how much there is of what. */
    state: () => ({
      ...settings.now,
      accountId: rest.orgId,
      usedCalls: rest.limit.used,
      leads: org.everMade("00Q"),
      opportunities: org.everMade("006"),
    }),
    /** {object, field?}: field-level security; without a field the whole object. */
    hide: flip(true),
    show: flip(false),
    /** {api}: false is an edition without API. */
    edition: ({ api = true }: { api?: boolean }) => settings.change({ api }),
    /** {active, user?}: a person leaves or comes back. */
    user: ({ active = true, user }: { active?: boolean; user?: string }) =>
      org.update(user ?? rest.integrationUserId, { IsActive: active }, momentNow(rest)),
    /** {instanceUrl}: the org moves; sessions end and the old address answers 401. Null moves it back. */
    migrate: ({ instanceUrl }: { instanceUrl?: string | null }) => {
      settings.change({ instanceUrl: instanceUrl ?? undefined });
      grants.expireAccess();
    },
    /** {object, stage, fields}: rename, retire or redefine a stage: MasterLabel, IsActive, IsWon, IsClosed, SortOrder … */
    stage: ({
      object,
      stage,
      fields,
    }: {
      object?: string;
      stage?: string;
      fields?: Record<string, string | boolean>;
    }) => {
      const name = object?.toLowerCase() === "lead" ? "LeadStatus" : "OpportunityStage";
      const found = [...org.all(name)].find((each) => each.ApiName === stage);
      if (!found) throw new Error(`no stage ${stage} of ${object}`);
      org.update(String(found.Id), fields ?? {}, momentNow(rest));
      return stagesOf(org, name === "LeadStatus" ? "Lead" : "Opportunity");
    },
    /** {perMinute}: 0 stops time. */
    life: ({ perMinute = 20 }: { perMinute?: number }) => settings.change({ perMinute }),
  };
}

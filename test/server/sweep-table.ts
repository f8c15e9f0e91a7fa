import type { Caller } from "../../server/routes/route.ts";
import { tokenHash } from "../../server/sign-in/token.ts";
import { newId } from "../../server/store/ids.ts";
import { addInvitation } from "../../server/store/invitations.ts";
import { addMember } from "../../server/store/members.ts";
import { knowPerson } from "../../server/store/people.ts";
import { saveView } from "../../server/store/saved-views.ts";
import { beginTask } from "../../server/store/tasks.ts";
import type { Customer, Front } from "./front.ts";

/** What belongs to one workspace, made anew where a call uses it up. */
export interface Belongings {
  readonly customer: Customer;
  readonly problem: string;
  member(): Promise<string>;
  invitation(): Promise<string>;
  /** A reading of its connection. */
  task(): Promise<string>;
  /** Of its connection. */
  key(): Promise<string>;
  /** A saved one. */
  view(): Promise<string>;
}

export interface Entry {
  readonly who: Caller;
  /** What whoever may call it is answered. */
  readonly ok: number;
  readonly body?: object;
  readonly query?: string;
  /** The ids in its path. */
  readonly ids?: (of: Belongings) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
  /** Ids of a workspace that it takes in another place than its path. */
  readonly naming?: (of: Belongings) => { readonly body?: object; readonly query?: string };
}

const dataset = ({ customer }: Belongings) => ({ id: customer.datasetId });
const connection = ({ customer }: Belongings) => ({ id: customer.connection.id });
const problem = (of: Belongings) => ({ id: of.problem });
const task = async (of: Belongings) => ({ id: await of.task() });
const delivery = ({ customer }: Belongings) => ({ dataset: customer.datasetId, seq: "1" });
const member = async (of: Belongings) => ({ id: await of.member() });
const invitation = async (of: Belongings) => ({ id: await of.invitation() });
const key = async (of: Belongings) => ({ ...connection(of), key: await of.key() });
const view = async (of: Belongings) => ({ id: await of.view() });
const token = "t".repeat(43);
const mapping = { rules: [], fillSkipped: true, sendValue: false };

/** Every route, who may call it, and what comes of a call that is in order. One that is missing here fails the sweep. */
export const table: Readonly<Record<string, Entry>> = {
  "get /healthz": { who: "anyone", ok: 200 },
  "get /readyz": { who: "anyone", ok: 200 },
  "get /metrics": { who: "operator", ok: 200 },

  "get /api/v1/session": { who: "anyone", ok: 200 },
  "post /api/v1/session/open": {
    who: "person",
    ok: 200,
    naming: ({ customer }) => ({ body: { workspace: customer.tenant.id } }),
  },
  "post /api/v1/session/end": { who: "person", ok: 200, body: {} },
  "post /api/v1/session/end-all": { who: "person", ok: 200, body: {} },
  "post /api/v1/sign-in/operator": { who: "anyone", ok: 401, body: { key: token } },

  "get /api/v1/members": { who: "viewer", ok: 200 },
  "post /api/v1/members/:id/role": { who: "owner", ok: 200, ids: member, body: { role: "admin" } },
  "post /api/v1/members/:id/remove": { who: "owner", ok: 200, ids: member, body: {} },
  "get /api/v1/invitations": { who: "admin", ok: 200 },
  "post /api/v1/invitations": { who: "owner", ok: 200, body: { mail: "a@b.example", role: "viewer" } },
  "post /api/v1/invitations/:id/withdraw": { who: "owner", ok: 200, ids: invitation, body: {} },
  "post /api/v1/invitations/accept": { who: "person", ok: 404, body: { token } },

  "get /api/v1/overview": { who: "viewer", ok: 200 },
  "get /api/v1/figures": {
    who: "viewer",
    ok: 200,
    query: "?range=7d",
    naming: ({ customer }) => ({ query: `?connection=${customer.connection.id}` }),
  },
  "get /api/v1/audit": { who: "viewer", ok: 200 },
  "get /api/v1/audit.csv": { who: "admin", ok: 200 },
  "get /api/v1/problems": { who: "viewer", ok: 200 },
  "post /api/v1/problems/:id/redrive": { who: "admin", ok: 409, ids: problem, body: { as: "it_was" } },
  "get /api/v1/problems/:id": { who: "viewer", ok: 200, ids: problem },
  "post /api/v1/problems/:id/acknowledge": { who: "admin", ok: 200, ids: problem, body: {} },
  "post /api/v1/problems/:id/mute": { who: "admin", ok: 200, ids: problem, body: { days: 7 } },
  "post /api/v1/problems/:id/unmute": { who: "admin", ok: 200, ids: problem, body: {} },
  "get /api/v1/tasks": { who: "viewer", ok: 200 },
  "get /api/v1/tasks/:id": { who: "viewer", ok: 200, ids: task },
  "post /api/v1/tasks/:id/stop": { who: "admin", ok: 409, ids: task, body: {} },
  "post /api/v1/tasks/:id/resume": { who: "admin", ok: 200, ids: task, body: {} },
  "get /api/v1/deliveries": { who: "viewer", ok: 200, query: "?q=1" },
  "get /api/v1/deliveries.csv": { who: "viewer", ok: 200 },
  "get /api/v1/deliveries/choices": { who: "viewer", ok: 200 },
  "get /api/v1/views": { who: "viewer", ok: 200 },
  "post /api/v1/views": { who: "viewer", ok: 400, body: { name: "", filter: {} } },
  "post /api/v1/views/:id/remove": { who: "viewer", ok: 200, ids: view, body: {} },
  "get /api/v1/deliveries/:dataset/:seq": { who: "viewer", ok: 200, ids: delivery },
  "get /api/v1/deliveries/:dataset/:seq/redrive": { who: "viewer", ok: 409, ids: delivery },
  "post /api/v1/deliveries/:dataset/:seq/redrive": { who: "admin", ok: 409, ids: delivery, body: { as: "it_was" } },
  "get /api/v1/connections": { who: "viewer", ok: 200 },
  "get /api/v1/connections/:id/explain": { who: "viewer", ok: 200, ids: connection, query: "?object=lead&record=1" },
  "get /api/v1/connections/:id/reconciliation": { who: "viewer", ok: 200, ids: connection },
  "post /api/v1/connections/:id/pause": { who: "admin", ok: 200, ids: connection, body: {} },
  "post /api/v1/connections/:id/resume": { who: "admin", ok: 200, ids: connection, body: {} },
  "post /api/v1/connections/:id/check-now": { who: "admin", ok: 200, ids: connection, body: {} },
  "get /api/v1/connections/:id/go-live": { who: "viewer", ok: 200, ids: connection },
  "post /api/v1/connections/:id/go-live": { who: "admin", ok: 409, ids: connection, body: { from: "now" } },
  "get /api/v1/setup": {
    who: "viewer",
    ok: 200,
    naming: ({ customer }) => ({ query: `?connection=${customer.connection.id}` }),
  },
  "get /api/v1/setup/check": {
    who: "viewer",
    ok: 200,
    naming: ({ customer }) => ({ query: `?connection=${customer.connection.id}` }),
  },
  "post /api/v1/connections/:id/setup-marks": {
    who: "admin",
    ok: 200,
    ids: connection,
    body: { mark: "preview", as: "skipped" },
  },
  "get /api/v1/connections/:id/samples": { who: "viewer", ok: 200, ids: connection },
  "get /api/v1/connections/:id/preview": { who: "viewer", ok: 200, ids: connection, query: "?object=lead&record=1" },
  "post /api/v1/connections/:id/test-event": {
    who: "admin",
    ok: 404,
    ids: connection,
    body: { object: "lead", record: "1", pipelineId: "sales", stageId: "nowhere", code: "TEST1" },
  },
  "get /api/v1/connections/:id/mapping": { who: "viewer", ok: 200, ids: connection },
  "post /api/v1/connections/:id/mapping/check": { who: "viewer", ok: 200, ids: connection, body: mapping },
  "post /api/v1/connections/:id/mapping": { who: "admin", ok: 409, ids: connection, body: { from: 999, ...mapping } },
  "get /api/v1/connections/:id/mapping/versions": { who: "viewer", ok: 200, ids: connection },
  "get /api/v1/connections/:id/mapping/versions/:version": {
    who: "viewer",
    ok: 200,
    ids: (of) => ({ ...connection(of), version: "1" }),
  },
  "get /api/v1/connections/:id/lead-fields": { who: "viewer", ok: 200, ids: connection },
  "post /api/v1/connections/:id/lead-fields/check": { who: "viewer", ok: 409, ids: connection, body: {} },
  "post /api/v1/connections/:id/lead-fields": { who: "admin", ok: 409, ids: connection, body: { from: "" } },
  "post /api/v1/datasets/:id/pause": { who: "admin", ok: 200, ids: dataset, body: {} },
  "post /api/v1/datasets/:id/resume": { who: "admin", ok: 200, ids: dataset, body: {} },

  "get /api/v1/openapi.json": { who: "anyone", ok: 200 },
  "get /api/reference": { who: "anyone", ok: 200 },

  "post /api/v1/connections/:id/disconnect": { who: "admin", ok: 200, ids: connection, body: {} },
  "post /api/v1/datasets/:id/disconnect": { who: "admin", ok: 200, ids: dataset, body: {} },
  "post /api/v1/people/find": {
    who: "admin",
    ok: 200,
    body: { by: "mail", value: "a@b.example" },
    naming: ({ customer }) => ({
      body: { by: "record", connection: customer.connection.id, object: "lead", record: "sweep" },
    }),
  },
  "post /api/v1/people/export": {
    who: "admin",
    ok: 200,
    body: { by: "mail", value: "a@b.example" },
    naming: ({ customer }) => ({
      body: { by: "record", connection: customer.connection.id, object: "lead", record: "sweep" },
    }),
  },
  "post /api/v1/people/erase": {
    who: "admin",
    ok: 200,
    body: { by: "mail", value: "a@b.example" },
    naming: ({ customer }) => ({
      body: { by: "record", connection: customer.connection.id, object: "lead", record: "sweep" },
    }),
  },
  "get /api/v1/settings": { who: "viewer", ok: 200 },
  "post /api/v1/settings": { who: "admin", ok: 409, body: { version: 999 } },
  "get /api/v1/workspace": { who: "viewer", ok: 200 },
  "post /api/v1/workspace/erase": { who: "owner", ok: 400, body: { name: "another", graceDays: 30 } },
  "post /api/v1/workspace/keep": { who: "owner", ok: 409, body: {} },
  "get /receipts/:id": { who: "anyone", ok: 404, ids: () => ({ id: "rcp_nothere" }) },

  "get /install/hubspot": { who: "anyone", ok: 303 },
  "get /install/salesforce": { who: "anyone", ok: 303 },
  "get /oauth/hubspot/callback": { who: "anyone", ok: 303 },
  "get /oauth/salesforce/callback": { who: "anyone", ok: 303 },
  "get /api/v1/installs": { who: "installer", ok: 200 },
  "get /api/v1/installs/:id": { who: "installer", ok: 404, ids: () => ({ id: "ins_nothere" }) },
  "post /api/v1/installs/:id/confirm": {
    who: "installer",
    ok: 404,
    ids: () => ({ id: "ins_nothere" }),
    naming: ({ customer }) => ({ body: { workspace: customer.tenant.id } }),
  },
  "post /api/v1/installs/:id/refuse": { who: "installer", ok: 404, ids: () => ({ id: "ins_nothere" }), body: {} },

  "get /api/v1/developers": { who: "viewer", ok: 200 },
  "post /api/v1/connections/:id/signing-secret": { who: "admin", ok: 200, ids: connection, body: {} },
  "get /api/v1/providers": { who: "anyone", ok: 200 },
  "get /api/v1/connections/:id/keys": { who: "admin", ok: 200, ids: connection },
  "post /api/v1/connections/:id/keys": { who: "admin", ok: 200, ids: connection, body: { name: "ERP" } },
  "post /api/v1/connections/:id/keys/:key/rotate": { who: "admin", ok: 200, ids: key, body: { oldEndsInHours: 0 } },
  "post /api/v1/connections/:id/keys/:key/end": { who: "admin", ok: 200, ids: key, body: {} },

  "get /api/v1/datasets": { who: "viewer", ok: 200 },
  "post /api/v1/datasets/check": { who: "admin", ok: 400, body: { datasetId: "no", token } },
  "post /api/v1/datasets": { who: "admin", ok: 400, body: { datasetId: "no", token } },
  "get /connect/meta": { who: "admin", ok: 303 },
  "get /oauth/meta/callback": { who: "admin", ok: 303 },
  "get /api/v1/meta/login": { who: "admin", ok: 200 },
  "get /api/v1/meta/businesses": { who: "admin", ok: 409 },
  "get /api/v1/meta/datasets": { who: "admin", ok: 409, query: "?business=1234567890" },
  "post /api/v1/meta/choose": { who: "admin", ok: 409, body: { business: "1234567890", metaId: "1234567890" } },
  "post /webhooks/meta/deauthorize": { who: "vendor", ok: 401 },
  "post /webhooks/meta/data-deletion": { who: "vendor", ok: 401 },
  "get /data-deletion/:code": { who: "anyone", ok: 404, ids: () => ({ code: "nothere" }) },

  "post /ingest/v1/stage-changes{/:connection}": { who: "ingest_key", ok: 401, body: {} },
  "post /ingest/v1/outcomes{/:connection}": { who: "ingest_key", ok: 401, body: {} },
  "get /hubspot/settings": { who: "vendor", ok: 401 },
  "post /webhooks/hubspot": { who: "vendor", ok: 401, body: {} },

  "get /sandbox/sign-in": { who: "anyone", ok: 303, query: "?as=viewer" },
  "get /sandbox{/*rest}": { who: "operator", ok: 502 },
  "post /sandbox{/*rest}": { who: "operator", ok: 502, body: {} },
};

/** What a workspace has, of each kind one. */
export async function belongingsOf({ store, clock }: Front, customer: Customer): Promise<Belongings> {
  const { id: tenantId } = customer.tenant;
  const problem = `prb_${tenantId.slice("ten_".length)}`;
  const now = clock.at;
  const about = {
    tenant_id: tenantId,
    id: problem,
    cause: `blocked:${customer.datasetId}:meta_token`,
    code: "meta_token",
  };
  const times = { opened_at: now, seen_at: now, closed_at: null, deadline_at: null };
  await store.db
    .insertInto("problem")
    .values({ ...about, ...times, about: customer.datasetId, affected: 1, details: "{}" })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  let made = 0;
  return {
    customer,
    problem,
    async member() {
      made += 1;
      const { id } = await knowPerson(store.db, { issuer: "sweep", subject: `${tenantId}/${made}` }, clock.at);
      await addMember(store.db, tenantId, { personId: id, role: "viewer" }, clock.at);
      return id;
    },
    async key() {
      made += 1;
      const { id } = customer.connection;
      const about = { name: "old", key_hash: `${tenantId}${made}`, created_by: "usr_x", created_at: clock.at };
      // Used up already: whoever makes a key in its place finds room.
      await store.db.deleteFrom("ingest_key").where("tenant_id", "=", tenantId).execute();
      const key = newId("key");
      await store.db
        .insertInto("ingest_key")
        .values({ ...about, tenant_id: tenantId, connection_id: id, id: key })
        .execute();
      return key;
    },
    async view() {
      made += 1;
      const { id: who } = await knowPerson(store.db, { issuer: "sweep", subject: tenantId }, clock.at);
      await store.db.deleteFrom("saved_view").where("tenant_id", "=", tenantId).execute();
      const saved = await saveView(store.db, tenantId, { name: `${made}`, filter: {}, createdBy: who }, clock.at);
      if (!saved) throw new Error("the view was not saved");
      return saved.id;
    },
    async task() {
      const about = { kind: "baseline", about: customer.connection.id } as const;
      return (await beginTask(store.db, tenantId, about, now)).task.id;
    },
    async invitation() {
      made += 1;
      const endsAt = new Date(clock.at.getTime() + 60_000);
      const hash = tokenHash(`${tenantId}${made}`);
      const sent = {
        tenantId,
        mail: "a@b.example",
        role: "viewer",
        invitedBy: "usr_x",
        endsAt,
        tokenHash: hash,
      } as const;
      return (await addInvitation(store.db, sent, clock.at)).id;
    },
  };
}

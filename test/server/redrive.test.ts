import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection, RecordRef } from "../../core/types.ts";
import type { AuditView } from "../../server/api/audit.ts";
import type { ProblemsView } from "../../server/api/problems.ts";
import {
  type DeliveryDetail,
  deliveryDetail,
  type ExplanationView,
  type RedrivePreview,
  redrivePreview,
} from "../../server/api/record.ts";
import type { TaskView } from "../../server/api/tasks.ts";
import { watchProblems } from "../../server/workers/problems.ts";
import { silent } from "../postgres.ts";
import { type Live, openLive } from "./live-front.ts";

let live: Live;
let hubspot: Connection;
let people = 0;
beforeAll(async () => {
  live = await openLive();
  hubspot = await live.connect("hubspot", { fields: { consent: "ads_consent" } });
});
afterAll(() => live.close());

interface Made {
  readonly deal: RecordRef;
  readonly contact: string;
  readonly leadId: string;
}
const leadIdOf = (n: number): string => `5200004703892${String(n).padStart(2, "0")}`;

/** A deal of somebody whom Meta knows by the lead id alone. */
async function make(): Promise<Made> {
  people += 1;
  const leadId = leadIdOf(people);
  const person = { metaLeadId: leadId, email: "", phone: "", fbclid: "" };
  const input = { object: "deal", stage: "appointmentscheduled", person };
  const { id, contacts } = await live.act<{ id: string; contacts: string[] }>("hubspot", "create", input);
  return { deal: { object: "deal", id }, contact: contacts[0] ?? "", leadId };
}
/** The same, after Meta has refused its event for its lead id. */
async function refused(): Promise<Made & { readonly path: string }> {
  const made = await make();
  await live.act("meta", "forget", { leadId: made.leadId });
  await live.look(hubspot, made.deal);
  await live.send();
  const query = `object=deal&record=${made.deal.id}`;
  const { body } = await live.get<ExplanationView>(`/api/v1/connections/${hubspot.id}/explain?${query}`);
  const delivery = body.entries[0]?.delivery;
  expect(delivery).toMatchObject({ state: "refused", reason: { code: "refused_lead_id" } });
  return { ...made, path: `/api/v1/deliveries/${delivery?.datasetId}/${delivery?.seq}` };
}
const correct = (id: string, properties: Record<string, string>) => live.act("hubspot", "write", { id, properties });
const numberIn = (path: string): number => Number(path.split("/").at(-1));
async function detail(path: string): Promise<DeliveryDetail> {
  const { status, body } = await live.get(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return deliveryDetail.parse(body);
}

test("an event refused for its lead id is made anew of the corrected field, and Meta accepts it under the same id", async () => {
  const { contact, leadId, path } = await refused();
  const before = await detail(path);
  expect(before).toMatchObject({ state: "refused", reason: { code: "refused_lead_id" }, mappingVersion: 1 });
  expect(before.timeline.map(({ what }) => what)).toEqual(["changed", "kept", "request", "given_up"]);
  expect(before.timeline.at(-1)).toMatchObject({ words: expect.stringMatching(/\w/), code: 100 });

  const same = await live.get<RedrivePreview>(`${path}/redrive`);
  expect(redrivePreview.parse(same.body)).toMatchObject({ itWas: before.payload, differences: [] });

  const right = leadIdOf(90);
  await correct(contact, { meta_lead_id: right, email: "ana@example.com" });
  const { body: preview } = await live.get<RedrivePreview>(`${path}/redrive`);
  expect(preview.differences).toEqual([
    { field: "user_data.lead_id", before: leadId, after: right },
    { field: "user_data.em", after: expect.stringMatching(/^[0-9a-f]{8}…$/) },
  ]);
  expect(preview.rebuilt).toContain(`"lead_id":${right},`);

  const done = await live.post<{ seq: number }>(`${path}/redrive`, { as: "rebuilt" });
  expect(done).toMatchObject({ status: 200, body: { datasetId: live.datasetId } });
  expect(done.body.seq).toBeGreaterThan(numberIn(path));
  expect(live.woken.send).toBeGreaterThan(0);
  expect((await detail(path)).state).toBe("waiting");
  await live.send();
  expect(await live.received()).toContain(preview.rebuilt);
  const after = await detail(path);
  expect(after).toMatchObject({ state: "accepted", seq: done.body.seq, eventId: before.eventId });
  expect(after.timeline.map(({ what }) => what)).toEqual([
    ...["changed", "kept", "request", "given_up"],
    ...["sent_again", "request"],
  ]);
  expect(after.timeline.at(-1)).toMatchObject({ verdict: "accepted", traceId: expect.stringMatching(/\w/) });
  expect(await detail(`/api/v1/deliveries/${live.datasetId}/${after.seq}`)).toEqual(after);

  const { body: audit } = await live.get<AuditView>("/api/v1/audit");
  expect(audit.entries[0]).toMatchObject({
    who: expect.stringMatching(/^usr_/),
    what: "delivery.sent_again",
    about: { datasetId: live.datasetId, seq: numberIn(path), as: "rebuilt" },
  });
  expect(await live.post(`${path}/redrive`, { as: "rebuilt" })).toMatchObject({
    status: 409,
    body: { code: "conflict", detail: expect.stringContaining(`number ${after.seq}`) },
  });
  expect(await live.post(`/api/v1/deliveries/${live.datasetId}/${after.seq}/redrive`, { as: "it_was" })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("it is accepted, not refused") },
  });
});

test("an event goes again as it was even while HubSpot is away; made anew it cannot be then", async () => {
  const { path } = await refused();
  await live.act("hubspot", "fault", { status: 503 });
  const { body } = await live.get<RedrivePreview>(`${path}/redrive`);
  expect(body.rebuilt).toBeUndefined();
  expect(body.unknown).toContain("The CRM has a fault");
  expect(await live.post(`${path}/redrive`, { as: "rebuilt" })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("The CRM has a fault") },
  });
  expect(await live.post(`${path}/redrive`, { as: "it_was" })).toMatchObject({ status: 200 });
  await live.act("hubspot", "fault", {});
  expect((await detail(path)).payload).toBe(body.itWas);
  await live.send();
  // Meta still does not know the lead id: it is refused once more, under its new number.
  const again = await detail(path);
  expect(again.state).toBe("refused");
  expect(again.timeline.filter(({ what }) => what === "given_up")).toHaveLength(2);
});

test("nobody sends again what a rule holds back by now", async () => {
  const { contact, path } = await refused();
  await correct(contact, { ads_consent: "false" });
  const { body } = await live.get<RedrivePreview>(`${path}/redrive`);
  expect(body).toMatchObject({ heldBack: { code: "no_consent", title: "No consent" } });
  for (const as of ["it_was", "rebuilt"])
    expect(await live.post(`${path}/redrive`, { as })).toMatchObject({
      status: 409,
      body: { code: "no_consent", title: "No consent", status: 409 },
    });
  expect((await detail(path)).state).toBe("refused");
});

test("an event past its deadline stays where it is", async () => {
  const { path } = await refused();
  await live.store.pool.query("update outbox set event_time = event_time - interval '7 days' where seq = $1", [
    numberIn(path),
  ]);
  for (const as of ["it_was", "rebuilt"])
    expect(await live.post(`${path}/redrive`, { as })).toMatchObject({ status: 409, body: { code: "too_old" } });
  expect((await detail(path)).state).toBe("refused");
});

test("all of a problem is made anew together: what is mended goes, what is held back or too old is counted", async () => {
  const [mended, alsoMended, silenced] = [await refused(), await refused(), await refused()];
  const watch = watchProblems({ store: live.store, log: silent, crmName: (name) => name, consoleUrl: () => "" });
  await watch(new Date());
  const open = async () => (await live.get<ProblemsView>("/api/v1/problems")).body.problems;
  const [problem, ...others] = (await open()).filter(({ code }) => code === "refused_lead_id");
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ title: "Lead id refused", acts: "you", about: live.datasetId, canRedrive: true });
  // Those of the tests before this one: two whose consent or time is gone, one whose lead id is still wrong.
  for (const [n, { contact }] of [mended, alsoMended].entries())
    await correct(contact, { meta_lead_id: leadIdOf(80 + n) });
  await correct(silenced.contact, { ads_consent: "false" });
  const path = `/api/v1/problems/${problem?.id}/redrive`;
  // While HubSpot is away it waits, and nothing is left out for that.
  await live.act("hubspot", "fault", { status: 503 });
  const { body: task } = await live.post<TaskView>(path, { as: "rebuilt" });
  await live.tasks();
  const asItStands = async () => (await live.get<TaskView>(`/api/v1/tasks/${task.id}`)).body;
  expect(await asItStands()).toMatchObject({ state: "running", done: 0, why: { code: "crm_unavailable" } });
  await live.act("hubspot", "fault", {});
  live.clock.aheadMs += 30_000;
  await live.tasks();
  expect(await asItStands()).toMatchObject({
    state: "done",
    counts: { taken: 3, tooOld: 1, heldBack: 2, unknown: 0 },
  });
  await live.send();
  for (const { path } of [mended, alsoMended]) expect((await detail(path)).state).toBe("accepted");
  expect((await detail(silenced.path)).state).toBe("refused");
  const [audited] = (await live.get<AuditView>("/api/v1/audit")).body.entries;
  expect(audited).toMatchObject({ what: "problem.sent_again", about: { problem: problem?.id, as: "rebuilt" } });
});

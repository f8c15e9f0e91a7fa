import type { TaskView } from "../../server/api/tasks.ts";
import { ago } from "./ago.ts";

/** Long work as the server tells of it. */
export const redrive = (): TaskView => ({
  id: "tsk_redrive",
  kind: "redrive",
  state: "running",
  about: { id: "prb_refused", title: "Lead id refused", name: "Northwind CRM events" },
  done: 1_200,
  total: 4_800,
  startedAt: ago(5),
  movedAt: ago(0),
  perSecond: 240,
  leftMs: 15_000,
  by: { id: "usr_ana", name: "Ana Almeida" },
  counts: { taken: 1_180, tooOld: 20, heldBack: 0, unknown: 0 },
  canStop: true,
  canResume: false,
});

export const redriven = (): TaskView => {
  const { leftMs: _, ...task } = redrive();
  const counts = { taken: 4_700, tooOld: 60, heldBack: 40, unknown: 0 };
  return { ...task, state: "done", done: 4_800, endedAt: ago(0), counts, canStop: false };
};

export const baseline = (): TaskView => ({
  id: "tsk_baseline",
  kind: "baseline",
  state: "running",
  about: { id: "con_hub", name: "Northwind Homes EU", crmName: "HubSpot" },
  done: 31_200,
  total: 84_000,
  startedAt: ago(120),
  movedAt: ago(1),
  perSecond: 262.2,
  leftMs: 201_000,
  counts: {},
  canStop: true,
  canResume: false,
});

export const erasing = (): TaskView => {
  const { total: _, perSecond: __, leftMs: ___, ...task } = baseline();
  return { ...task, id: "tsk_erasing", kind: "erase_person", about: { id: "rcp_1" }, done: 0, canStop: false };
};

export const erasingAll = (): TaskView => ({
  ...erasing(),
  ...{ id: "tsk_all", kind: "erase_workspace", done: 12_400, total: 54_000, perSecond: 900, leftMs: 46_000 },
});

/** Somebody stopped it; it can go on. */
export const stopped = (): TaskView => {
  const { leftMs: _, ...task } = baseline();
  const stopped = { at: ago(7_200), by: { id: "usr_ana", name: "Ana Almeida" } };
  return { ...task, state: "stopped", stopped, canStop: false, canResume: true };
};

/** Its account lets nobody in any more, until somebody connects it again. */
export const shutOut = (): TaskView => {
  const why = {
    code: "crm_disconnected",
    title: "The CRM no longer accepts our access",
    fix: "Connect the CRM again.",
  };
  return { ...waiting(), id: "tsk_shut_out", why, canStop: false };
};

/** The CRM is away, and the reading goes on once it is back. */
export const waiting = (): TaskView => {
  const { leftMs: _, ...task } = baseline();
  return { ...task, why: { code: "crm_limit", title: "The CRM's request limit", fix: "None: we slow down." } };
};

import express, { type Express, type Response } from "express";
import type { z } from "zod";
import * as datasets from "../../server/api/datasets.ts";
import * as deliveries from "../../server/api/deliveries.ts";
import { figuresQuery, figuresView, type Range } from "../../server/api/figures.ts";
import * as goLive from "../../server/api/go-live.ts";
import * as installs from "../../server/api/installs.ts";
import * as leadFields from "../../server/api/lead-fields.ts";
import * as mapping from "../../server/api/mapping.ts";
import * as operations from "../../server/api/operations.ts";
import { previewView } from "../../server/api/preview.ts";
import * as problems from "../../server/api/problems.ts";
import { providersView } from "../../server/api/providers.ts";
import * as record from "../../server/api/record.ts";
import { samples, samplesQuery } from "../../server/api/samples.ts";
import { operatorKey, sessionView } from "../../server/api/session.ts";
import * as setup from "../../server/api/setup.ts";
import { tasksView, taskView } from "../../server/api/tasks.ts";
import { testEventAnswer, testEventAsked } from "../../server/api/test-event.ts";
import * as figures from "./figures.ts";
import { latest } from "./latest.ts";
import { choices } from "./listed.ts";
import * as setups from "./setups.ts";
import * as workspace from "./workspace-answers.ts";
import { workspaceQuestions } from "./workspace-questions.ts";

/** What a question carries. */
export interface Asked {
  readonly params: Readonly<Record<string, string | readonly string[]>>;
  readonly query: unknown;
  readonly body: unknown;
}

/** A refusal as `application/problem+json`. */
export interface Refusal {
  readonly refused: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly fix: string;
}

/** An answer as its schema wants it, a refusal, a bare status with HTML, or never one. */
export type Answer = object | Refusal | number | "silent";

/** Every question of the console beside the overview: what it must carry, and what it is answered with. */
export const questions = {
  "GET /figures": { query: figuresQuery, answer: figuresView },
  "GET /problems": { query: problems.problemsQuery, answer: problems.problemsView },
  "GET /problems/:id": { query: problems.problemQuery, answer: problems.problemDetail },
  "POST /problems/:id/redrive": { body: problems.problemRedriveAsked, answer: taskView },
  "POST /problems/:id/acknowledge": { body: operations.nothing, answer: problems.problemView },
  "POST /problems/:id/mute": { body: problems.problemMuteAsked, answer: problems.problemView },
  "POST /problems/:id/unmute": { body: operations.nothing, answer: problems.problemView },
  "GET /tasks": { answer: tasksView },
  "POST /tasks/:id/stop": { body: operations.nothing, answer: taskView },
  "POST /tasks/:id/resume": { body: operations.nothing, answer: taskView },
  "POST /datasets/:id/pause": { body: operations.nothing, answer: operations.laneView },
  "POST /datasets/:id/resume": { body: operations.nothing, answer: operations.laneView },
  "POST /connections/:id/pause": { body: operations.nothing, answer: operations.laneView },
  "POST /connections/:id/resume": { body: operations.nothing, answer: operations.laneView },
  "POST /connections/:id/check-now": { body: operations.nothing, answer: operations.checkAsked },
  "GET /connections/:id/reconciliation": { answer: operations.reconciliationView },
  "GET /connections/:id/mapping": { answer: mapping.mappingView },
  "POST /connections/:id/mapping/check": { body: mapping.mappingDraft, answer: mapping.mappingChecked },
  "POST /connections/:id/mapping": { body: mapping.mappingAsked, answer: mapping.mappingSaved },
  "GET /connections/:id/mapping/versions": { query: mapping.versionsQuery, answer: mapping.versionsView },
  "GET /connections/:id/mapping/versions/:version": { answer: mapping.versionView },
  "GET /connections/:id/lead-fields": { answer: leadFields.leadFieldsView },
  "POST /connections/:id/lead-fields/check": { body: leadFields.leadFieldsDraft, answer: leadFields.leadFieldsChecked },
  "POST /connections/:id/lead-fields": { body: leadFields.leadFieldsAsked, answer: leadFields.leadFieldsSaved },
  "GET /setup": { query: setup.setupQuery, answer: setup.setupView },
  "GET /setup/check": { query: setup.setupQuery, answer: setup.setupCheck },
  "POST /connections/:id/setup-marks": { body: setup.setupMarking, answer: setup.setupMarked },
  "GET /connections/:id/go-live": { answer: goLive.goLiveView },
  "POST /connections/:id/go-live": { body: goLive.goLiveAsked, answer: goLive.wentLive },
  "GET /connections/:id/samples": { query: samplesQuery, answer: samples },
  "GET /connections/:id/preview": { query: record.explainQuery, answer: previewView },
  "POST /connections/:id/test-event": { body: testEventAsked, answer: testEventAnswer },
  "GET /connections/:id/explain": { query: record.explainQuery, answer: record.explanationView },
  "GET /deliveries": { query: deliveries.deliveriesQuery, answer: deliveries.deliveriesView },
  "GET /deliveries/choices": { answer: deliveries.deliveryChoices },
  "GET /views": { answer: deliveries.savedViews },
  "POST /views": { body: deliveries.viewAsked, answer: deliveries.viewSaved },
  "POST /views/:id/remove": { body: operations.nothing, answer: deliveries.viewRemoved },
  "GET /deliveries/:dataset/:seq": { answer: record.deliveryDetail },
  "GET /deliveries/:dataset/:seq/redrive": { answer: record.redrivePreview },
  "POST /deliveries/:dataset/:seq/redrive": { body: record.redriveAsked, answer: record.redriven },
  "GET /providers": { answer: providersView },
  "POST /sign-in/operator": { body: operatorKey, answer: sessionView },
  "GET /installs": { answer: installs.installList },
  "GET /installs/:id": { answer: installs.installView },
  "POST /installs/:id/confirm": { body: installs.confirmAsked, answer: installs.confirmed },
  "POST /installs/:id/refuse": { body: operations.nothing, answer: installs.refused },
  "GET /meta/login": { answer: datasets.metaLoginView },
  "GET /meta/businesses": { answer: datasets.metaBusinesses },
  "GET /meta/datasets": { query: datasets.metaDatasetsQuery, answer: datasets.metaDatasets },
  "POST /datasets/check": { body: datasets.datasetChecking, answer: datasets.datasetChecked },
  ...workspaceQuestions,
} as const satisfies Record<string, { query?: z.ZodType; body?: z.ZodType; answer: z.ZodType }>;
export type Question = keyof typeof questions;

export interface Api {
  /** From now on this question is answered so. */
  on(question: Question, answer: (asked: Asked) => Answer): void;
  /** From now on every good answer goes through this before it is held against its schema. */
  turn(change: (answer: object, schema: z.ZodType) => object): void;
  /** A good answer as it is after `turn`. */
  turned(answer: object, schema: z.ZodType): object;
  /** What has been asked so far: `POST /problems/prb_1/unmute {}`. */
  readonly log: readonly string[];
  /** What broke a schema: questions of the console, or answers of the test. */
  readonly breaches: readonly string[];
  /** All is calm again, and nothing has been asked. */
  reset(): void;
}

/** Where nothing is wrong and nothing has been compared yet. */
export const calm: readonly (readonly [Question, (asked: Asked) => object])[] = [
  ["GET /deliveries", () => latest()],
  ["GET /deliveries/choices", () => choices()],
  ["GET /views", () => ({ views: [] })],
  ["GET /figures", ({ query }) => figures.busy((query as { range: Range }).range)],
  ["GET /setup", () => setups.done()],
  ["GET /problems", () => ({ problems: [] })],
  ["GET /tasks", () => ({ tasks: [] })],
  ["GET /connections/:id/reconciliation", () => ({ days: [] })],
  ["GET /connections", workspace.connections],
  ["GET /members", workspace.members],
  ["GET /invitations", () => ({ invitations: [] })],
  ["GET /settings", () => workspace.settings()],
  ["GET /workspace", () => workspace.workspace()],
  ["GET /audit", workspace.audit],
  ["GET /developers", workspace.developers],
  ["GET /connections/:id/keys", () => ({ keys: [workspace.key()] })],
];

const asIs = (answer: object, _schema: z.ZodType): object => answer;

const notFound = (): Refusal => ({
  refused: 404,
  code: "not_found",
  title: "Not found",
  detail: "nothing of that kind",
  fix: "Check the id.",
});

/** The API without a product behind it: what the console asks is held against the schemas, and so are the answers. */
export function createApi(app: Express): Api {
  const answers = new Map<Question, (asked: Asked) => Answer>(calm);
  const log: string[] = [];
  const breaches: string[] = [];
  let turned = asIs;
  for (const [question, { answer: schema, ...carries }] of Object.entries(questions)) {
    const { query, body }: { query?: z.ZodType; body?: z.ZodType } = carries;
    const [method, path] = question.split(" ");
    app[method === "POST" ? "post" : "get"](`/api/v1${path}`, express.json(), (request, response) => {
      log.push(`${method} ${request.originalUrl.slice("/api/v1".length)} ${JSON.stringify(request.body ?? {})}`);
      try {
        const asked = { params: request.params, query: query?.parse(request.query), body: body?.parse(request.body) };
        const answer = (answers.get(question as Question) ?? notFound)(asked);
        send(response, typeof answer === "object" && !("refused" in answer) ? turned(answer, schema) : answer, schema);
      } catch (error) {
        breaches.push(`${question}: ${error}`);
        throw error;
      }
    });
  }
  return {
    on: (question, answer) => {
      answers.set(question, answer);
    },
    turn: (change) => {
      turned = change;
    },
    turned: (answer, schema) => turned(answer, schema),
    log,
    breaches,
    reset: () => {
      breaches.length = 0;
      turned = asIs;
      answers.clear();
      for (const [question, answer] of calm) answers.set(question, answer);
      log.length = 0;
    },
  };
}

function send(response: Response, answer: Answer, schema: z.ZodType): void {
  if (answer === "silent") return;
  if (typeof answer === "number") {
    response.status(answer).type("html").send("<h1>Bad gateway</h1>");
    return;
  }
  if ("refused" in answer) {
    const { refused: status, ...told } = answer;
    response
      .status(status)
      .type("application/problem+json")
      .send(JSON.stringify({ status, ...told }));
    return;
  }
  schema.parse(answer);
  response.json(answer);
}

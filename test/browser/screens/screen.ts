import type { Page } from "playwright-core";
import type { Overview } from "../../../server/api/schema.ts";
import type { Role, SessionView } from "../../../server/api/session.ts";
import { type Answer, type Asked, calm, type Question, questions } from "../api.ts";
import type { ConsoleServer } from "../console-server.ts";
import { nobody } from "../installs.ts";
import * as overviews from "../overviews.ts";
import type { Visit } from "../visit.ts";
import { sampleOf } from "./sample.ts";

/** How things stand while a page is looked at. What is not said is as usual: all is well, and an owner looks. */
export interface Standing {
  readonly overview?: (() => Overview) | number | "silent";
  readonly as?: Role | "nobody";
  readonly answers?: Answers;
}
export type Answers = Partial<Readonly<Record<Question, (asked: Asked) => Answer>>>;

/** A state that a page can be in (console.md §9.2 and §10). */
export interface State extends Standing {
  readonly state: string;
  /** Where it differs from the screen's. */
  readonly address?: string;
  /** Words that are to be read in it. */
  readonly says: string | RegExp;
  /** What is done to come there. */
  readonly reach?: (page: Page) => Promise<unknown>;
  /** The server refuses in it, which the browser notes. */
  readonly refused?: true;
}

export interface Screen {
  readonly screen: string;
  readonly address: string;
  /** How things stand where a state says nothing else. */
  readonly overview?: () => Overview;
  readonly answers?: Answers;
  /** What is told beside the page's own matter: where it fails, the page may leave it out. */
  readonly beside?: readonly Question[];
  /** Nobody needs to be signed in. */
  readonly open?: true;
  readonly states: readonly State[];
}

/** The questions that only read. */
export const readings = Object.keys(questions).filter((question) => question.startsWith("GET ")) as Question[];

/** Those that nobody has written a lifelike answer for. */
const unwritten = readings.filter((question) => !calm.some(([written]) => written === question));

/** Brings the server to where it is to stand. */
export function stand(server: ConsoleServer, screen: Screen, standing: Standing = {}): void {
  const { api, owner } = server;
  api.reset();
  for (const question of unwritten) api.on(question, () => sampleOf(questions[question].answer));
  for (const [question, answer] of Object.entries({ ...screen.answers, ...standing.answers }))
    api.on(question as Question, answer);
  server.answer(standing.overview ?? screen.overview ?? overviews.live);
  server.session(sessionOf(standing.as ?? (screen.open ? "nobody" : "owner"), owner));
}

function sessionOf(who: Role | "nobody", owner: SessionView & { signedIn: true }): SessionView {
  if (who === "nobody" || !owner.workspace) return nobody;
  const workspace = { ...owner.workspace, role: who };
  return { ...owner, workspace, workspaces: [workspace] };
}

/** What went wrong beside the page: in the browser's eyes, and between the page and the API. */
export function complaintsOf(visit: Visit, { api }: ConsoleServer, refused = false): readonly string[] {
  const expected = (one: string) => refused && one.includes("Failed to load resource");
  return [...api.breaches, ...visit.complaints.filter((one) => !expected(one))];
}

/** Goes to an address anew, also where only what follows its `#` would be new. */
export async function arrive(page: Page, address: string): Promise<void> {
  if (address.includes("#")) await page.goto("about:blank");
  await page.goto(address);
}

/** Once all that it asked at first is answered and drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
}

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import express, { type Response } from "express";
import helmet from "helmet";
import { type Overview, overview } from "../../server/api/schema.ts";
import { type SessionView, sessionView } from "../../server/api/session.ts";
import { consolePaths } from "../../server/routes/console.ts";
import { type Api, createApi } from "./api.ts";

/** `CONSOLE_BUILT` names another folder, for whoever builds beside the tests. */
export const built = resolve(process.env.CONSOLE_BUILT ?? resolve(import.meta.dirname, "../../dist/console"));

export interface ConsoleServer {
  url: string;
  /** From now on the overview is this; a number is an HTTP status with an HTML body (401: our own refusal), `silent` never answers. */
  answer(next: (() => Overview) | number | "silent"): void;
  /** From now on this is who is signed in; at first an owner is. */
  session(next: SessionView): void;
  readonly owner: SessionView & { signedIn: true };
  /** The language that the page says it is in: two are nobody's (texts/pseudo.ts). */
  speak(language: keyof typeof languages): void;
  /** Everything else that the console asks. */
  api: Api;
  close(): Promise<void>;
}

const workspace = { id: "ten_1", name: "Acme", role: "owner" } as const;
export const support = { documentation: "https://docs.example/set-up", mail: "help@docs.example" };
const owner: SessionView & { signedIn: true } = {
  signedIn: true,
  sandbox: false,
  support,
  person: { id: "usr_1", name: "Olivia Owner", mail: "olivia@acme.example" },
  workspace,
  workspaces: [workspace],
  endsAt: "2099-01-01T00:00:00.000Z",
};

const english = '<html lang="en">';
const languages = { en: english, "en-XA": '<html lang="en-XA">', "ar-XB": '<html lang="ar-XB" dir="rtl">' } as const;

const ended = JSON.stringify({
  code: "not_signed_in",
  title: "Not signed in",
  detail: "it has ended",
  fix: "Sign in.",
});

/** The built console behind the content policy that it must live with, and an overview that the test decides. */
export async function startConsoleServer(): Promise<ConsoleServer> {
  if (!existsSync(resolve(built, "index.html")))
    throw new Error("Build the console first: npm test does, or vite build server/console.");
  const page = readFileSync(resolve(built, "index.html"), "utf8");
  let answer: (() => Overview) | number | "silent" = "silent";
  let language = english;
  const app = express();
  app.use((_request, response, next) => {
    response.locals.nonce = randomBytes(18).toString("base64");
    next();
  });
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          scriptSrcAttr: ["'none'"],
          styleSrc: ["'self'", (_request, response) => `'nonce-${(response as Response).locals.nonce}'`],
          styleSrcAttr: ["'none'"],
          imgSrc: ["'self'"],
          connectSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
    }),
  );
  app.get(consolePaths, (_request, response) => {
    const told = page.replaceAll("{{nonce}}", response.locals.nonce).replace('<html lang="en">', language);
    response.set("cache-control", "no-store").type("html").send(told);
  });
  app.get("/api/v1/overview", (_request, response) => {
    if (answer === "silent") return;
    if (answer === 401) response.status(401).type("application/problem+json").send(ended);
    else if (typeof answer === "number") response.status(answer).type("html").send("<h1>Bad gateway</h1>");
    else response.json(overview.parse(api.turned(answer(), overview)));
  });
  let session: SessionView = owner;
  app.get(
    "/api/v1/session",
    (_request, response) => void response.json(sessionView.parse(api.turned(session, sessionView))),
  );
  const api = createApi(app);
  // As the product sends them: asked for anew with every page, they are what most of a visit's time goes into.
  app.use("/assets", express.static(resolve(built, "assets"), { index: false, immutable: true, maxAge: "1y" }));
  app.use(express.static(built, { index: false }));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    api,
    owner,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (next) => {
      answer = next;
    },
    session: (next) => {
      session = next;
    },
    speak: (next) => {
      language = languages[next];
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

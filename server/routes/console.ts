import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import express, { type Express } from "express";
import { pagePolicy } from "../sign-in/headers.ts";

const built = join(import.meta.dirname, "../../dist/console");

/** Addresses that the console shows a page of its own for; it looks at the address itself. */
export const consolePaths: readonly (string | RegExp)[] = [
  "/",
  "/index.html",
  "/sign-in",
  "/claim",
  "/connect-meta",
  "/members",
  "/invitation",
  "/install/failed",
  /^\/install\/ins_[a-z0-9]{1,40}$/,
];

/**
 * The console's page, at each of its addresses. It is sent with a nonce of its own each time, for the styles that its
 * components make; scripts come from our own files only.
 */
export function consolePages(app: Express): void {
  const page = readFileSync(join(built, "index.html"), "utf8");
  app.get([...consolePaths], (_request, response) => {
    const nonce = randomBytes(16).toString("base64");
    response.setHeader("content-security-policy", pagePolicy(nonce));
    response.setHeader("cache-control", "no-store");
    response.type("html").send(page.replaceAll("{{nonce}}", nonce));
  });
}

export function consoleFiles(app: Express): void {
  // Only the built assets carry a hash in their names.
  app.use("/assets", express.static(join(built, "assets"), { index: false, immutable: true, maxAge: "1y" }));
  app.use(express.static(built, { index: false, maxAge: "5m" }));
}

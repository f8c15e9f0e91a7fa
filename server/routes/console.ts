import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import express, { type Express } from "express";

const built = join(import.meta.dirname, "../../dist/console");

/**
 * The console's files. Its page is sent with a nonce of its own each time, for the styles its components make; scripts come
 * from our own files only.
 */
export function serveConsole(app: Express): void {
  const page = readFileSync(join(built, "index.html"), "utf8");
  app.get(["/", "/index.html"], (_request, response) => {
    const nonce = randomBytes(16).toString("base64");
    response.setHeader(
      "content-security-policy",
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; ` +
        `connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    );
    response.setHeader("cache-control", "no-store");
    response.type("html").send(page.replaceAll("{{nonce}}", nonce));
  });
  // Only the built assets carry a hash in their names.
  app.use("/assets", express.static(join(built, "assets"), { index: false, immutable: true, maxAge: "1y" }));
  app.use(express.static(built, { index: false, maxAge: "5m" }));
}

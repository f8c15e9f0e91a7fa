import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import express, { type Express } from "express";
import { addresses } from "../api/addresses.ts";
import { pagePolicy } from "../sign-in/headers.ts";
import { packedAssets } from "./console-assets.ts";

const built = join(import.meta.dirname, "../../dist/console");

/** The addresses of its pages, as Express writes them. */
export const consolePaths = Object.values(addresses).map((address) => address.replace("$", ":"));

/**
 * The console's page, at each of its addresses. It is sent with a nonce of its own each time, for the styles that its
 * components make; scripts come from our own files only.
 */
export function consolePages(app: Express): void {
  const page = readFileSync(join(built, "index.html"), "utf8");
  app.get(consolePaths, (_request, response) => {
    const nonce = randomBytes(16).toString("base64");
    response.setHeader("content-security-policy", pagePolicy(nonce));
    response.setHeader("cache-control", "no-store");
    response.type("html").send(page.replaceAll("{{nonce}}", nonce));
  });
}

export function consoleFiles(app: Express): void {
  app.use("/assets", packedAssets(join(built, "assets")));
  // Only the built assets carry a hash in their names.
  app.use("/assets", express.static(join(built, "assets"), { index: false, immutable: true, maxAge: "1y" }));
  // By their names: index.html is the page without its nonce.
  const others = readdirSync(built, { withFileTypes: true }).filter((one) => one.isFile() && one.name !== "index.html");
  const paths = others.map(({ name }) => `/${name}`);
  app.get(paths, express.static(built, { index: false, maxAge: "5m" }));
}

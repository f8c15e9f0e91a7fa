import { readdirSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { sendText } from "./http.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};
const FOLDER = new URL("./page/", import.meta.url);
const FILES: ReadonlySet<string> = new Set(readdirSync(FOLDER));
const HEADERS = {
  "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

/** The page that drives the sandbox, from the folder `page`. False when the path is none of its files. */
export function sendPage(pathname: string, response: ServerResponse): boolean {
  const file = pathname === "/" ? "page.html" : pathname.slice(1);
  const type = TYPES[file.slice(file.lastIndexOf(".") + 1)];
  if (!FILES.has(file) || !type) return false;
  sendText(response, 200, readFileSync(new URL(file, FOLDER), "utf8"), { "content-type": type, ...HEADERS });
  return true;
}

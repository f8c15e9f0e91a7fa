import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built } from "./console-server.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import type { Visit } from "./visit.ts";

const { server, open } = openConsole();
let visit: Visit;
beforeAll(async () => {
  visit = await open();
});
afterAll(() => visit?.close());

const weight = (files: readonly string[]) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(resolve(built, file))).length, 0);
const files = (ending: string) =>
  readdirSync(built, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(ending));

describe("the built console", () => {
  test.each([
    ["/", "the status sentence and the overview"],
    ["/sign-in", "the way in"],
    ["/mapping", "the mapping"],
    ["/deliveries", "the deliveries"],
  ])("loads at most 250 KB of compressed script and 40 KB of styles for %s (%s)", async (address) => {
    const { page } = visit;
    const loaded: string[] = [];
    const note = (request: { url(): string }) => loaded.push(new URL(request.url()).pathname.slice(1));
    page.on("request", note);
    server().answer(overviews.live);
    await page.goto(`${server().url}${address}`);
    await page.locator("h1").waitFor();
    await page.waitForLoadState("networkidle"); // the charts too
    page.off("request", note);
    const scripts = loaded.filter((file) => file.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(1);
    const kilobytes = Math.round(weight(scripts) / 1000);
    console.log(`${address}: ${kilobytes} KB of compressed script in ${scripts.length} files`);
    expect(kilobytes).toBeGreaterThan(50);
    expect(kilobytes).toBeLessThanOrEqual(250);
    expect(weight(loaded.filter((file) => file.endsWith(".css")))).toBeLessThan(40_000);
  });

  test("keeps each page in a file of its own, none of them large", () => {
    const sizes = files(".js").map((file) => [file, weight([file])] as const);
    expect(sizes.length).toBeGreaterThan(15);
    const [largest] = [...sizes].sort(([, one], [, other]) => other - one);
    expect(largest?.[0]).toMatch(/index-/);
    expect(sizes.filter(([file, size]) => size > 60_000 && file !== largest?.[0])).toEqual([]);
  });

  test("leaves a place for the nonce and has neither inline scripts nor inline styles", () => {
    const page = readFileSync(resolve(built, "index.html"), "utf8");
    expect(page).toContain('<meta name="csp-nonce" content="{{nonce}}" />');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const built = resolve(import.meta.dirname, "../../dist/console");

describe("the built console", () => {
  test("weighs at most 250 KB of compressed script and 40 KB of compressed styles", () => {
    const weight = (ending: string) =>
      readdirSync(built, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(ending))
        .reduce((sum, file) => sum + gzipSync(readFileSync(resolve(built, file))).length, 0);
    expect(weight(".js")).toBeGreaterThan(50_000);
    expect(weight(".js")).toBeLessThan(250_000);
    expect(weight(".css")).toBeGreaterThan(2000);
    expect(weight(".css")).toBeLessThan(40_000);
  });

  test("leaves a place for the nonce and has neither inline scripts nor inline styles", () => {
    const page = readFileSync(resolve(built, "index.html"), "utf8");
    expect(page).toContain('<meta name="csp-nonce" content="{{nonce}}" />');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/);
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { livingSandbox, readSandboxFile, turnToStart, writeSandboxFile } from "../../server/sandbox/sandbox-file.ts";
import type { Simulator } from "../../server/sandbox/simulator.ts";
import { type Sandbox, type SandboxAddresses, startSandbox } from "../../server/sandbox/start.ts";
import { act, event, type Granted, received, send, startMeta, temporaryFolder } from "./meta-world.ts";

const MAIN = fileURLToPath(new URL("../../server/sandbox/main.ts", import.meta.url));
const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body, headers });

describe("The back door", () => {
  test("says who it is", async () => {
    const sandbox = await startMeta();
    const health = await (await fetch(`${sandbox.control}/healthz`)).json();
    expect(health).toMatchObject({ pid: process.pid, meta: sandbox.meta, control: sandbox.control });
  });

  test("answers unknown vendors and actions with 404, and names what there is", async () => {
    const sandbox = await startMeta();
    for (const path of ["/nobody/grant", "/meta/toString", "/meta/grant/more", "/nowhere"]) {
      const answer = await post(`${sandbox.control}${path}`, "{}");
      expect(answer.status, path).toBe(404);
      expect(await answer.json()).toEqual({ error: expect.any(String) });
    }
    expect(await (await post(`${sandbox.control}/meta/dance`, "{}")).text()).toContain("grant, revoke");
  });

  test("answers a bad body, a bad input and a failed action with 400 and the reason", async () => {
    const sandbox = await startMeta();
    const reasons: unknown[] = [];
    for (const [action, body] of [
      ["grant", "{"],
      ["grant", "[]"],
      ["grant", '{"datasetId":"12"}'],
      ["forbid", '{"datasetId":"999999999999999"}'],
      ["events", '{"after":-1}'],
    ] as const) {
      const answer = await post(`${sandbox.control}/meta/${action}`, body);
      expect(answer.status).toBe(400);
      reasons.push(((await answer.json()) as { error: unknown }).error);
    }
    expect(reasons).toEqual([
      "the body is not valid JSON",
      "the body must be a JSON object",
      "datasetId must be 15 or 16 digits",
      "there is no dataset 999999999999999",
      "after must be a whole number from 0",
    ]);
  });

  test("lets GET look, and nothing else", async () => {
    const sandbox = await startMeta();
    expect((await fetch(`${sandbox.control}/meta/events?after=0&limit=5`)).status).toBe(200);
    expect((await fetch(`${sandbox.control}/meta/revoke`)).status).toBe(405);
  });

  test("is shut to pages of other sites, and says nothing that would let them in", async () => {
    const sandbox = await startMeta();
    const foreign = { "sec-fetch-site": "cross-site", origin: "https://example.com" };
    const answer = await post(`${sandbox.control}/meta/revoke`, "{}", foreign);
    expect(answer.status).toBe(403);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect((await post(`${sandbox.control}/meta/revoke`, "{}", { "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  test("serves its page with a policy that allows its own files only, and no inline script", async () => {
    const sandbox = await startMeta();
    const page = await fetch(`${sandbox.control}/`);
    const html = await page.text();
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|style=|(src|href)="(?!\.\/)/);
    const links = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((match) => match[1]);
    expect(links).toContain("page.js");
    for (const link of links) expect((await fetch(`${sandbox.control}/${link}`)).status, link).toBe(200);
  });

  test("tells the state of every vendor, and never a whole token", async () => {
    const sandbox = await startMeta();
    const { token } = await act<Granted>(sandbox, "grant");
    await act(sandbox, "fault", { slowMs: 1 });
    const text = await (await fetch(`${sandbox.control}/state`)).text();
    expect(JSON.parse(text)).toMatchObject({ meta: { address: sandbox.meta, state: { faults: { slowMs: 1 } } } });
    expect(text).not.toContain(token);
  });
});

describe("The frame", () => {
  test("gives every vendor a step of life about once a second, also after one that failed", async () => {
    const seen: Date[] = [];
    const twice = Promise.withResolvers<void>();
    const lively = (): Simulator => ({
      name: "hubspot",
      handle: async (_, response) => void response.end("{}"),
      actions: {},
      async live(now) {
        seen.push(now);
        if (seen.length === 1) throw new Error("a step of life may fail; said by the test");
        twice.resolve();
      },
      close() {},
    });
    const sandbox = await startSandbox({ dir: temporaryFolder(), simulators: { hubspot: lively } });
    onTestFinished(() => sandbox.close());
    await twice.promise;
    const [first, second] = seen;
    expect(Number(second) - Number(first)).toBeGreaterThan(900);
  });

  test("answers 500 and lives on when a simulator fails", async () => {
    const broken = (): Simulator => ({
      name: "hubspot",
      handle: () => Promise.reject(new Error("broken by the test")),
      actions: {},
      close() {},
    });
    const sandbox = await startSandbox({ dir: temporaryFolder(), simulators: { hubspot: broken } });
    onTestFinished(() => sandbox.close());
    expect((await fetch(sandbox.hubspot)).status).toBe(500);
    expect((await fetch(`${sandbox.control}/healthz`)).status).toBe(200);
  });

  test("takes another port when a wished one is taken, but insists on a fixed one", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    onTestFinished(() => void holder.close());
    const address = holder.address();
    const taken = typeof address === "object" ? (address?.port ?? 0) : 0;
    const options = { ports: { control: taken }, simulators: {} };
    const sandbox = await startSandbox({ dir: temporaryFolder(), ...options });
    onTestFinished(() => sandbox.close());
    expect(sandbox.control).not.toContain(`:${taken}`);
    await expect(startSandbox({ dir: temporaryFolder(), ...options, fixed: ["control"] })).rejects.toThrow(
      "EADDRINUSE",
    );
  });
});

describe("sandbox.json", () => {
  test("names a living sandbox only while the same process answers on its control port", async () => {
    const sandbox = await startMeta();
    const path = join(temporaryFolder(), "sandbox.json");
    const { control, hubspot, salesforce, meta } = sandbox;
    expect(await livingSandbox(path)).toBeUndefined();
    writeSandboxFile(path, { pid: process.pid, control, hubspot, salesforce, meta });
    expect(await livingSandbox(path)).toMatchObject({ control });
    writeSandboxFile(path, { pid: process.pid + 1, control, hubspot, salesforce, meta });
    expect(await livingSandbox(path)).toBeUndefined();
    await sandbox.close();
    writeSandboxFile(path, { pid: process.pid, control, hubspot, salesforce, meta });
    expect(await livingSandbox(path)).toBeUndefined();
    writeFileSync(path, "{");
    expect(readSandboxFile(path)).toBeUndefined();
  });

  test("lets one of several starters go first; the other waits and is told where it is", async () => {
    const sandbox = await startMeta();
    const path = join(temporaryFolder(), "sandbox.json");
    writeFileSync(`${path}.lock`, String(process.ppid)); // another process that lives is starting one
    const waiting = turnToStart(path);
    const { control, hubspot, salesforce, meta } = sandbox;
    writeSandboxFile(path, { pid: process.pid, control, hubspot, salesforce, meta });
    expect(await waiting).toMatchObject({ living: { control } });
  });

  test("takes over the turn of a process that died while starting", async () => {
    const path = join(temporaryFolder(), "sandbox.json");
    const gone = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(gone, "exit");
    writeFileSync(`${path}.lock`, String(gone.pid));
    const turn = await turnToStart(path);
    expect(turn).toHaveProperty("started");
  });
});

describe("node server/sandbox/main.ts", () => {
  /** Its addresses, once all of them are printed. */
  async function addresses(child: ChildProcess): Promise<SandboxAddresses> {
    let text = "";
    for await (const chunk of child.stdout ?? []) {
      text += String(chunk);
      if (/^salesforceSecond .*\n/m.test(text)) break;
    }
    const found = Object.fromEntries(
      [...text.matchAll(/^(\w+) +((?:http|smtp):\S+)$/gm)].map(([, name, url]) => [name, url]),
    );
    return {
      control: "",
      meta: "",
      hubspot: "",
      salesforce: "",
      salesforceSecond: "",
      salesforceTest: "",
      mail: "",
      ...found,
    };
  }
  function start(dir: string): ChildProcess {
    const env = { ...process.env, DATA_DIR: dir, SANDBOX_PORT: "" };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    });
    return child;
  }

  test("starts all of them, is started once only, survives its starter and a kill, and comes back where it was", async () => {
    const dir = temporaryFolder();
    const first = start(dir);
    const where = await addresses(first);
    expect(where).toMatchObject({
      hubspot: expect.stringContaining("http"),
      salesforce: expect.stringContaining("http"),
      mail: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(readSandboxFile(join(dir, "sandbox", "sandbox.json"))).toEqual({ pid: first.pid, ...where });
    const sandbox: Sandbox = { ...where, simulators: [], close: async () => {} };

    first.stdout?.destroy(); // the starter is gone: printing must not end it
    const granted = await act<Granted>(sandbox, "grant");
    const good = event({ event_time: Math.floor(Date.now() / 1000) - 60 });
    expect((await send(sandbox, granted, { data: [good] })).status).toBe(200);

    const second = start(dir);
    let said = "";
    second.stdout?.on("data", (chunk) => {
      said += String(chunk);
    });
    const [code] = await once(second, "close");
    expect([code, said.trim()]).toEqual([0, `The sandbox is running already: ${where.control}`]);

    const killed = once(first, "exit");
    first.kill("SIGKILL");
    await killed;
    const third = start(dir);
    expect(await addresses(third)).toEqual(where);
    expect((await received(sandbox)).events.map((each) => each.event)).toEqual([JSON.stringify(good)]);
    expect((await send(sandbox, granted, { data: [good] })).status).toBe(200);

    const stopped = once(third, "exit");
    third.kill("SIGTERM");
    expect(await stopped).toEqual([0, null]);
    expect(readFileSync(join(dir, "sandbox", "sandbox.json"), "utf8")).toContain(where.control);
  });
});

import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type ConsoleServer, startConsoleServer } from "./console-server.ts";
import { faultsSeen } from "./seen.ts";
import { type Visit, visit } from "./visit.ts";

/** A browser and a served console for the tests of a file; each test begins with a calm API and a page of its own. */
export function openConsole() {
  let browser: Browser | undefined;
  let started: ConsoleServer | undefined;
  let open: Visit | undefined;
  const server = (): ConsoleServer => {
    if (!started) throw new Error("the console's server has not started");
    return started;
  };
  beforeAll(async () => {
    [browser, started] = await Promise.all([launchChromium(), startConsoleServer()]);
  });
  afterEach(async () => {
    await open?.close();
    open = undefined;
    started?.api.reset();
  });
  afterAll(async () => {
    await browser?.close();
    await started?.close();
  });
  return {
    server,
    api: () => server().api,
    /** Opens the console at an address of its own, with this overview. */
    async show(
      answer: Parameters<ConsoleServer["answer"]>[0],
      options: BrowserContextOptions = {},
      address = "/",
    ): Promise<Visit> {
      if (!browser) throw new Error("the browser has not started");
      server().answer(answer);
      open = await visit(browser, `${server().url}${address}`, options);
      return open;
    },
    /** For everybody's eyes, and with no complaint of the browser or the API but the `expected` ones. */
    looksRight: async ({ page, complaints }: Visit, expected?: RegExp): Promise<void> => {
      expect(await faultsSeen(page)).toEqual([]);
      expect(complaints.filter((one) => !expected?.test(one))).toEqual([]);
      expect(server().api.breaches).toEqual([]);
    },
    /** A page that the test leads from address to address, and closes. Nothing moves there: it would be waited for each time. */
    open: async (options: BrowserContextOptions = {}): Promise<Visit> => {
      if (!browser) throw new Error("the browser has not started");
      const opened = await visit(browser, `${server().url}/favicon.svg`, { reducedMotion: "reduce", ...options });
      opened.page.setDefaultTimeout(10_000);
      return opened;
    },
  };
}

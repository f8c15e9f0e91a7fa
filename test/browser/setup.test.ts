import { describe, expect, test } from "vitest";
import { ago } from "./ago.ts";
import { checked, providers } from "./installs.ts";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";
import * as setups from "./setups.ts";
import type { Visit } from "./visit.ts";

const { show, server, api, looksRight } = openConsole();

const step = ({ page }: Visit, name: string) => page.locator(`li[data-step=${name}]`);
async function open(address = "/setup", role: "owner" | "viewer" = "owner"): Promise<Visit> {
  const { owner } = server();
  if (owner.signedIn && owner.workspace) server().session({ ...owner, workspace: { ...owner.workspace, role } });
  api().on("GET /providers", () => providers);
  api().on("GET /setup/check", () => setups.check("ok"));
  api().on("GET /meta/login", () => ({ offered: true, waiting: false }));
  api().on("GET /connections/:id/go-live", () => setups.goLive());
  return await show(overviews.live, {}, address);
}

describe("the steps", () => {
  test("begin with the ways to connect a CRM, say how far it is, and keep what is blocked in sight", async () => {
    api().on("GET /setup", setups.nothing);
    const visit = await open();
    await visit.page.getByRole("button", { name: "Continue with HubSpot" }).waitFor();
    await step(visit, "crm").and(visit.page.locator("[data-open]")).waitFor();
    expect(await visit.page.getByRole("progressbar", { name: "Set up" }).getAttribute("aria-valuetext")).toBe(
      "0 of 5 steps done",
    );
    await visit.page.getByText("Step 1 of 5: Connect your CRM").waitFor();
    await visit.page.getByRole("button", { name: "Open the step Go live" }).click();
    expect(await visit.page.evaluate("document.activeElement.textContent")).toContain("Go live");
    await visit.page.goBack();
    await step(visit, "crm").and(visit.page.locator("[data-open]")).waitFor();
    await looksRight(visit);
  });

  test("that turned red say why and how it is mended, in words and not by colour alone", async () => {
    api().on("GET /setup", () => setups.setup({ crm: "attention", live: "blocked" }));
    const visit = await open();
    await visit.page.getByText("Mend crm.").waitFor();
    await visit.page.getByRole("link", { name: "Reconnect HubSpot" }).waitFor();
    expect(await step(visit, "crm").getByRole("heading").innerText()).toContain("needs you");
    await looksRight(visit);
  });

  test.each(["ok", "failed", "unseen"] as const)("show the vendor's own word when it is %s", async (state) => {
    api().on("GET /setup", setups.toPreview);
    const visit = await open("/setup?step=crm");
    api().on("GET /setup/check", () => setups.check(state));
    await visit.page.getByText("The vendor's word on crm.").waitFor();
    await visit.page.getByRole("button", { name: "Check again" }).click();
    await visit.page.locator(`li[data-state=${state}]`).filter({ hasText: "crm" }).waitFor();
    if (state !== "ok") await visit.page.getByText("What to do about crm.").waitFor();
    await looksRight(visit);
  });

  test("do not jump while somebody looks at one of them, whoever takes a step meanwhile", async () => {
    api().on("GET /setup", setups.toPreview);
    api().on("GET /connections/:id/samples", () => setups.samples([]));
    const visit = await open();
    await step(visit, "preview").and(visit.page.locator("[data-open]")).waitFor();
    api().on("GET /setup", setups.ready);
    await visit.page.getByRole("button", { name: "Go on: Go live" }).waitFor();
    await step(visit, "preview").and(visit.page.locator("[data-open]")).waitFor();
    await visit.page.getByRole("button", { name: "Go on: Go live" }).click();
    await step(visit, "live").and(visit.page.locator("[data-open]")).waitFor();
    await looksRight(visit);
  });

  test("are there for a viewer too, with who can take them", async () => {
    api().on("GET /setup", setups.ready);
    const visit = await open("/setup", "viewer");
    await visit.page.getByText("you need the role Admin").waitFor();
    await visit.page.getByText("An admin can start sending.").waitFor();
    expect(await visit.page.getByRole("button", { name: "Start sending" }).count()).toBe(0);
    await looksRight(visit);
  });

  test("that cannot be loaded say so, with a way to try again", async () => {
    api().on("GET /setup", () => 502);
    const visit = await open();
    await visit.page.getByText("We could not load the steps").waitFor();
    api().on("GET /setup", setups.ready);
    await visit.page.getByRole("button", { name: "Try again" }).click();
    await visit.page.getByText("Step 5 of 5: Go live").waitFor();
    await looksRight(visit, /502/);
  });
});

test("coming back from Meta lies open at Meta, whether it went well or came to nothing", async () => {
  api().on("GET /setup", () => setups.setup({ meta: "todo", mapping: "todo", preview: "todo", live: "blocked" }));
  const visit = await open("/setup?failed=oauth_denied");
  await visit.page.getByText("You chose not to connect. Nothing was stored.").waitFor();
  expect(await visit.page.getByRole("link", { name: "Continue with Facebook" }).getAttribute("href")).toBe(
    "/connect/meta?from=setup",
  );
  await visit.page.getByText("Paste a dataset id and an access token instead").click();
  api().on("POST /datasets/check", () => checked("send"));
  await visit.page.getByLabel("Dataset id").fill("123456789012345");
  await visit.page.getByLabel("Access token", { exact: true }).fill("EAAtoken");
  await visit.page.getByRole("button", { name: "Check", exact: true }).click();
  await visit.page.getByText("Mend the send.").waitFor();
  await looksRight(visit);
});

describe("going live", () => {
  test("tells before the choice how many events each sends, and sends what was chosen", async () => {
    api().on("GET /setup", setups.ready);
    const visit = await open();
    await visit.page.getByText("0 events at once").waitFor();
    await visit.page.getByText("up to 128 events at once").waitFor();
    await visit.page.getByRole("radio", { name: /^Also the last 7 days/ }).check();
    await visit.page.getByText("Leads that Meta could not recognise are left out").waitFor();
    await looksRight(visit);
    await visit.page.setViewportSize({ width: 1280, height: 900 });
    api().on("POST /connections/:id/go-live", () => ({ live: true, dataset: "dst_1" }));
    api().on("GET /setup", () => setups.live());
    await visit.page.getByRole("button", { name: "Start sending" }).click();
    await visit.page.getByText("Waiting for the first stage change").waitFor();
    await visit.page.getByText(/^HubSpot was checked 1\d seconds ago\.$/).waitFor();
    expect(api().log.filter((line) => line.startsWith("POST"))).toEqual([
      'POST /connections/con_1/go-live {"from":"last-7-days","dataset":"dst_1"}',
    ]);
    await looksRight(visit);
    api().on("GET /setup", () => setups.live(ago(1)));
    await visit.page.getByText("Meta accepted the first event.").waitFor();
    await looksRight(visit);
  });

  test("says that the count grows while the account is still being read", async () => {
    api().on("GET /setup", setups.ready);
    const visit = await open();
    api().on("GET /connections/:id/go-live", () => setups.goLive({ lastSevenDays: 3, partial: true }));
    await visit.page.reload();
    await visit.page.getByText("at least 3 events at once: the account is still being read").waitFor();
    await looksRight(visit);
  });

  test("is not offered while a step before it is red, and leads back to that step", async () => {
    api().on("GET /setup", () => setups.setup({ meta: "attention", live: "blocked" }));
    const visit = await open("/setup?step=live");
    await visit.page.getByText("Something before this step comes first:").waitFor();
    expect(await visit.page.getByRole("button", { name: "Start sending" }).count()).toBe(0);
    await visit.page.getByRole("button", { name: "Connect Meta", exact: true }).click();
    await step(visit, "meta").and(visit.page.locator("[data-open]")).waitFor();
    await looksRight(visit);
  });

  test("that is refused says why, and nothing looks live", async () => {
    api().on("GET /setup", setups.ready);
    const visit = await open();
    const told = { title: "It changed meanwhile", detail: "it is live already", fix: "Look again." };
    api().on("POST /connections/:id/go-live", () => ({ refused: 409, code: "conflict", ...told }));
    await visit.page.getByRole("button", { name: "Start sending" }).click();
    await visit.page.getByText("Sending was not started").waitFor();
    await looksRight(visit, /409/);
  });

  test("leaves a dated list of what comes next at Meta, ticked off by hand", async () => {
    api().on("GET /setup", () => setups.live(ago(1)));
    const visit = await open();
    await visit.page.getByText("Events come in for about a week").waitFor();
    api().on("POST /connections/:id/setup-marks", ({ body }) => body as object);
    const marks = [{ mark: "meta_funnel" as const, how: "done" as const, at: ago(1) }];
    api().on("GET /setup", () => ({ ...setups.live(ago(1)), marks }));
    await visit.page.getByRole("checkbox", { name: "Done: Configure the sales funnel" }).click();
    await visit.page.getByRole("checkbox", { name: "Done: Configure the sales funnel", checked: true }).waitFor();
    expect(api().log).toContain('POST /connections/con_1/setup-marks {"mark":"meta_funnel","as":"done"}');
    await looksRight(visit);
  });
});

test("before going live the overview says how far setting up is; after it, it does not", async () => {
  api().on("GET /setup", setups.toPreview);
  const visit = await open("/");
  await visit.page.getByRole("region", { name: "Setting up" }).getByText("3 of 5 steps done").waitFor();
  await visit.page.getByRole("link", { name: "Go on: Preview and test" }).waitFor();
  api().on("GET /setup", setups.done);
  await visit.page.getByRole("region", { name: "Setting up" }).waitFor({ state: "detached" });
  expect(visit.complaints).toEqual([]);
});

test("labels that try to be markup are text in every step", async () => {
  const evil = '<img src=x onerror="window.hacked=1">';
  const named = (view: ReturnType<typeof setups.ready>) => ({
    ...view,
    connections: [{ id: "con_1", connector: "hubspot", crmName: "HubSpot", name: evil, live: false, sandbox: true }],
    dataset: { id: "dst_1", name: evil, metaId: "1234567890" },
    steps: view.steps.map((one) => ({ ...one, words: evil })),
  });
  api().on("GET /setup", () => named(setups.ready()));
  const visit = await open("/setup?step=crm");
  for (const name of ["crm", "meta", "live"]) {
    await visit.page.goto(`${server().url}/setup?step=${name}`);
    await step(visit, name).getByText(evil).first().waitFor();
  }
  expect(await visit.page.evaluate("window.hacked")).toBeUndefined();
  await looksRight(visit);
});

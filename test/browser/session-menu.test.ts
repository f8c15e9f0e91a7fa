import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { openConsole } from "./open-console.ts";
import * as overviews from "./overviews.ts";

const { show } = openConsole();

test("a sign-out that failed says so, and the page, which asked nothing meanwhile, asks again", async () => {
  const { page } = await show(overviews.live);
  await page.getByText("Live. Last event accepted").first().waitFor();
  const asked: string[] = [];
  await page.route("**/session/end", async (route) => {
    asked.length = 0;
    await pause(3_000); // longer than from one look of the page to its next
    asked.push("answered");
    await route.fulfill({ status: 503, body: "" });
  });
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.getByRole("button", { name: /^You: / }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("the server answered with status 503").waitFor();
  await expect.poll(() => asked).toContain("/api/v1/overview");
  expect(asked[0]).toBe("answered");
});

test("a page that somebody has signed out of is asked for anew where the browser's Back brings it again", async () => {
  const { page } = await show(overviews.live);
  await page.getByText("Live. Last event accepted").first().waitFor();
  await page.route("**/session/end", (route) => route.fulfill({ json: {} }));
  // As a browser that keeps the page: it is left, and lies there still.
  const left = page.waitForRequest("**/sign-in");
  await page.route("**/sign-in", (route) => route.fulfill({ status: 204 }));
  await page.getByRole("button", { name: /^You: / }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await left;
  const anew = page.waitForEvent("load");
  await page.evaluate(`dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`);
  await anew;
  await page.getByText("Live. Last event accepted").first().waitFor();
});

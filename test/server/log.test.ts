import { describe, expect, test } from "vitest";
import { createLog } from "../../server/telemetry/log.ts";

function logged(options: { plain: boolean; level?: string }) {
  const lines: string[] = [];
  const log = createLog({
    level: options.level ?? "info",
    plain: options.plain,
    write: (line) => void lines.push(line),
  });
  return { log, lines };
}
/** What a careless caller might hand in. */
const careless = {
  connection: "con_1",
  status: 503,
  email: "jane@example.com",
  token: "EAAB-secret",
  authorization: "Bearer secret",
  body: "{}",
  tookMs: undefined,
};

describe.each([
  ["for people", true],
  ["for machines", false],
])("the log %s", (_, plain) => {
  test("writes the fields on the allow-list and no other", () => {
    const { log, lines } = logged({ plain });
    log.info("Read 3 stage changes", careless);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("Read 3 stage changes");
    expect(lines[0]).toContain("con_1");
    expect(lines[0]).toContain("503");
    for (const word of ["jane", "EAAB", "Bearer", "email", "token", "body", "tookMs"])
      expect(lines[0]).not.toContain(word);
  });

  test("keeps one message to one line, whatever is in it or in a field", () => {
    const { log, lines } = logged({ plain });
    const nasty = "one\r\ntwo\u001b[2Jthree\0four\u009bfive\u2028six\u2029seven\u0085eight";
    log.warn(nasty, { detail: nasty });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith("\n")).toBe(true);
    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    expect(lines[0]).toContain("one two [2Jthree four five six seven eight");
  });

  test("cuts what is endless", () => {
    const { log, lines } = logged({ plain });
    log.error("m".repeat(100_000), { detail: "d".repeat(100_000) });
    expect(lines[0]?.length).toBeLessThan(1_200);
  });

  test("leaves out what is below its level", () => {
    const { log, lines } = logged({ plain, level: "warn" });
    log.info("quiet");
    log.warn("loud");
    log.error("louder");
    expect(lines.map((line) => /quiet|louder|loud/.exec(line)?.[0])).toEqual(["loud", "louder"]);
  });
});

test("a line for machines is JSON with time, level and message", () => {
  const { log, lines } = logged({ plain: false });
  log.error('He said "no"', { code: "crm_limit", count: 3 });
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    level: 50,
    code: "crm_limit",
    count: 3,
    msg: 'He said "no"',
  });
});

test("a line for people shows how grave it is", () => {
  const { log, lines } = logged({ plain: true });
  log.info("fine");
  log.warn("hm", { code: "crm_limit" });
  log.error("bad");
  expect(lines.map((line) => line.slice(9, 13))).toEqual(["  fi", "! hm", "✗ ba"]);
  expect(lines[1]).toContain("code=crm_limit");
});

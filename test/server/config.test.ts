import { describe, expect, test } from "vitest";
import { isFailure } from "../../core/errors.ts";
import { readConfig, summary } from "../../server/config.ts";

const own = {
  META_DATASET_ID: "1234567890123456",
  META_ACCESS_TOKEN: "EAAB0123456789abcdefgh",
  HUBSPOT_ACCESS_TOKEN: "pat-na1-0123456789",
};
const key = "0f".repeat(32);
const production = { ...own, NODE_ENV: "production", ENCRYPTION_KEY: key };

function complaint(environment: Record<string, string | undefined>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (isFailure(error, "config_invalid")) return error.message;
    throw error;
  }
  return "none";
}

test("with nothing set, simulated vendors stand in, on loopback, with all roles", () => {
  expect(readConfig({})).toEqual({
    NODE_ENV: "development",
    HOST: "127.0.0.1",
    PORT: 8080,
    DATA_DIR: "data",
    ROLES: ["web", "ingest", "deliver", "upkeep"],
    LOG_LEVEL: "info",
    LINGER_MS: 100,
    MAIL_FROM: "Stagewire <stagewire@localhost>",
    sandbox: true,
  });
});

test("an empty variable counts as not set, and foreign ones do not matter", () => {
  expect(readConfig({ PORT: "", META_ACCESS_TOKEN: "", PATH: "/bin", SECRET: "x" })).toEqual(readConfig({}));
});

test.each(["META_ACCESS_TOKEN", "HUBSPOT_ACCESS_TOKEN", "SALESFORCE_MY_DOMAIN"])(
  "credentials of ours (%s) end the simulation",
  (name) => {
    const all: Record<string, string> = {
      ...own,
      SALESFORCE_MY_DOMAIN: "https://acme.my.salesforce.com/",
      SALESFORCE_CLIENT_ID: "3MVG9-client",
      SALESFORCE_CLIENT_SECRET: "client-secret",
    };
    const group = Object.keys(all).filter((other) => other.split("_")[0] === name.split("_")[0]);
    const config = readConfig(Object.fromEntries(group.map((each) => [each, all[each]])));
    expect(config.sandbox).toBe(false);
  },
);

test("addresses lose what follows the host, and roles their blanks", () => {
  const config = readConfig({ PUBLIC_URL: "https://leads.acme.example/some/path?x=1", ROLES: "web, deliver" });
  expect(config.PUBLIC_URL).toBe("https://leads.acme.example");
  expect(config.ROLES).toEqual(["web", "deliver"]);
});

describe("a malformed variable is named, and its value is not repeated", () => {
  test.each([
    ["NODE_ENV", "prod-zq9"],
    ["PORT", "80zq9"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "80.5"],
    ["PUBLIC_URL", "zq9.example"],
    ["PUBLIC_URL", "ftp://zq9.example"],
    ["DATABASE_URL", "mysql://user:zq9@host/db"],
    ["DATABASE_URL", "zq9"],
    ["ENCRYPTION_KEY", "zq9"],
    ["ENCRYPTION_KEY", "0f".repeat(31)],
    ["ROLES", "web,zq9"],
    ["LOG_LEVEL", "zq9"],
    ["GO_LIVE", "zq9"],
    ["DEFAULT_COUNTRY", "zq9"],
    ["DEFAULT_COUNTRY", "nl"],
    ["META_DATASET_ID", "zq9"],
    ["META_ACCESS_TOKEN", "zq9"],
    ["META_APP_SECRET", "zq9"],
    ["HUBSPOT_ACCESS_TOKEN", "zq9"],
    ["HUBSPOT_CLIENT_SECRET", "zq9"],
    ["SALESFORCE_MY_DOMAIN", "zq9"],
    ["SALESFORCE_CLIENT_ID", "zq9"],
    ["SALESFORCE_CLIENT_SECRET", "zq9"],
  ])("%s=%s", (name, value) => {
    const said = complaint({ [name]: value });
    expect(said).toContain(name);
    expect(said).not.toContain(value);
    expect(said).not.toContain("zq9");
  });

  test("and all of them at once", () => {
    const said = complaint({ PORT: "zq9", LOG_LEVEL: "zq9", META_DATASET_ID: "zq9" });
    for (const name of ["PORT", "LOG_LEVEL", "META_DATASET_ID"]) expect(said).toContain(name);
  });
});

describe("what belongs together is set together", () => {
  const salesforce = {
    SALESFORCE_MY_DOMAIN: "https://acme.my.salesforce.com",
    SALESFORCE_CLIENT_ID: "3MVG9-client",
    SALESFORCE_CLIENT_SECRET: "client-secret-zq9",
  };
  test.each(Object.keys(salesforce))("Salesforce without %s", (name) => {
    const said = complaint({ ...salesforce, [name]: undefined });
    expect(said).toContain(`${name} missing`);
    expect(said).not.toContain("zq9");
  });
  test.each(["META_DATASET_ID", "META_ACCESS_TOKEN"])("Meta without %s", (name) => {
    expect(complaint({ ...own, [name]: undefined })).toContain(`${name} missing`);
  });
  test("all of them", () => {
    expect(complaint({ ...own, ...salesforce })).toBe("none");
  });
});

describe("in production", () => {
  test("nothing is simulated", () => {
    expect(complaint({ NODE_ENV: "production", ENCRYPTION_KEY: key })).toContain("no credentials are configured");
  });
  test("the encryption key is one's own", () => {
    expect(complaint({ ...production, ENCRYPTION_KEY: undefined })).toContain("ENCRYPTION_KEY missing");
  });
  test("both given, it starts", () => {
    expect(readConfig(production)).toMatchObject({ sandbox: false, NODE_ENV: "production" });
  });
});

test("the summary for the log names what is set and shows no secret", () => {
  const secrets = {
    ENCRYPTION_KEY: key,
    DATABASE_URL: "postgres://owner:zq9@db.example/app",
    META_ACCESS_TOKEN: "EAAB0123456789abcdefzq9",
    META_APP_SECRET: "app-secret-zq9",
    HUBSPOT_ACCESS_TOKEN: "pat-na1-0123456789-zq9",
    HUBSPOT_CLIENT_SECRET: "client-secret-zq9",
    SALESFORCE_CLIENT_SECRET: "other-client-secret-zq9",
  };
  const plain = {
    META_DATASET_ID: "1234567890",
    SALESFORCE_MY_DOMAIN: "https://acme.my.salesforce.com",
    SALESFORCE_CLIENT_ID: "3MVG9-client",
    PORT: "9000",
  };
  const shown = summary(readConfig({ ...secrets, ...plain }));
  expect(shown).toMatchObject({ ...plain, ROLES: "web,ingest,deliver,upkeep", sandbox: "false" });
  for (const [name, value] of Object.entries(secrets)) {
    expect(shown[name], name).toBe("set");
    expect(JSON.stringify(shown)).not.toContain(value);
  }
  expect(JSON.stringify(shown)).not.toContain("zq9");
  expect(shown).not.toHaveProperty("DEFAULT_COUNTRY");
});

test.each([
  ["LINGER_MS", { LINGER_MS: "-1" }],
  ["SMTP_URL", { SMTP_URL: "http://mail.example" }],
  ["ALERT_TO", { ALERT_TO: "ops@example.com, nobody" }],
])("%s that cannot be is named", (name, set) => {
  expect(complaint({ ...own, ...set })).toContain(name);
});

test("whoever is to hear of problems needs a mail server, but in the sandbox, which has one", () => {
  expect(complaint({ ...own, ALERT_TO: "ops@example.com" })).toContain("SMTP_URL missing");
  expect(readConfig({ ALERT_TO: "ops@example.com, you@example.com" }).ALERT_TO).toEqual([
    "ops@example.com",
    "you@example.com",
  ]);
});

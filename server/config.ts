import { z } from "zod";
import { Failure } from "../core/errors.ts";

const roles = ["web", "ingest", "deliver", "upkeep"] as const;
const origin = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin);
const digits = z.string().regex(/^\d{5,20}$/, "must be digits");

/** The environment, and nothing else reads it. README lists what each is for. */
const Environment = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  PUBLIC_URL: origin.optional(),
  /** Proxies in front of us, whose X-Forwarded-For says who calls: addresses and networks, separated by commas. */
  TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(",").map((address) => address.trim()))
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], "must be IP addresses or networks")))
    .optional(),
  DATA_DIR: z.string().min(1).default("data"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  ENCRYPTION_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "must be 32 bytes as 64 hexadecimal digits")
    .optional(),
  /** Newest first; `ENCRYPTION_KEY` is the oldest, called k1. */
  ENCRYPTION_KEYS: z
    .string()
    .transform((list) => list.split(",").map((key) => key.trim()))
    .pipe(
      z
        .array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}:[0-9a-f]{64}$/i, "must be id:64 hexadecimal digits, …"))
        .min(1),
    )
    .transform((list) => list.map((key) => ({ id: key.slice(0, -65), key: key.slice(-64) })))
    .optional(),
  ROLES: z
    .string()
    .default(roles.join(","))
    .transform((list) => list.split(",").map((role) => role.trim()))
    .pipe(z.array(z.enum(roles)).min(1)),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  /** Milliseconds between two turns at a dataset that has little to send: what comes meanwhile goes together. */
  LINGER_MS: z.coerce.number().int().min(0).max(60_000).default(100),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).default("Stagewire <stagewire@localhost>"),
  ALERT_TO: z
    .string()
    .transform((list) => list.split(",").map((address) => address.trim()))
    .pipe(z.array(z.email("must be mail addresses, separated by commas")))
    .optional(),
  GO_LIVE: z.enum(["from-now", "last-7-days"]).optional(),
  DEFAULT_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code such as US")
    .optional(),
  IN_HOUSE_PIPELINES: z.string().min(1).optional(),
  META_DATASET_ID: digits.optional(),
  META_ACCESS_TOKEN: z.string().min(20).optional(),
  META_APP_SECRET: z.string().min(8).optional(),
  /** Our app at Meta, and which configuration of Facebook Login for Business it asks with. */
  META_APP_ID: digits.optional(),
  META_LOGIN_CONFIG_ID: digits.optional(),
  HUBSPOT_ACCESS_TOKEN: z.string().min(10).optional(),
  /** The marketplace app; without its id the secret only checks webhooks. */
  HUBSPOT_CLIENT_ID: z.string().min(8).optional(),
  HUBSPOT_CLIENT_SECRET: z.string().min(8).optional(),
  SALESFORCE_MY_DOMAIN: origin.optional(),
  SALESFORCE_CLIENT_ID: z.string().min(8).optional(),
  SALESFORCE_CLIENT_SECRET: z.string().min(8).optional(),
  /** The packaged external client app, which any org can install. */
  SALESFORCE_APP_CLIENT_ID: z.string().min(8).optional(),
  SALESFORCE_APP_CLIENT_SECRET: z.string().min(8).optional(),
});
type Environment = z.infer<typeof Environment>;

export interface Config extends Environment {
  /** No credentials are configured: simulated vendors stand in for the real ones. */
  readonly sandbox: boolean;
}

/** @throws Failure `config_invalid`, naming every variable that is wrong; values are never repeated */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const filled = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = Environment.safeParse(filled);
  if (!parsed.success)
    throw new Failure(
      "config_invalid",
      parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "),
    );
  const config = parsed.data;
  const together = [
    ["META_DATASET_ID", "META_ACCESS_TOKEN"],
    ["META_APP_ID", "META_LOGIN_CONFIG_ID"],
    ["SALESFORCE_MY_DOMAIN", "SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET"],
    ["SALESFORCE_APP_CLIENT_ID", "SALESFORCE_APP_CLIENT_SECRET"],
    ...(config.HUBSPOT_CLIENT_ID ? [["HUBSPOT_CLIENT_ID", "HUBSPOT_CLIENT_SECRET"] as const] : []),
  ] as const;
  for (const group of together) {
    const missing = group.filter((name) => config[name] === undefined);
    if (missing.length > 0 && missing.length < group.length)
      throw new Failure("config_invalid", `${missing.join(", ")} missing: set all of ${group.join(", ")} or none`);
  }
  if (config.META_APP_ID && !config.META_APP_SECRET)
    throw new Failure("config_invalid", "META_APP_SECRET missing: calls of our own app at Meta are signed with it");
  const apps = [config.META_APP_ID, config.HUBSPOT_CLIENT_ID, config.SALESFORCE_APP_CLIENT_ID];
  const credentials = [config.META_ACCESS_TOKEN, config.HUBSPOT_ACCESS_TOKEN, config.SALESFORCE_MY_DOMAIN, ...apps];
  const sandbox = credentials.every((credential) => credential === undefined);
  if (sandbox && config.NODE_ENV === "production")
    throw new Failure(
      "config_invalid",
      "NODE_ENV is production, but no credentials are configured; simulated vendors never run there",
    );
  if (config.ALERT_TO && !config.SMTP_URL && !sandbox)
    throw new Failure("config_invalid", "SMTP_URL missing: without it nobody in ALERT_TO hears of a problem");
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === "0")
    throw new Failure(
      "config_invalid",
      "NODE_TLS_REJECT_UNAUTHORIZED=0 would believe anybody to be a vendor; unset it",
    );
  if (config.NODE_ENV === "production" && !config.ENCRYPTION_KEY && !config.ENCRYPTION_KEYS)
    throw new Failure("config_invalid", "ENCRYPTION_KEY missing: stored tokens need a key of your own in production");
  return { ...config, sandbox };
}

/** What is configured, for the log at start: names and plain values, secrets only as `set`. */
export function summary(config: Config): Readonly<Record<string, string>> {
  const secret = /TOKEN|SECRET|KEY|DATABASE_URL|SMTP_URL/;
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, secret.test(name) ? "set" : String(value)]),
  );
}

/** Connections of the workers' pool: work waits for vendors most of the time, so a few serve many lanes. */
export const connectionsOf = ({ ROLES }: Config): number =>
  ROLES.includes("deliver") && ROLES.includes("ingest") ? 16 : 10;

/** The names that people use for us: loopback's, the address we listen on, and the public one. */
export const hostsOf = ({ HOST, PUBLIC_URL }: Config): readonly string[] => [
  "localhost",
  "127.0.0.1",
  "::1",
  HOST,
  ...(PUBLIC_URL ? [new URL(PUBLIC_URL).hostname] : []),
];

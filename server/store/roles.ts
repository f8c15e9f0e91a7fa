import { createHmac, hash, pbkdf2Sync, randomBytes } from "node:crypto";
import pg from "pg";
import { Failure } from "../../core/errors.ts";

/** Owns nothing, sees every tenant. */
export const workerRole = "stagewire_worker";
/** Owns nothing, sees the tenant that its transaction is opened for. */
export const webRole = "stagewire_web";
type Role = typeof workerRole | typeof webRole;

/**
 * Makes the role a login, once per server, and gives its address. The password is derived from the owner's, so that there is
 * no further secret to keep. `given`: the address of a login that the operator made and that has the role.
 */
export async function login(ownerUrl: string, role: Role, given: string | undefined): Promise<string> {
  const owner = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 });
  owner.on("error", () => {}); // Lost between two statements: the next one fails and says so.
  await owner.connect();
  try {
    if (given) {
      await makeRole(owner, role);
      return given;
    }
    const password = derive(ownerUrl, role);
    const url = new URL(ownerUrl);
    url.username = role;
    url.password = password;
    if (!(await opens(url.href))) {
      await makeRole(owner, role);
      await patiently(() => owner.query(`alter role ${role} login password '${verifier(password)}'`));
    }
    return url.href;
  } finally {
    await owner.end();
  }
}

function derive(ownerUrl: string, role: Role): string {
  const { password } = new URL(ownerUrl);
  if (!password)
    throw new Failure("config_invalid", `the database address names no password: name a login of its own for ${role}`);
  return createHmac("sha256", decodeURIComponent(password)).update(role).digest("base64url");
}

async function opens(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {}); // Lost after it opened: it opened.
  try {
    await client.connect();
    return true;
  } catch (error) {
    // Wrong password, no such role, no right to log in: to be mended. Anything else is not about the role.
    if (["28P01", "28000"].includes((error as { code?: string }).code ?? "")) return false;
    throw error;
  } finally {
    await client.end().catch(() => {}); // It only asked.
  }
}

async function makeRole(owner: pg.Client, role: Role): Promise<void> {
  await patiently(async () => {
    const { rowCount } = await owner.query("select from pg_roles where rolname = $1", [role]);
    if (rowCount === 0) await owner.query(`create role ${role} nologin nosuperuser nocreatedb nocreaterole`);
  });
}

/** Roles belong to the whole server: processes that start with different databases can meet here. */
async function patiently(change: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await change();
      return;
    } catch (error) {
      const met = ["42710", "23505", "XX000"].includes((error as { code?: string }).code ?? "");
      if (!met || tries === 10) throw error;
    }
  }
}

/** SCRAM-SHA-256 (RFC 5803): the server and its log never see the password itself. */
function verifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, 4096, 32, "sha256");
  const key = (name: string) => createHmac("sha256", salted).update(name).digest();
  const stored = hash("sha256", key("Client Key"), "base64");
  return `SCRAM-SHA-256$4096:${salt.toString("base64")}$${stored}:${key("Server Key").toString("base64")}`;
}

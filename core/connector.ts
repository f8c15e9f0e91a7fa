import type { z } from "zod";
import type { Clock, Fetch, Log } from "./ports.ts";
import type { ConnectionId, Lead, MatchKey, Pipeline, RecordRef, StageObservation, TenantId } from "./types.ts";

/** What a connector says about itself. `app.json` repeats it for marketplaces; a test holds the two together. */
export interface Manifest {
  /** Folder name and id in the database: `hubspot`. */
  readonly id: string;
  /** What people call the CRM, and what Meta receives as `lead_event_source`: `HubSpot`. */
  readonly crmName: string;
  readonly auth: "oauth" | "signed_http";
  /** Origin of the API, where all accounts share one. */
  readonly origin?: string;
  /** Path of the OAuth token endpoint on the account's origin. */
  readonly tokenPath?: string;
  /** How its admins let us in by themselves; absent where access is given in another way. */
  readonly oauth?: OAuthManifest;
  readonly scopes: readonly { readonly scope: string; readonly required: boolean; readonly reason: string }[];
  /** Hosts (host name, lower case, no port) that may ever be called with this connector's tokens. */
  readonly hosts: { readonly api: readonly RegExp[]; readonly token: readonly RegExp[] };
  readonly limits: { readonly pollEveryMs: number; readonly requestsPerSecond: number };
  readonly can: { readonly history: "full" | "none"; readonly push: boolean; readonly backfill: boolean };
  /** Where people look at a record of the account, in the CRM itself; undefined for what is no record there. */
  readonly recordUrl?: (account: AccountPlace, record: RecordRef) => string | undefined;
}

/** Which account it is, and where. */
export interface AccountPlace {
  readonly accountId: string;
  /** Origin of the account's API, where each account has its own and its access tells. */
  readonly apiUrl?: string;
}

/** OAuth 2.0 authorization code with PKCE S256 (RFC 6749, 7636, 9700), as this vendor has it. */
export interface OAuthManifest {
  /** Where an admin may sign in, the usual one first: one at HubSpot, production and sandbox at Salesforce. */
  readonly places: readonly { readonly id: string; readonly label: string; readonly origin: string }[];
  /** Host names of an account's own that may be named instead: Salesforce's My Domain. */
  readonly ownHosts?: RegExp;
  readonly authorizePath: string;
  readonly revokePath: string;
  /** Where the token endpoint is, if not at the place of sign-in. */
  readonly tokenOrigin?: string;
  /** Scopes that may be left out are asked for in this parameter of their own (HubSpot), else with the others. */
  readonly optionalScopes?: string;
  /** Where the vendor's marketplace may have its install flow come back to. */
  readonly marketplaceHosts?: RegExp;
}

/** The token endpoint's answer to a code, as it came. */
export type TokenAnswer = Readonly<Record<string, unknown>>;

/** Who let us in, and to which account. */
export interface Identity {
  readonly account: Account;
  /** Origin of the account's API, where each account has its own. */
  readonly apiUrl?: string;
  /** `issuer` and `subject` name a person; never one of them alone. */
  readonly person: {
    readonly issuer: string;
    readonly subject: string;
    readonly name?: string;
    readonly mail?: string;
  };
  /** As granted, not as asked for. */
  readonly scopes: readonly string[];
}

/** What it takes to find out who let us in. */
export interface IdentityPorts {
  /** Locked to the manifest's hosts (api and token). */
  readonly fetch: Fetch;
  /** Origin of the place of sign-in, and of the API where all accounts share one; simulated ones in the sandbox. */
  readonly origin: string;
  readonly apiOrigin?: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a connector is given to reach one account. It keeps no memory of its own between calls. */
export interface Access<Config> {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly accountId: string;
  readonly config: Config;
  /** Origin of the vendor's API for this account, without a trailing slash. */
  readonly baseUrl: string;
  /** Locked to `baseUrl` and the manifest's hosts; adds no headers. */
  readonly fetch: Fetch;
  /** A valid access token; asking again after `crm_token_stale` gives a fresh one. */
  token(): Promise<string>;
  readonly clock: Clock;
  readonly log: Log;
  /** What was pushed to us for this connection; only for connectors with `auth: "signed_http"`. */
  readonly inbox?: Inbox;
}

/** Pushed observations, durable and in order of arrival. */
export interface Inbox {
  read(after: number, limit: number): Promise<readonly InboxItem[]>;
}
export interface InboxItem {
  readonly seq: number;
  readonly observation: StageObservation;
  /** Contact data is hashed before it is stored. */
  readonly lead: Lead;
}

export interface Page<Checkpoint> {
  readonly observations: readonly StageObservation[];
  /** Everything before it has been yielded. Flat JSON with a version `v`; no secret, no absolute URL. */
  readonly checkpoint: Checkpoint;
  /** Nothing more to read now. */
  readonly caughtUp: boolean;
  /** Leads that came with the observations, by `recordKey`; the others are asked of `leads()`. */
  readonly leads?: ReadonlyMap<string, Lead>;
  /** Records read and to read, where the source knows. */
  readonly progress?: { readonly done: number; readonly total: number };
}

export interface Account {
  readonly id: string;
  readonly name: string;
  /** A test account of the vendor: never mixed with a production dataset unasked. */
  readonly sandbox: boolean;
}
export interface CheckReport {
  readonly ok: boolean;
  readonly probes: readonly { readonly name: string; readonly ok: boolean; readonly hint?: string }[];
}
/** A CRM field that can tell who somebody is (lead id, click id, consent), or what a record is worth. */
export interface Field {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly tells: readonly ("person" | "worth")[];
  /** What its name suggests that it holds. */
  readonly suggests?: "leadId" | "clickId" | "consent" | "value";
}
/** Where in the CRM a part of an event comes from: the names of the fields as the CRM's admins know them, the first filled one first. */
export interface FieldSource {
  /** The kind of record that has the fields: `contact`. */
  readonly of: string;
  readonly names: readonly string[];
  /** The account's own field, which serves where the record's are empty. */
  readonly ofAccount?: string;
}
/** What an event is made of beside the stage itself. */
export type Sourced = MatchKey | "lead_id" | "fbc" | "value" | "currency";
export interface UninstallReport {
  readonly removed: readonly string[];
  readonly left: readonly { readonly what: string; readonly howTo: string }[];
}

/** Somebody pressed the doorbell: look at this record, or, without one, at the whole account. */
export interface Ring {
  readonly accountId: string;
  readonly record?: RecordRef;
  /** The account erased the person behind the record for good: so must we. */
  readonly erase?: true;
}
export interface RawRequest {
  readonly method: string;
  /** Absolute, as the sender addressed it (from our configured public address, never from a Host header). */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  readonly receivedAt: Date;
}
export type Doorbell = {
  readonly kind: "webhook";
  /** Throws `signature_invalid`. `secrets`: current and previous. */
  verify(raw: RawRequest, secrets: readonly string[]): readonly Ring[];
};

/** A page of ours that the CRM shows in its own settings; it asks us for what is on it. */
export interface SettingsPage {
  /** Whose settings are open. Throws `signature_invalid`. `secrets`: current and previous. */
  verify(raw: RawRequest, secrets: readonly string[]): { readonly accountId: string };
}

/**
 * A CRM, as core sees it. Connectors throw `Failure` with a code of the catalogue and nothing else; they never sleep, retry,
 * refresh a token or log a body. Iterables stop being read when the caller's time is up: every page stands alone.
 */
export interface Connector<Config, Checkpoint> {
  readonly manifest: Manifest;
  readonly config: z.ZodType<Config>;
  readonly checkpoint: z.ZodType<Checkpoint>;
  account(access: Access<Config>): Promise<Account>;
  check(access: Access<Config>): Promise<CheckReport>;
  pipelines(access: Access<Config>): Promise<readonly Pipeline[]>;
  fields(access: Access<Config>): Promise<readonly Field[]>;
  /** Current stages of all records; its last checkpoint starts `changes`. */
  baseline(access: Access<Config>, resume: Checkpoint | undefined): AsyncIterable<Page<Checkpoint>>;
  changes(access: Access<Config>, since: Checkpoint): AsyncIterable<Page<Checkpoint>>;
  /** Entries with `from <= enteredAt < to`. `since`: where `changes` stands, for what was learned about the account there. */
  history(
    access: Access<Config>,
    range: { readonly from: Date; readonly to: Date; readonly since?: Checkpoint },
    resume: Checkpoint | undefined,
  ): AsyncIterable<Page<Checkpoint>>;
  /** Answers a doorbell, in bulk. A record that no longer exists comes back as `gone`. */
  read(access: Access<Config>, records: readonly RecordRef[]): Promise<readonly StageObservation[]>;
  /** The people behind the records, by `recordKey`, in bulk. A record without a person is missing from the answer. */
  leads(access: Access<Config>, records: readonly RecordRef[]): Promise<ReadonlyMap<string, Lead>>;
  /** From which fields the parts of an event about such a record come; absent: it was pushed with each change. */
  sources?(config: Config, object: string): Readonly<Partial<Record<Sourced, FieldSource>>>;
  readonly doorbell?: Doorbell;
  readonly settingsPage?: SettingsPage;
  uninstall(access: Access<Config>): Promise<UninstallReport>;
  /**
   * Who stands behind a token endpoint's answer, checked against what the vendor signs or tells itself. With `manifest.oauth`.
   *
   * @throws Failure `oauth_identity` when the answer is not what this vendor gives, or names a host that is not its own;
   *   `oauth_scopes` when too little was granted to find out
   */
  identify?(answer: TokenAnswer, ports: IdentityPorts): Promise<Identity>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of connectors holds many Config and Checkpoint types; each is checked by its own schema.
export type AnyConnector = Connector<any, any>;

/** Checks what types cannot and gives the connector back. */
export function defineConnector<Config, Checkpoint>(
  connector: Connector<Config, Checkpoint>,
): Connector<Config, Checkpoint> {
  const { id, auth, can, oauth } = connector.manifest;
  if (!/^[a-z][a-z0-9]*$/.test(id)) throw new TypeError(`connector id "${id}" must be lower-case letters and digits`);
  if (can.push !== (connector.doorbell !== undefined || auth === "signed_http"))
    throw new TypeError(`connector ${id}: can.push must say whether there is a doorbell or an inbox`);
  if ((oauth !== undefined) !== (connector.identify !== undefined))
    throw new TypeError(`connector ${id}: whoever lets people in by OAuth must tell who they are`);
  return connector;
}

/** One text for one record, for maps and logs. No object's name holds a colon. */
export const recordKey = (record: RecordRef): string => `${record.object}:${record.id}`;

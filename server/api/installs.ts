import { z } from "zod";

/** An account that let us in and that nobody has confirmed yet, as its own browser sees it. */
export const installView = z.object({
  id: z.string(),
  provider: z.string(),
  crmName: z.string(),
  account: z.object({ id: z.string(), name: z.string(), sandbox: z.boolean() }),
  /** Whose consent it was, as the CRM calls them. */
  person: z.object({ name: z.string().nullable(), mail: z.string().nullable() }),
  /** False: the vendor's marketplace began, and only somebody who is signed in may claim it. */
  asked: z.boolean(),
  scopes: z.array(z.object({ scope: z.string(), granted: z.boolean(), required: z.boolean(), reason: z.string() })),
  /**
   * `new`: a workspace is made for it, or it joins the one that is open. `yours`: its workspace is opened. `taken`: it belongs
   * to another one. `sign_in`: somebody has to sign in first.
   */
  state: z.enum(["new", "yours", "taken", "sign_in"]),
  /** Where it goes: the account's own workspace, or the one that is open and may take it. */
  workspace: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** A test account, and the workspace's dataset is used by others: it is left out of it unless that is allowed. */
  sharesDataset: z.string().nullable(),
  /** This person's consents at this vendor that accounts live on, this one included. */
  grants: z.number().int(),
  /** Vendors keep few consents of one person and drop the oldest silently: better another user, made for this. */
  manyGrants: z.boolean(),
  createdAt: z.iso.datetime(),
  /** It is given back and forgotten then. */
  endsAt: z.iso.datetime(),
});
export type InstallView = z.infer<typeof installView>;

export const installList = z.object({ installs: z.array(installView) });

export const confirmAsked = z.strictObject({
  workspace: z.union([z.literal("new"), z.string().regex(/^ten_[a-z0-9]{1,40}$/)]),
  allowSandbox: z.boolean().default(false),
});

export const confirmed = z.object({
  workspace: z.string(),
  connection: z.string(),
  /** Where the browser goes on: a path of ours, or the marketplace's page that the install began at. */
  goOn: z.string(),
});

export const refused = z.object({ refused: z.literal(true) });

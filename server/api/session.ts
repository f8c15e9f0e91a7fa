import { z } from "zod";
import { instant } from "./schema.ts";

/** Who is signed in, and where. */

export const role = z.enum(["owner", "admin", "viewer"]);
export type Role = z.infer<typeof role>;

const workspace = z.object({ id: z.string(), name: z.string(), role });

/** Where to ask. */
const support = z.object({ documentation: z.url(), mail: z.email() });

/** `GET /api/v1/session` */
export const sessionView = z.discriminatedUnion("signedIn", [
  z.object({
    signedIn: z.literal(false),
    /** Simulated vendors stand in: the demo workspace can be entered. */
    sandbox: z.boolean(),
    support,
  }),
  z.object({
    signedIn: z.literal(true),
    sandbox: z.boolean(),
    support,
    person: z.object({ id: z.string(), name: z.string().optional(), mail: z.string().optional() }),
    /** The one that is open. */
    workspace: workspace.optional(),
    /** All that the person is a member of. */
    workspaces: z.array(workspace),
    /** At the latest; without use it ends earlier. */
    endsAt: instant,
  }),
]);
export type SessionView = z.infer<typeof sessionView>;

/** `POST /api/v1/session/open` */
export const openAsked = z.strictObject({ workspace: z.string().max(64) });

/** A workspace was opened. */
export const opened = z.object({ workspace: z.string() });

/** `POST /api/v1/session/end` and `/end-all` */
export const ended = z.object({ ended: z.literal(true) });

/** `POST /api/v1/sign-in/operator`: the part of the operator's link after `#key=`. */
export const operatorKey = z.strictObject({ key: z.string().max(200) });

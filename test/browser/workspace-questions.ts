import type { z } from "zod";
import { auditQuery, auditView } from "../../server/api/audit.ts";
import { connectionsView } from "../../server/api/connections.ts";
import { developersView, signingSecretMade } from "../../server/api/developers.ts";
import * as keys from "../../server/api/ingest-keys.ts";
import * as members from "../../server/api/members.ts";
import { nothing } from "../../server/api/operations.ts";
import * as people from "../../server/api/people.ts";
import { settingsAsked, settingsView } from "../../server/api/settings.ts";
import * as workspace from "../../server/api/workspace.ts";

/** What the pages about the workspace ask and do. */
export const workspaceQuestions = {
  "GET /connections": { answer: connectionsView },
  "POST /connections/:id/disconnect": { body: nothing, answer: workspace.connectionDisconnected },
  "POST /datasets/:id/disconnect": { body: workspace.datasetDisconnectAsked, answer: workspace.datasetDisconnected },
  "GET /members": { answer: members.membersView },
  "POST /members/:id/role": { body: members.roleAsked, answer: members.memberView },
  "POST /members/:id/remove": { body: nothing, answer: members.memberRemoved },
  "GET /invitations": { answer: members.invitationsView },
  "POST /invitations": { body: members.invitationAsked, answer: members.invited },
  "POST /invitations/:id/withdraw": { body: nothing, answer: members.invitationWithdrawn },
  "GET /settings": { answer: settingsView },
  "POST /settings": { body: settingsAsked, answer: settingsView },
  "POST /people/find": { body: people.personAsked, answer: people.personFound },
  "POST /people/export": { body: people.personAsked, answer: people.personExported },
  "POST /people/erase": { body: people.personAsked, answer: people.personErased },
  "GET /workspace": { answer: workspace.workspaceView },
  "POST /workspace/erase": { body: workspace.workspaceEraseAsked, answer: workspace.workspaceEnding },
  "POST /workspace/keep": { body: nothing, answer: workspace.workspaceKept },
  "GET /audit": { query: auditQuery, answer: auditView },
  "GET /developers": { answer: developersView },
  "GET /connections/:id/keys": { answer: keys.ingestKeysView },
  "POST /connections/:id/keys": { body: keys.ingestKeyAsked, answer: keys.ingestKeyMade },
  "POST /connections/:id/keys/:key/rotate": { body: keys.ingestKeyRotation, answer: keys.ingestKeyMade },
  "POST /connections/:id/keys/:key/end": { body: nothing, answer: keys.ingestKeyView },
  "POST /connections/:id/signing-secret": { body: nothing, answer: signingSecretMade },
} as const satisfies Record<string, { query?: z.ZodType; body?: z.ZodType; answer: z.ZodType }>;

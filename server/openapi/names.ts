import { z } from "zod";
import * as audit from "../api/audit.ts";
import * as connections from "../api/connections.ts";
import * as datasets from "../api/datasets.ts";
import * as deliveries from "../api/deliveries.ts";
import * as developers from "../api/developers.ts";
import * as figures from "../api/figures.ts";
import * as goLive from "../api/go-live.ts";
import * as hubspotSettings from "../api/hubspot-settings.ts";
import * as ingest from "../api/ingest.ts";
import * as ingestKeys from "../api/ingest-keys.ts";
import * as installs from "../api/installs.ts";
import * as leadFields from "../api/lead-fields.ts";
import * as mapping from "../api/mapping.ts";
import * as members from "../api/members.ts";
import * as operations from "../api/operations.ts";
import * as people from "../api/people.ts";
import * as preview from "../api/preview.ts";
import * as problems from "../api/problems.ts";
import * as providers from "../api/providers.ts";
import * as record from "../api/record.ts";
import * as samples from "../api/samples.ts";
import * as schema from "../api/schema.ts";
import * as session from "../api/session.ts";
import * as settings from "../api/settings.ts";
import * as setup from "../api/setup.ts";
import * as tasks from "../api/tasks.ts";
import * as testEvent from "../api/test-event.ts";
import * as workspace from "../api/workspace.ts";

/** A new file of server/api gets a line here; without one its schemas have no names in the document, and a test says so. */
export const modules: Readonly<Record<string, object>> = {
  audit,
  connections,
  datasets,
  developers,
  deliveries,
  figures,
  "go-live": goLive,
  "hubspot-settings": hubspotSettings,
  "ingest-keys": ingestKeys,
  ingest,
  installs,
  "lead-fields": leadFields,
  mapping,
  members,
  operations,
  people,
  preview,
  problems,
  providers,
  record,
  samples,
  schema,
  session,
  settings,
  setup,
  tasks,
  "test-event": testEvent,
  workspace,
};

/** Objects are called in the document as they are in the sources: `membersView` is `MembersView`. */
export const names = z.registry<{ id: string }>();
for (const module of Object.values(modules))
  for (const [name, found] of Object.entries(module))
    if (found instanceof z.ZodObject && Object.keys(found.shape).length > 0 && !names.has(found))
      names.add(found, { id: name.charAt(0).toUpperCase() + name.slice(1) });

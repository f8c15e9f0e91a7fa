import { z } from "zod";
import type { Account } from "../../core/connector.ts";
import { openClient, type Reach } from "./client.ts";
import { id } from "./rows.ts";

const organization = z.object({ Id: id, Name: z.string(), IsSandbox: z.boolean() });

/** The org that is reached; `accountId`: where it does not say its own. */
export async function account(access: Reach & { readonly accountId: string }): Promise<Account> {
  const fields = Object.keys(organization.shape);
  const { rows } = await openClient(access).page({ fields, from: "Organization" }, organization);
  const [org] = rows;
  return { id: org?.Id ?? access.accountId, name: org?.Name ?? "Salesforce", sandbox: org?.IsSandbox ?? false };
}

import { z } from "zod";
import type { Access, Account } from "../../core/connector.ts";
import { openClient } from "./client.ts";
import type { Config } from "./config.ts";
import { id } from "./rows.ts";

const organization = z.object({ Id: id, Name: z.string(), IsSandbox: z.boolean() });

export async function account(access: Access<Config>): Promise<Account> {
  const fields = Object.keys(organization.shape);
  const { rows } = await openClient(access).page({ fields, from: "Organization" }, organization);
  const [org] = rows;
  return { id: org?.Id ?? access.accountId, name: org?.Name ?? "Salesforce", sandbox: org?.IsSandbox ?? false };
}

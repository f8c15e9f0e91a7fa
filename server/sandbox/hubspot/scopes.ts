import type { ObjectType } from "./objects.ts";
import { objectTypes } from "./objects.ts";

/** What the app may ask for; anything else blocks the install. */
export const requiredScopes = ["oauth", "crm.objects.contacts.read", "crm.objects.deals.read"] as const;
export const optionalScopes = [
  "crm.objects.leads.read",
  "tickets",
  "crm.objects.custom.read",
  "crm.schemas.contacts.write",
  "crm.objects.contacts.write",
] as const;

/** Given when the back door asks for none in particular. */
export const usualScopes: readonly string[] = [...requiredScopes, "crm.objects.leads.read"];

/** Pipelines and properties accept any object's read scope, but leads need Sales Hub and their own. */
export const definitionScopes = (type: ObjectType): readonly string[] =>
  type.name === "lead" ? [type.scope] : objectTypes.map(({ scope }) => scope);

import { texts } from "../texts/texts.ts";

const { us, gone } = texts.audit;

/** What whoever did it is called: a person by name, a vendor, or us. */
export function calledIn(who: string, names: Readonly<Record<string, string>>): string {
  const name = names[who];
  if (name !== undefined) return name;
  if (Object.hasOwn(us, who)) return us[who as keyof typeof us];
  return who.startsWith("usr_") ? gone(who) : who;
}

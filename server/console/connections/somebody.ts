import type { ConnectionFacts } from "../../api/connections.ts";
import { texts } from "../texts/texts.ts";

const { us, somebody } = texts.connectionsPage;

/** Who did it, as people call them: a person, or one of those who act by themselves. */
export function nameIn({ id, name }: NonNullable<ConnectionFacts["grantedBy"]>): string {
  if (name !== undefined) return name;
  return Object.hasOwn(us, id) ? us[id as keyof typeof us] : somebody;
}

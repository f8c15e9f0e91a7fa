import type { ConnectionFacts } from "../../api/connections.ts";
import { Fact, When } from "../elements/place.tsx";
import { texts } from "../texts/texts.ts";
import { nameIn } from "./somebody.ts";

const { accounts } = texts.connectionsPage;

/** Since when we have access, and from whom. */
export function Granted({ since, grantedBy }: Pick<ConnectionFacts, "since" | "grantedBy">) {
  return (
    <>
      <Fact term={accounts.since}>
        <When at={since} otherwise={accounts.never} />
      </Fact>
      <Fact term={accounts.grantedBy}>
        <bdi>{grantedBy ? nameIn(grantedBy) : accounts.nobody}</bdi>
      </Fact>
    </>
  );
}

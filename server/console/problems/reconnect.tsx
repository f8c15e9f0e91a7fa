import { Button, type ButtonProps } from "@mantine/core";
import { addresses } from "../../api/addresses.ts";
import { follow } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import type { Problem } from "./answers.ts";

const { problems: words } = texts;

/** To where Meta is connected again; what is mapped and what waits stays. */
export function ReconnectMeta({ variant = "filled" }: Pick<ButtonProps, "variant">) {
  return (
    <Button
      component="a"
      size="compact-sm"
      variant={variant}
      href={addresses.connectMeta}
      onClick={(event) => follow(event, addresses.connectMeta)}
    >
      {words.connectMeta}
    </Button>
  );
}

/** To the CRM's own page, which asks for consent. */
export function ReconnectCrm({ problem: { connector, crmName } }: { problem: Problem }) {
  if (connector === undefined || crmName === undefined) return null;
  return (
    <Button component="a" size="compact-sm" variant="filled" href={`/install/${encodeURIComponent(connector)}`}>
      {words.connectCrm(crmName)}
    </Button>
  );
}

import { Button } from "@mantine/core";
import { texts } from "../texts/texts.ts";
import classes from "./setup.module.css";

const { crm: words } = texts.setup;

/** The same consent once more. */
export function Reconnect({ account: { connector, crmName } }: { account: { connector: string; crmName: string } }) {
  return (
    <div className={classes.row}>
      <Button component="a" href={`/install/${encodeURIComponent(connector)}?returnTo=setup`}>
        {words.reconnect(crmName)}
      </Button>
      <p className={classes.dim}>{words.reconnectLead}</p>
    </div>
  );
}

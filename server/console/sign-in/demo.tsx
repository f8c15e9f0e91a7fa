import { Button } from "@mantine/core";
import { Card } from "../elements/card.tsx";
import form from "../elements/form/form.module.css";
import { Link } from "../route/link.tsx";
import { roles } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import classes from "./sign-in.module.css";
import { newWorkspace } from "./wish.ts";

const { demo } = texts.signIn;

/** Into the demo workspace without asking anybody; only where the vendors are simulated. */
export function Demo() {
  return (
    <Card title={demo.title}>
      <p className={classes.dim}>{demo.lead}</p>
      <div className={form.buttons}>
        {roles.map((role) => (
          <Button
            key={role}
            component="a"
            variant={role === "owner" ? "filled" : "default"}
            href={`/sandbox/sign-in?as=${role}`}
          >
            {demo.as[role]}
          </Button>
        ))}
      </div>
      <p className={classes.fresh}>
        {demo.fresh} <Link to={newWorkspace}>{demo.setUp}</Link>
      </p>
    </Card>
  );
}

import { Button } from "@mantine/core";
import { Card } from "../card.tsx";
import form from "../form/form.module.css";
import { en as texts } from "../texts/en.ts";
import classes from "./sign-in.module.css";

const { demo } = texts.signIn;
const roles = ["owner", "admin", "viewer"] as const;

/** Into the demo workspace without asking anybody; only where the vendors are simulated. */
export function Demo() {
  return (
    <Card title={demo.title}>
      <p className={classes.dim}>{demo.lead}</p>
      <div className={form.buttons}>
        {roles.map((role) => (
          <Button key={role} component="a" variant="default" href={`/sandbox/sign-in?as=${role}`}>
            {demo.as[role]}
          </Button>
        ))}
      </div>
    </Card>
  );
}

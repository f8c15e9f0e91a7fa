import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { DatasetConnected, MetaLoginView } from "../../api/datasets.ts";
import { ask } from "../api/call.ts";
import { Note } from "../elements/note.tsx";
import { Page } from "../elements/page.tsx";
import { go } from "../route/history.ts";
import { Only } from "../shell/only.tsx";
import { texts } from "../texts/texts.ts";
import { Login } from "./login.tsx";
import classes from "./meta.module.css";
import { Paste } from "./paste.tsx";

const { meta: words } = texts;
const { codes } = words.login;
const isKnown = (code: string): code is keyof typeof codes => Object.hasOwn(codes, code);

/** Two ways to a dataset: signing in at Meta, where that is set up, and a token that was copied from there. */
export function ConnectMeta() {
  return (
    <Only atLeast="admin">
      <Page title={words.heading}>
        <Ways />
      </Page>
    </Only>
  );
}

function Ways() {
  const queries = useQueryClient();
  const failed = new URLSearchParams(location.search).get("failed");
  const { data } = useQuery({
    queryKey: ["meta-login"],
    queryFn: ({ signal }) => ask<MetaLoginView>("/meta/login", { signal }),
  });
  const connected = (_dataset: DatasetConnected) => {
    queries.removeQueries({ queryKey: ["go-live"] });
    queries.removeQueries({ queryKey: ["overview"] });
    go("/");
  };
  return (
    <>
      <ul className={classes.points}>
        {words.facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {failed !== null && (
        <Note tone="problem" role="alert">
          {words.login.failed}. {isKnown(failed) ? codes[failed] : words.login.other}
        </Note>
      )}
      {data?.offered && <Login waiting={data.waiting} onConnected={connected} />}
      <Paste onConnected={connected} />
    </>
  );
}

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { DatasetConnected, MetaLoginView } from "../../api/datasets.ts";
import { ask } from "../api/call.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { Login } from "./login.tsx";
import classes from "./meta.module.css";
import { Paste } from "./paste.tsx";

const { meta: words } = texts;
const { codes } = words.login;
const isKnown = (code: string): code is keyof typeof codes => Object.hasOwn(codes, code);

interface Props {
  /** The page that Meta's sign-in is begun on, and leads back to. */
  from: "alone" | "setup";
  /** Why the sign-in came to nothing, by its code. */
  failed: string | undefined;
  onConnected: (dataset: DatasetConnected) => void;
}

/** Two ways to a dataset: signing in at Meta, where that is set up, and a token that was copied from there. */
export function Ways({ from, failed, onConnected }: Props) {
  const queries = useQueryClient();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["meta-login"],
    queryFn: ({ signal }) => ask<MetaLoginView>("/meta/login", { signal }),
  });
  // A sign-in serves for one choice: after it there is nothing to ask Meta for.
  const connected = (dataset: DatasetConnected) => {
    queries.setQueryData<MetaLoginView>(["meta-login"], (known) => known && { ...known, waiting: false });
    onConnected(dataset);
  };
  return (
    <>
      <ul className={classes.points}>
        {words.facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {failed !== undefined && (
        <Note tone="problem" role="alert">
          {words.login.failed}. {isKnown(failed) ? codes[failed] : words.login.other}
        </Note>
      )}
      {data?.offered && <Login from={from} waiting={data.waiting} onConnected={connected} />}
      {!data && !error && <Awaited label={words.login.loading} />}
      {error && (
        <Refusal what={words.login.waysFailed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {/* A token can be pasted whatever Meta's sign-in is about. */}
      {(data || error) && <Paste alone={!data?.offered} onConnected={connected} />}
    </>
  );
}

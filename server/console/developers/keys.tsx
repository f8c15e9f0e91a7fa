import { useState } from "react";
import type { IngestKeyMade } from "../../api/ingest-keys.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Disclosure } from "../elements/disclosure.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Rows } from "../elements/rows.tsx";
import { texts } from "../texts/texts.ts";
import { useKeysOf } from "./answers.ts";
import classes from "./developers.module.css";
import { Key } from "./key.tsx";
import { MakeKey } from "./make-key.tsx";
import { Once } from "./once.tsx";

const { keys: words } = texts.developers;

/** The keys of a connection that is pushed to. One that was just made is shown once, above the others. */
export function Keys({ connection }: { connection: string }) {
  const { data, error, isFetching, refetch } = useKeysOf(connection);
  const [made, show] = useState<{ readonly key: IngestKeyMade; readonly replaced: boolean }>();
  const live = data?.keys.filter(({ state }) => state !== "ended") ?? [];
  const ended = data?.keys.filter(({ state }) => state === "ended") ?? [];
  const row = (key: (typeof live)[number]) => (
    <Key key={key.id} connection={connection} one={key} onRotated={(next) => show({ key: next, replaced: true })} />
  );
  return (
    <KeptFocus className={classes.part}>
      <h3 className={classes.subtitle}>{words.title}</h3>
      <p className={classes.dim}>{words.lead}</p>
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!data && !error && <Awaited label={words.loading} lines={2} />}
      {made && (
        <Once
          key={made.key.id}
          told={made.replaced ? words.replaced(made.key.name) : words.shown(made.key.name)}
          secret={made.key.key}
          copy={words.copy}
          onKept={() => show(undefined)}
        />
      )}
      {data && live.length === 0 && <p className={classes.dim}>{words.none}</p>}
      {live.length > 0 && <Rows>{live.map(row)}</Rows>}
      {ended.length > 0 && (
        <Disclosure summary={words.older(ended.length)}>
          <Rows>{ended.map(row)}</Rows>
        </Disclosure>
      )}
      {data && <MakeKey connection={connection} onMade={(key) => show({ key, replaced: false })} />}
    </KeptFocus>
  );
}

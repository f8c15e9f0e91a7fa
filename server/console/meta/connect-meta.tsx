import { useQueryClient } from "@tanstack/react-query";
import { addresses } from "../../api/addresses.ts";
import { Page } from "../elements/page.tsx";
import { go } from "../route/history.ts";
import { useSearch } from "../route/search.ts";
import { Only } from "../shell/only.tsx";
import { texts } from "../texts/texts.ts";
import { Ways } from "./ways.tsx";

/** Connecting a dataset, by itself. */
export function ConnectMeta() {
  const queries = useQueryClient();
  const { failed } = useSearch();
  const connected = () => {
    for (const name of ["go-live", "overview", "setup", "connections"]) queries.removeQueries({ queryKey: [name] });
    go(addresses.overview);
  };
  return (
    <Only atLeast="admin">
      <Page title={texts.meta.heading}>
        <Ways from="alone" failed={failed} onConnected={connected} />
      </Page>
    </Only>
  );
}

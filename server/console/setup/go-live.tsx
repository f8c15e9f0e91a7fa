import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { GoLiveAsked, GoLiveView } from "../../api/go-live.ts";
import type { ConnectionView } from "../../api/schema.ts";
import { ask } from "../api/call.ts";
import { useDeed } from "../api/deed.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { Choices } from "../elements/form/choices.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./setup.module.css";

const { goLive: words } = texts.setup;

/** Switches sending on for one account: to which dataset, and from when. */
export function GoLive({ account: { id, name }, may }: { account: ConnectionView; may: boolean }) {
  const { data } = useQuery({
    queryKey: ["go-live", id],
    queryFn: ({ signal }) => ask<GoLiveView>(`/connections/${id}/go-live`, { signal }),
    refetchInterval: 5000,
  });
  const [from, since] = useState<GoLiveAsked["from"]>("now");
  const [chosen, choose] = useState<string>();
  const start = useDeed<GoLiveAsked, unknown>(
    (post, asked) => post(`/connections/${id}/go-live`, asked),
    () => words.done(name),
  );
  if (!data || data.live) return null;
  const [first] = data.datasets;
  if (!first) return <p className={classes.dim}>{words.none}</p>;
  if (!may) return <p className={classes.dim}>{words.viewer}</p>;
  const dataset = chosen ?? data.dataset ?? first.id;
  return (
    <div className={classes.account}>
      <p className={classes.name}>
        <bdi>{words.title(name)}</bdi>
      </p>
      <p className={classes.dim}>{words.lead}</p>
      <div className={classes.choices}>
        {(data.datasets.length > 1 || !data.dataset) && (
          <Choices
            legend={words.dataset}
            value={dataset}
            onChoose={choose}
            choices={data.datasets.map((one) => ({ value: one.id, label: one.name, note: one.metaId }))}
          />
        )}
        <Choices
          legend={words.from}
          value={from}
          onChoose={since}
          choices={[
            { value: "now", label: words.now, note: words.nowNote },
            { value: "last-7-days", label: words.week, note: words.weekNote },
          ]}
        />
        <div>
          <DeedButton
            variant="filled"
            busy={words.starting}
            doing={start.isPending}
            onDo={() => start.mutate({ from, dataset })}
          >
            {words.start}
          </DeedButton>
        </div>
        {start.error && <Refusal what={words.failed} error={start.error} />}
      </div>
    </div>
  );
}

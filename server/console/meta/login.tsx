import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DatasetConnected, MetaBusinesses } from "../../api/datasets.ts";
import { ask } from "../api/call.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Choices } from "../elements/form/choices.tsx";
import form from "../elements/form/form.module.css";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { ChooseDataset } from "./choose-dataset.tsx";
import classes from "./meta.module.css";

const { login: words } = texts.meta;

interface Props {
  /** The page to come back to. */
  from: "alone" | "setup";
  /** Somebody of this workspace has signed in at Meta, and nothing is chosen yet. */
  waiting: boolean;
  onConnected: (dataset: DatasetConnected) => void;
}

/** Signing in at Meta; after it, the choice of business and dataset. */
export function Login({ from, waiting, onConnected }: Props) {
  return (
    <Card title={words.title}>
      <p className={classes.lead}>{words.lead}</p>
      {waiting && <ChooseBusiness onConnected={onConnected} />}
      <div className={form.buttons}>
        <Button
          component="a"
          href={from === "setup" ? "/connect/meta?from=setup" : "/connect/meta"}
          variant={waiting ? "default" : "filled"}
        >
          {waiting ? words.again : words.leave}
        </Button>
      </div>
    </Card>
  );
}

function ChooseBusiness({ onConnected }: Pick<Props, "onConnected">) {
  const [chosen, choose] = useState<string>();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["meta-businesses"],
    queryFn: ({ signal }) => ask<MetaBusinesses>("/meta/businesses", { signal, patienceMs: 30_000 }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error)
    return <Refusal what={words.businessesFailed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  if (!data) return <Awaited label={words.loading} />;
  const [first, ...others] = data.businesses;
  if (!first) return <Absence>{words.noBusinesses}</Absence>;
  // Where one was opened to us there is nothing to choose.
  const business = others.length === 0 ? first.id : chosen;
  return (
    <div className={classes.chosen}>
      <Choices
        legend={words.businesses}
        choices={data.businesses.map(({ id, name }) => ({ value: id, label: name, note: id }))}
        value={business}
        onChoose={choose}
      />
      {business && <ChooseDataset key={business} business={business} onConnected={onConnected} />}
    </div>
  );
}

import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { DatasetConnected, MetaChoice, MetaDatasets } from "../../api/datasets.ts";
import { ask, longPatienceMs } from "../api/call.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Choices } from "../elements/form/choices.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";

const { login: words, busy } = texts.meta;
const anew = "new";

interface Props {
  business: string;
  onConnected: (dataset: DatasetConnected) => void;
}

/** A dataset of the business, or a new one. */
export function ChooseDataset({ business, onConnected }: Props) {
  const [chosen, choose] = useState<string>();
  const [name, call] = useState(words.usualName);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["meta-datasets", business],
    queryFn: ({ signal }) =>
      ask<MetaDatasets>(`/meta/datasets?business=${business}`, { signal, patienceMs: longPatienceMs }),
  });
  const connect = useMutation({
    mutationFn: (choice: MetaChoice) =>
      ask<DatasetConnected>("/meta/choose", { body: choice, patienceMs: longPatienceMs }),
    onSuccess: onConnected,
  });
  if (error)
    return <Refusal what={words.datasetsFailed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  if (!data) return <Awaited label={words.loading} />;

  const wanted = chosen ?? data.datasets.find(mayBe)?.metaId ?? anew;
  const nameless = wanted === anew && name.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (connect.isPending || nameless) return;
    connect.mutate(wanted === anew ? { business, create: { name: name.trim() } } : { business, metaId: wanted });
  };
  return (
    <form className={form.form} onSubmit={submit} noValidate>
      <Choices
        legend={words.datasets}
        value={wanted}
        onChoose={choose}
        choices={[
          ...data.datasets.map((dataset) => ({
            value: dataset.metaId,
            label: dataset.name,
            note: noteOf(dataset),
            disabled: !mayBe(dataset),
          })),
          { value: anew, label: words.create, note: words.createNote },
        ]}
      />
      {wanted === anew && (
        <Field
          label={words.name}
          value={name}
          maxLength={100}
          error={nameless ? words.nameMissing : undefined}
          onChange={({ target }) => call(target.value)}
        />
      )}
      <Button type="submit" aria-disabled={connect.isPending || undefined}>
        {connect.isPending ? busy : words.connect}
      </Button>
      {connect.error && <Refusal what={words.connectFailed} error={connect.error} />}
    </form>
  );
}

type Offered = MetaDatasets["datasets"][number];
const mayBe = ({ permitted, crm }: Offered): boolean => permitted && crm !== false;

function noteOf({ metaId, permitted, crm, connected }: Offered): string {
  const kind = crm === false ? words.noCrm : crm && words.crm;
  return [metaId, kind, !permitted && words.notPermitted, connected && words.connected].filter(Boolean).join(" · ");
}

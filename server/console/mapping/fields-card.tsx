import type { ReactNode } from "react";
import type { LeadFieldsView } from "../../api/lead-fields.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { useLeadFields } from "./answers.ts";

const { fields: words } = texts.mapping;

interface Props {
  connection: string;
  title: string;
  /** Said where the CRM sends it by itself. */
  nothing: string;
  children: (view: LeadFieldsView) => ReactNode;
}

/** A card on some of a CRM's fields. */
export function FieldsCard({ connection, title, nothing, children }: Props) {
  const { data, error, isFetching, refetch } = useLeadFields(connection);
  return (
    <Card title={title}>
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!data && !error && <Awaited label={words.loading} />}
      {data && !data.choosable && <Absence>{nothing}</Absence>}
      {data?.choosable && children(data)}
    </Card>
  );
}

import type { ReactNode } from "react";
import type { LeadFieldsView } from "../../api/lead-fields.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { useLeadFields } from "./answers.ts";

const { fields: words } = texts.mapping;

/** What there is to choose from, and of which CRM. */
export interface Choosable {
  readonly connection: string;
  readonly connector: string | undefined;
  readonly crm: string;
  readonly view: LeadFieldsView;
}

interface Props {
  connection: string;
  title: string;
  /** Said where the CRM sends it by itself. */
  nothing: string;
  children: (choosable: Choosable) => ReactNode;
}

/** A card on some of a CRM's fields. */
export function FieldsCard({ connection, title, nothing, children }: Props) {
  const { data, error, isFetching, refetch } = useLeadFields(connection);
  const { connector, crmName: crm = "" } = useOverview().connections.find(({ id }) => id === connection) ?? {};
  return (
    <Card title={title}>
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!data && !error && <Awaited label={words.loading} />}
      {data && !data.choosable && <Absence>{nothing}</Absence>}
      {data?.choosable && children({ connection, connector, crm, view: data })}
    </Card>
  );
}

import type { Overview } from "../../api/schema.ts";
import { Days } from "../connections/days.tsx";
import { useInspected } from "./address.ts";
import { CrmRecord } from "./crm-record.tsx";
import { Delivery } from "./delivery.tsx";

/** What lies open beside the page, if anything does. */
export function Inspector({ overview }: { overview: Overview }) {
  const inspected = useInspected();
  const connectionOf = (id: string) => overview.connections.find((connection) => connection.id === id);
  switch (inspected?.what) {
    case "delivery":
      return <Delivery {...inspected} connections={overview.connections} />;
    case "record":
      return <CrmRecord inspected={inspected} connection={connectionOf(inspected.connection)} />;
    case "days":
      return <Days id={inspected.connection} connection={connectionOf(inspected.connection)} />;
    default:
      return null;
  }
}

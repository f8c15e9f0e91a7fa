import { useParams } from "@tanstack/react-router";
import { addresses } from "../../api/addresses.ts";
import { AccountLinks } from "../elements/account-links.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Page } from "../elements/page.tsx";
import { Link } from "../route/link.tsx";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { MappingEditor } from "./editor.tsx";
import { mappingHref } from "./href.ts";
import { LeadFields } from "./lead-fields.tsx";
import { Versions } from "./versions.tsx";
import { WorthFields } from "./worth-fields.tsx";

const { mapping: words } = texts;

/** The mapping of one connection, and the way to those of the others. */
export function MappingPage() {
  const { connection: named } = useParams({ strict: false });
  const { connections } = useOverview();
  const connection = named ?? connections[0]?.id;
  if (connection === undefined)
    return (
      <Page title={words.title} lead={words.lead}>
        <Card title={words.stages.title}>
          <Absence>{words.noConnection.text}</Absence>
          <p>
            <Link to={addresses.connections}>{words.noConnection.connect}</Link>
          </p>
        </Card>
      </Page>
    );
  return (
    <Page title={words.title} lead={words.lead}>
      {connections.length > 1 && (
        <AccountLinks
          label={words.accounts}
          accounts={connections.map(({ id, name, crmName }) => ({ id, name: name || crmName, to: mappingHref(id) }))}
          shown={connection}
        />
      )}
      <MappingEditor connection={connection}>
        <LeadFields key={`fields-${connection}`} connection={connection} />
        <WorthFields key={`worth-${connection}`} connection={connection} />
        <Versions key={`versions-${connection}`} connection={connection} />
      </MappingEditor>
    </Page>
  );
}

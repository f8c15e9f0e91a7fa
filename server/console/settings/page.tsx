import { addresses } from "../../api/addresses.ts";
import { Page } from "../elements/page.tsx";
import { Placeholder } from "../elements/placeholder.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { Alerts } from "./alerts.tsx";
import { useSettings } from "./answers.ts";
import { Browser } from "./browser.tsx";
import { Kept } from "./kept.tsx";
import { Personal } from "./personal.tsx";
import { Workspace } from "./workspace.tsx";

const { settings: words } = texts;

/** What is decided for the workspace. Each setting is saved by itself. */
export function SettingsPage() {
  const may = useMay("admin");
  const { data, error, isFetching, refetch } = useSettings();
  return (
    <Page
      title={words.title}
      lead={
        may ? (
          words.lead
        ) : (
          <>
            {words.onlyAdmins} <Link to={addresses.members}>{words.askAdmin}</Link>
          </>
        )
      }
    >
      {error && <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!data && !error && <Placeholder label={words.loading} />}
      {data && (
        <>
          <Workspace settings={data} may={may} />
          <Personal settings={data} may={may} />
          <Alerts settings={data} may={may} />
          <Kept kept={data.kept} />
        </>
      )}
      <Browser />
    </Page>
  );
}

import { Note } from "../elements/note.tsx";
import { Page } from "../elements/page.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useMay } from "../session/session.ts";
import { useSettings } from "../settings/answers.ts";
import { Kept } from "../settings/kept.tsx";
import { texts } from "../texts/texts.ts";
import { EraseWorkspace } from "./erase-workspace.tsx";
import { Person } from "./person.tsx";

const { privacy: words } = texts;

/** What is held of people: found, handed out, erased; and the end of the whole workspace. */
export function PrivacyPage() {
  const may = useMay("admin");
  const { data, error, isFetching, refetch } = useSettings();
  return (
    <Page title={words.title} lead={words.lead}>
      {may ? <Person days={data?.kept.payloads ?? 30} /> : <Note tone="setup">{words.person.onlyAdmins}</Note>}
      {error && (
        <Refusal what={texts.settings.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {data && <Kept kept={data.kept} here />}
      <EraseWorkspace />
    </Page>
  );
}

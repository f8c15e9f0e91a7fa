import { useMutation } from "@tanstack/react-query";
import type { PersonAsked, PersonErased, PersonExported, PersonFound } from "../../api/people.ts";
import { ask, longPatienceMs } from "../api/call.ts";
import { useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Deeds } from "../elements/deeds.tsx";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useSay } from "../elements/saying.tsx";
import { texts } from "../texts/texts.ts";
import { sum } from "./sum.ts";
import { TypedForm } from "./typed-form.tsx";

const { copy, erase } = texts.privacy;

interface Props {
  asked: PersonAsked;
  found: PersonFound;
  records: number;
  onErased: (erased: PersonErased) => void;
}

/** What can be done with what is held of a person. */
export function PersonDeeds({ asked, found: { connections }, records, onErased }: Props) {
  const say = useSay();
  const download = useMutation<PersonExported>({
    mutationFn: () => ask("/people/export", { body: asked, patienceMs: longPatienceMs }),
    onSuccess: (exported) => {
      save(exported);
      say(copy.done);
    },
  });
  const erasing = useDeed(
    (post) => post<PersonErased>("/people/erase", asked),
    () => erase.done,
    onErased,
  );
  return (
    <>
      <Deeds>
        <DeedButton
          variant="light"
          busy={copy.downloading}
          doing={download.isPending}
          onDo={() => download.mutate(undefined)}
        >
          {copy.download}
        </DeedButton>
        <Confirming trigger={erase.trigger} question={erase.asked(records)} cancel={erase.keep}>
          {() => (
            <>
              <Means>{erase.stops(sum(connections, "waiting"))}</Means>
              <Means>{erase.sent(sum(connections, "sent"))}</Means>
              <Means>{erase.stays}</Means>
              <TypedForm
                wanted={asked.by === "record" ? asked.record : asked.value}
                wrong={erase.wrong}
                erase={erase.trigger}
                erasing={erase.erasing}
                failed={erase.failed}
                deed={erasing}
              />
            </>
          )}
        </Confirming>
      </Deeds>
      {download.data && !download.data.complete && <Note tone="waiting">{copy.partly}</Note>}
      {download.error && <Refusal what={copy.failed} error={download.error} />}
    </>
  );
}

/** As a file, from memory: nothing of it stands in an address. */
function save(exported: PersonExported): void {
  const file = URL.createObjectURL(new Blob([JSON.stringify(exported, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = file;
  link.download = `${copy.file}-${exported.at.slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(file);
}

import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Icon } from "../elements/icons.tsx";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { isConflict, type Saving } from "./answers.ts";
import classes from "./settings.module.css";

const { settings: words } = texts;
const shownMs = 4_000;

/** Beside a setting: that it is being saved, or was a moment ago. */
export function Saved({ saving }: { saving: Saving }) {
  const [fresh, beFresh] = useState(false);
  const { isSuccess, submittedAt } = saving;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each saving is told of anew
  useEffect(() => {
    if (!isSuccess) return;
    beFresh(true);
    const timer = setTimeout(() => beFresh(false), shownMs);
    return () => clearTimeout(timer);
  }, [isSuccess, submittedAt]);
  if (saving.isPending) return <span className={classes.saved}>{words.saving}</span>;
  if (!fresh) return null;
  return (
    <span className={classes.saved} data-tone="live">
      <Icon name="tick" size={14} />
      {words.saved}
    </span>
  );
}

/** Below a setting: why it was not saved. Where somebody else was faster, the way to see theirs. */
export function NotSaved({ saving }: { saving: Saving }) {
  const queries = useQueryClient();
  if (!saving.error) return null;
  if (!isConflict(saving.error)) return <Refusal what={words.notSaved} error={saving.error} />;
  const look = async () => {
    await queries.refetchQueries({ queryKey: ["settings"] });
    saving.reset();
  };
  return (
    <div className={classes.conflict}>
      <Note tone="waiting" role="alert">
        <strong>{words.conflict.title}</strong> {words.conflict.yours}
      </Note>
      <div>
        <Button size="compact-sm" variant="default" onClick={() => void look()}>
          {words.conflict.look}
        </Button>
      </div>
    </div>
  );
}

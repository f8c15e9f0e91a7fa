import { useQueryClient } from "@tanstack/react-query";
import type { workspaceKept } from "../../api/workspace.ts";
import { type AnswerOf, useDeed } from "../api/deed.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { Note } from "../elements/note.tsx";
import { useNow } from "../elements/now.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { ToCopy } from "../elements/to-copy.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./privacy.module.css";

const { workspace: words } = texts.privacy;

interface Props {
  endsAt: string;
  /** Known only to whoever has just asked for it. */
  receipt: string | undefined;
  owner: boolean;
  onKept: () => void;
}

/** When the workspace is erased; until then an owner can keep it. */
export function Ending({ endsAt, receipt, owner, onKept }: Props) {
  const queries = useQueryClient();
  const left = Date.parse(endsAt) - useNow();
  const keep = useDeed(
    async (ask) => {
      const kept = await ask<AnswerOf<typeof workspaceKept>>("/workspace/keep");
      await queries.invalidateQueries({ queryKey: ["workspace"] });
      return kept;
    },
    () => words.kept,
    onKept,
  );
  return (
    <>
      <Note tone="problem">
        {left > 0 ? (
          <>
            {words.ends(texts.time.short(new Date(endsAt)), texts.time.relative(left))} {words.endsMeans}
          </>
        ) : (
          words.begun
        )}
      </Note>
      {receipt && (
        <div className={classes.receipt}>
          <p className={classes.lead}>{words.receipt}</p>
          <ToCopy text={receipt} label={words.copy} />
        </div>
      )}
      {owner && left > 0 && (
        <div>
          <DeedButton variant="filled" busy={words.keeping} doing={keep.isPending} onDo={() => keep.mutate(undefined)}>
            {words.keep}
          </DeedButton>
        </div>
      )}
      {keep.error && <Refusal what={words.keepFailed} error={keep.error} />}
    </>
  );
}

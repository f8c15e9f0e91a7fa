import { useRouterState } from "@tanstack/react-router";
import { addresses } from "../../api/addresses.ts";
import { Note } from "../elements/note.tsx";
import { useNow } from "../elements/now.tsx";
import { Link } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";

const { ending: words } = texts.shell;
const { workspace: said } = texts.privacy;

/** The workspace is to be erased: everybody in it knows, and whoever can keep it is led there. */
export function Ending({ endsAt }: { endsAt: string }) {
  const owner = useMay("owner");
  const here = useRouterState({ select: ({ location }) => location.pathname === addresses.privacy });
  const left = Date.parse(endsAt) - useNow();
  if (left <= 0) return <Note tone="problem">{said.begun}</Note>;
  return (
    <Note tone="waiting">
      {said.ends(texts.time.short(new Date(endsAt)), texts.time.relative(left))} {said.endsMeans}{" "}
      {!owner && words.ownersKeep}
      {owner && !here && <Link to={addresses.privacy}>{words.toKeep}</Link>}
    </Note>
  );
}

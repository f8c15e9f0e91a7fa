import { Resume } from "../connections/lane-deeds.tsx";
import { mappingHref } from "../mapping/href.ts";
import { Link } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import type { Problem } from "./answers.ts";
import { hrefOf } from "./looks.ts";
import { ReconnectCrm, ReconnectMeta } from "./reconnect.tsx";

/** What mends it, where one press does; else the way to how it is mended. */
export function MainDeed({ problem }: { problem: Problem }) {
  const { code, about = "", standsStill, title, name } = problem;
  const may = useMay("admin");
  const kind = about.startsWith("con_") ? "reading" : "sending";
  if (may && (code === "meta_token" || code === "access_ending")) return <ReconnectMeta />;
  if (may && code === "crm_disconnected") return <ReconnectCrm problem={problem} />;
  if (may && standsStill && code === "by_admin") return <Resume lane={{ kind, id: about }} variant="filled" />;
  if (code === "new_stage") return <Link to={mappingHref(about)}>{texts.problems.detail.places.mapping}</Link>;
  return (
    <Link to={hrefOf(problem)} label={[texts.problems.look, title, name ?? ""].join(" · ")}>
      {texts.problems.look}
    </Link>
  );
}

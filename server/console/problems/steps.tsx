import { addresses } from "../../api/addresses.ts";
import type { ProblemDetail } from "../../api/problems.ts";
import { CheckNow, Resume } from "../connections/lane-deeds.tsx";
import { deliveriesHref } from "../deliveries/href.ts";
import { mappingHref } from "../mapping/href.ts";
import { Link } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { ReconnectCrm, ReconnectMeta } from "./reconnect.tsx";
import { SendAllAgain } from "./send-all-again.tsx";
import classes from "./steps.module.css";

const { detail: words, deeds } = texts.problems;

/** How it is mended, one thing after the other, each with the button or the way to where it is done. */
export function Steps({ problem, sending }: { problem: ProblemDetail; sending: boolean }) {
  const { steps } = problem;
  const may = useMay("admin");
  if (steps.length === 0) return <p className={classes.nothing}>{words.nothing}</p>;
  return (
    <>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.words} className={classes.step}>
            <p className={classes.words}>{step.words}</p>
            <Deed step={step} problem={problem} may={may} sending={sending} />
          </li>
        ))}
      </ol>
      {!may && <p className={classes.nothing}>{deeds.askAdmin}</p>}
    </>
  );
}

interface DeedProps {
  step: ProblemDetail["steps"][number];
  problem: ProblemDetail;
  may: boolean;
  /** Its events are being sent again. */
  sending: boolean;
}

function Deed({ step: { place }, problem, may, sending }: DeedProps) {
  const { about = "", standsStill, canRedrive, estimateMs, examples } = problem;
  const kind = about.startsWith("con_") ? "reading" : "sending";
  switch (place) {
    case "connect_meta":
      return may && <ReconnectMeta variant={problem.code === "meta_dataset" ? "default" : "filled"} />;
    case "connect_crm":
      return may && <ReconnectCrm problem={problem} />;
    case "resume":
      return (
        may &&
        standsStill && (
          <>
            <Resume lane={{ kind, id: about }} variant="filled" />
            {estimateMs !== undefined && problem.affected > 0 && (
              <p className={classes.then}>{words.afterwards(problem.affected, estimateMs)}</p>
            )}
          </>
        )
      );
    case "check_now":
      return may && kind === "reading" && !standsStill && <CheckNow id={about} />;
    case "send_again":
      return may && canRedrive && !sending && <SendAllAgain problem={problem} estimateMs={estimateMs} />;
    case "mapping":
      return (
        <Link to={mappingHref(kind === "reading" ? about : examples[0]?.connectionId)}>{words.places.mapping}</Link>
      );
    case "deliveries":
      return <Link to={deliveriesOf(problem)}>{words.places.deliveries}</Link>;
    case "connections":
    case "settings":
      return <Link to={addresses[place]}>{words.places[place]}</Link>;
    default:
      return null;
  }
}

function deliveriesOf({ kind, code, about }: ProblemDetail): string {
  const which = kind === "refused" ? ({ state: "refused", reason: code } as const) : ({ state: "waiting" } as const);
  return deliveriesHref({ ...which, ...(about?.startsWith("dst_") && { dataset: about }) });
}

import { useRouterState } from "@tanstack/react-router";
import { useLayoutEffect, useRef } from "react";
import { addresses } from "../../api/addresses.ts";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./navigation.module.css";

const { shell: words } = texts;

const work = ["overview", "deliveries", "problems", "mapping", "preview", "connections"] as const;
const workspace = ["members", "settings", "privacy", "audit", "developers"] as const;

/** The ways to every page; `problems`: how many are open. On a small screen they are one line that can be pushed along. */
export function Navigation({ problems = 0 }: { problems: number | undefined }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const bar = useRef<HTMLElement>(null);
  // The page that is shown may lie beyond the edge of a small screen.
  useLayoutEffect(() => {
    const here = bar.current?.querySelector<HTMLElement>(`a[href="${CSS.escape(path)}"]`);
    if (here && bar.current) bar.current.scrollLeft = here.offsetLeft - 24;
  }, [path]);
  const way = (name: (typeof work)[number] | (typeof workspace)[number]) => {
    const to = addresses[name];
    const current = to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`);
    return (
      <li key={name}>
        <Link to={to} className={classes.way} current={current}>
          {words.pages[name]}
          {name === "problems" && problems > 0 && (
            <span className={classes.count} title={texts.problems.open(problems)}>
              {texts.number(problems)}
            </span>
          )}
        </Link>
      </li>
    );
  };
  return (
    <nav className={classes.bar} aria-label={words.navigation} ref={bar}>
      <ul className={classes.list}>{work.map(way)}</ul>
      <h2 className={classes.title}>{words.workspace}</h2>
      <ul className={classes.list}>{workspace.map(way)}</ul>
    </nav>
  );
}

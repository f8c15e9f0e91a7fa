import { useEffect } from "react";
import { addresses } from "../../api/addresses.ts";
import { go } from "../route/history.ts";

/** What follows `g`. */
const places: Readonly<Record<string, string>> = {
  o: addresses.overview,
  d: addresses.deliveries,
  p: addresses.problems,
  m: addresses.mapping,
  s: addresses.settings,
};
const patienceMs = 1_500;
const setting = "stagewire-single-keys";

/** Whether single keys do something: WCAG 2.1.4 wants that they can be switched off. Kept in this browser. */
export const keysAreOn = (): boolean => localStorage.getItem(setting) !== "off";
export const switchKeys = (on: boolean): void => localStorage.setItem(setting, on ? "on" : "off");

/**
 * The keys of every page: `?` `/` `g o` … `j` `k` `r` `c`. What they act on is marked in the page: `data-search` is what is
 * typed into, `data-row` a row's link, `data-again` and `data-copy` buttons of what lies open, `data-help` the help's button.
 */
export function useKeys(): void {
  useEffect(() => {
    let awaited = 0;
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (!keysAreOn()) return;
      const place = event.timeStamp < awaited ? places[event.key] : undefined;
      awaited = event.key === "g" ? event.timeStamp + patienceMs : 0;
      const done = place === undefined ? act(event.key) : leave(place);
      if (done) event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest("input, textarea, select, [contenteditable], [role=listbox]") !== null;

function leave(to: string): boolean {
  if (document.querySelector("dialog:modal")) return false;
  go(to);
  return true;
}

function act(key: string): boolean {
  switch (key) {
    case "?":
      return press("[data-help]");
    case "/":
      return focus(document.querySelector<HTMLElement>("[data-search]"));
    case "j":
      return step(1);
    case "k":
      return step(-1);
    case "r":
      return press("dialog[open] [data-again]");
    case "c":
      return press("dialog[open] [data-copy]");
    default:
      return false;
  }
}

function press(what: string): boolean {
  const found = document.querySelector<HTMLElement>(what);
  found?.click();
  return found !== null;
}

function focus(found: HTMLElement | null | undefined): boolean {
  found?.focus();
  return Boolean(found);
}

function step(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const here = rows.indexOf(document.activeElement as HTMLElement);
  return focus(here === -1 ? rows[0] : rows[here + by]);
}

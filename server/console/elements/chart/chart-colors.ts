/** Names of our colour variables (colors.css) that charts are drawn in. */
export type ChartColor =
  | "--live-edge"
  | "--waiting-edge"
  | "--problem-edge"
  | "--bar-total"
  | "--bar"
  | "--dim"
  | "--line";

/** As the chosen scheme has it at this moment. */
export const colorOf = (name: ChartColor): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Tells when the colour scheme changes; a canvas does not follow by itself. @returns what ends it */
export function onSchemeChange(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
  return () => observer.disconnect();
}

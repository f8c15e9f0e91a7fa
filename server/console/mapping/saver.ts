import type { SavedBy } from "../../api/mapping.ts";
import { texts } from "../texts/texts.ts";

const { by: words } = texts.mapping.versions;

/** Who saved a version, in words. */
export const saverOf = (by: SavedBy | undefined): string =>
  by?.by === "person" ? (by.name ?? words.unknown) : words[by?.by ?? "suggestion"];

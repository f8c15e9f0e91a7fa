import { createContext } from "react";

/** The open drawer lies above the whole page: what floats must float inside it. Null: nothing lies above. */
export const Layer = createContext<HTMLElement | null>(null);

import { createContext, useContext } from "react";
import type { Overview } from "../../api/schema.ts";

const Read = createContext<Overview | undefined>(undefined);
export const OverviewProvider = Read.Provider;

/** What the shell has read last, every 2 s: how things stand, the accounts and the datasets. For pages within the shell. */
export function useOverview(): Overview {
  const overview = useContext(Read);
  if (!overview) throw new TypeError("this stands outside of the shell");
  return overview;
}

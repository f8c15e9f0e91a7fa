import type { MetaFaults } from "./behaviour.ts";
import { GraphError, graphErrors } from "./errors.ts";

/** The answer somebody chose at the back door: a Graph error by its code, or what a bare HTTP status looks like at Meta. */
export function chosenError({ status, code, subcode, transient }: MetaFaults): GraphError {
  if (code === undefined && status !== undefined && [502, 504].includes(status))
    return new GraphError({ ...graphErrors.down, status }, undefined, page(status)); // from a proxy, not from Graph
  if (code === undefined) return new GraphError({ ...byStatus(status ?? 500), status: status ?? 500 });
  const known = Object.values(graphErrors).find(
    (answer) => answer.code === code && ("subcode" in answer ? answer.subcode : undefined) === subcode,
  );
  return new GraphError({
    message: `(#${code}) An error chosen in the sandbox`,
    ...known,
    status: status ?? known?.status ?? 400,
    code,
    ...(subcode === undefined ? {} : { subcode }),
    ...(transient === undefined ? {} : { transient }),
  });
}

function byStatus(status: number): (typeof graphErrors)[keyof typeof graphErrors] {
  if (status === 401) return graphErrors.malformedToken;
  if (status === 403) return graphErrors.forbidden;
  if (status === 429) return graphErrors.appLimit;
  if (status === 503) return graphErrors.down;
  return status >= 500 ? graphErrors.unknown : graphErrors.parameter;
}

const page = (status: number): string =>
  `<!DOCTYPE html><html><head><title>Error</title></head><body><h1>${status}</h1><p>Sorry, something went wrong.</p></body></html>\n`;

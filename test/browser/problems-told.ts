import type { ProblemDetail } from "../../server/api/problems.ts";
import type { Overview } from "../../server/api/schema.ts";
import type { Api, Asked } from "./api.ts";
import * as overviews from "./overviews.ts";
import type * as problems from "./problems.ts";

type Problems = ReturnType<typeof problems.all>;
const none = (): Problems => [];

/** What the API tells of problems, as a test says; `api`: the one that is up at the moment. */
export function problemsTold(api: () => Api) {
  /** The overview and the lists agree; both change together when the test says so. */
  function stand(open: () => Problems, muted = none, resolved = none): () => Overview {
    api().on("GET /problems", ({ query }: Asked) => {
      const { state } = query as { state: string };
      return { problems: state === "open" ? open() : state === "muted" ? muted() : resolved() };
    });
    return () => ({ ...overviews.refusing(), problems: open().length });
  }
  return {
    none,
    stand,
    /** One problem. */
    standOne(detail: () => ProblemDetail): () => Overview {
      api().on("GET /problems/:id", detail);
      return stand(() => [detail()]);
    },
    posts: () => api().log.filter((asked) => asked.startsWith("POST")),
  };
}

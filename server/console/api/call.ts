import { texts } from "../texts/texts.ts";

/** Our server refused, with the words of its catalogue: what is the matter, in particular, and what to do about it. */
export class Refused extends Error {
  readonly code: string;
  readonly title: string;
  readonly fix: string;
  constructor({ code, title, detail, fix }: ProblemAnswer) {
    super(detail);
    this.code = code;
    this.title = title;
    this.fix = fix;
  }
}

/** The body of an `application/problem+json` answer (RFC 9457) of ours. */
interface ProblemAnswer {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly fix: string;
}

interface Call {
  /** Where there is one, the call is a POST. */
  readonly body?: object;
  readonly signal?: AbortSignal;
  readonly patienceMs?: number;
}

/** Where a vendor is asked meanwhile, or much is looked through. */
export const longPatienceMs = 60_000;

/**
 * Asks our server for `/api/v1` + `path`.
 *
 * @throws Refused where the server says why, else an Error with our words
 */
export async function call(path: string, { body, signal, patienceMs = 10_000 }: Call = {}): Promise<Response> {
  const patience = AbortSignal.timeout(patienceMs);
  const answer = await fetch(`/api/v1${path}`, {
    method: body ? "POST" : "GET",
    headers: { accept: "application/json", ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
  }).catch((cause: unknown) => {
    throw new Error(texts.failure.noAnswer, { cause });
  });
  if (answer.ok) return answer;
  const told = answer.headers.get("content-type")?.startsWith("application/problem+json");
  throw told ? new Refused(await read<ProblemAnswer>(answer)) : new Error(texts.failure.status(answer.status));
}

export async function read<Answer>(answer: Response): Promise<Answer> {
  return await answer.json().catch((cause: unknown) => {
    throw new Error(texts.failure.form, { cause });
  });
}

export const ask = async <Answer>(path: string, how?: Call): Promise<Answer> => read<Answer>(await call(path, how));

import { type FailureCode, failures } from "./problems.ts";

/** The one thrown class. Its code says, through the catalogue, what it means and who must act. Holds no personal data. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  /** When the other side asked us to come back, if it did. */
  readonly retryAt: Date | undefined;

  constructor(code: FailureCode, detail?: string, options: { cause?: unknown; retryAt?: Date } = {}) {
    super(detail ? `${failures[code].title}: ${detail}` : failures[code].title, { cause: options.cause });
    this.code = code;
    this.retryAt = options.retryAt;
  }
}

export function isFailure(error: unknown, ...codes: readonly FailureCode[]): error is Failure {
  return error instanceof Failure && (codes.length === 0 || codes.includes(error.code));
}

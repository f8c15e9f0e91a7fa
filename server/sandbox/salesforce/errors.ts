/** An error of the REST API: its body is an array of one (REST guide, "Status Codes and Error Responses"). */
export class RestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
  get body(): readonly object[] {
    return [{ message: this.message, errorCode: this.code }];
  }
}

/** An error of the OAuth endpoints: its body is an object. */
export class OAuthError extends Error {
  readonly status: number;
  readonly error: string;

  constructor(error: string, description: string, status = 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
  get body(): object {
    return { error: this.error, error_description: this.message };
  }
}

export const sessionInvalid = (message = "Session expired or invalid"): RestError =>
  new RestError(401, "INVALID_SESSION_ID", message);
export const notFound = (message = "The requested resource does not exist"): RestError =>
  new RestError(404, "NOT_FOUND", message);
export const malformed = (message: string): RestError => new RestError(400, "MALFORMED_QUERY", message);

/** Salesforce shows where in the query it stumbled, with a caret under the place. */
export function atPosition(query: string, at: number, message: string): string {
  const from = Math.max(0, at - 40);
  const excerpt = query.slice(from, at + 40).replaceAll(/\s/g, " ");
  return `\n${excerpt}\n${" ".repeat(at - from)}^\nERROR at Row:1:Column:${at + 1}\n${message}`;
}

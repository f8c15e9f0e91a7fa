/** A request, read: also the parts of a composite one. */
export interface Call {
  readonly method: string;
  /** Absolute, with the origin it was sent to. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export const segmentsOf = ({ url }: Call): readonly string[] =>
  url.pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);

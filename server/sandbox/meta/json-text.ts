/** JSON that is ready to be sent as it stands, so that what was received verbatim is also shown verbatim. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For callers in the same process; large numbers lose digits here, as in any JSON.parse. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

import PostalMime from "postal-mime";

/** A mail as it arrived; texts are the sender's, and may be anything. */
export interface ReceivedMail {
  /** Counts from 1; a number is never given twice. */
  readonly n: number;
  /** ISO instant. */
  readonly receivedAt: string;
  /** As the envelope says. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
  readonly html: string;
  /** Every header line, unfolded: name as written, value. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Takes the bytes of a message apart. One that is no mail at all becomes its own text. */
export async function readMail(raw: Buffer): Promise<Omit<ReceivedMail, "n" | "receivedAt" | "from" | "to">> {
  try {
    const mail = await PostalMime.parse(raw);
    return {
      subject: mail.subject ?? "",
      messageId: mail.messageId ?? "",
      text: mail.text ?? "",
      html: mail.html ?? "",
      headers: mail.headers.map(({ originalKey, value }) => [originalKey, value]),
    };
  } catch {
    return { subject: "", messageId: "", text: raw.toString("utf8"), html: "", headers: [] }; // shown as it came: this is a catch-all
  }
}

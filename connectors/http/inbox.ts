import { type Inbox, recordKey } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Lead, StageObservation } from "../../core/types.ts";

const pageSize = 500;

interface InboxPage {
  readonly observations: StageObservation[];
  readonly leads: Map<string, Lead>;
  after: number;
  readonly caughtUp: boolean;
}

/**
 * The inbox after item `after`. A page knows one lead per record, so it ends before a record comes again with other contact
 * data or another value: each observation keeps the person and the amount it was pushed with.
 */
export async function* pages(inbox: Inbox | undefined, after: number): AsyncIterable<InboxPage> {
  if (!inbox) throw new Failure("config_invalid", "the connection has no inbox");
  for (let position = after; ; ) {
    const items = await inbox.read(position, pageSize);
    const last = items.length < pageSize;
    let page: InboxPage = { observations: [], leads: new Map(), after: position, caughtUp: false };
    for (const { seq, observation, lead } of items) {
      const key = recordKey(observation.record);
      const known = page.leads.get(key);
      if (known && JSON.stringify(known) !== JSON.stringify(lead)) {
        yield page;
        page = { observations: [], leads: new Map(), after: page.after, caughtUp: false };
      }
      page.observations.push(observation);
      page.leads.set(key, lead);
      page.after = seq;
    }
    yield { ...page, caughtUp: last };
    if (last) return;
    position = page.after;
  }
}

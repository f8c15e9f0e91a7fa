import { type Dice, shuffled } from "../dice.ts";
import { DurableMap } from "../durable-map.ts";
import { type ObjectType, type TypeId, typeOf } from "./objects.ts";
import type { Change } from "./portal.ts";
import { signatureV1, signatureV3 } from "./signature.ts";

interface Notification {
  readonly event: Readonly<Record<string, unknown>>;
  readonly attempt: number;
  /** Real time, ms. */
  readonly dueAt: number;
}

/** What the app subscribed to, as in its webhooks project file; fixed for all portals. */
const properties: Readonly<Record<TypeId, readonly string[]>> = {
  "0-1": ["lifecyclestage", "hs_lead_status"],
  "0-3": ["dealstage", "pipeline"],
  "0-136": ["hs_pipeline_stage", "hs_pipeline"],
};
const subscribed = (change: Change, type: ObjectType): boolean =>
  change.what === "propertyChange" ? properties[type.id].includes(change.property ?? "") : change.what !== "touched";

const COLLECT_MS = 200;
const TIMEOUT_MS = 5000;
const MOST_EVENTS = 100;
/** Of these, room kept for the doubled ones. */
const ROOM = 5;
const MOST_RETRIES = 10;
const IN_FLIGHT = 10;

export interface Sender {
  readonly path: string;
  readonly secret: string;
  readonly appId: number;
  readonly roll: Dice;
  target(): string | null;
  /** Whether the portal is connected and granted the scope. */
  granted(portalId: number, scope: string): boolean;
  now(): Date;
}

/**
 * Push webhooks (docs: webhooks guide): arrays of up to 100 events, at most 10 requests in flight, any 2xx within 5 s is
 * success, else up to 10 retries, each signed anew. Unordered, now and then doubled. What is not delivered outlives the
 * process: a notification is durable from the change on, only its last attempt may be repeated after a kill.
 */
export class Webhooks {
  readonly #waiting: DurableMap<Notification>;
  readonly #sender: Sender;
  readonly #away = new Set<string>();
  readonly #stop = new AbortController();
  #requests = 0;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(sender: Sender) {
    this.#sender = sender;
    this.#waiting = new DurableMap(sender.path);
    this.#next = this.#waiting.keys().reduce((next, key) => Math.max(next, Number(key) + 1), 0);
    this.#wake();
  }

  /** Notifications not delivered yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Changes of one portal; deliveries mix those of all. */
  tell(portalId: number, changes: readonly Change[]): void {
    if (this.#sender.target() === null) return;
    const dueAt = Math.ceil((Date.now() + 1) / COLLECT_MS) * COLLECT_MS;
    const events = changes.flatMap((change) => {
      const type = typeOf(change.record.type);
      if (!this.#sender.granted(portalId, type.scope) || !subscribed(change, type)) return [];
      return [this.#event(portalId, change, type)];
    });
    this.#waiting.setAll(events.map((event) => [String(this.#next++), { event, attempt: 0, dueAt }]));
    this.#wake();
  }

  /** The subscription ended: nothing of what waits is sent. */
  drop(): void {
    for (const key of [...this.#waiting.keys()]) this.#waiting.delete(key);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
    this.#waiting.close();
  }

  #event(portalId: number, change: Change, type: ObjectType): Readonly<Record<string, unknown>> {
    const { what, record } = change;
    return {
      // Documented as not unique.
      eventId: Math.floor(this.#sender.roll() * 2 ** 32),
      subscriptionId: subscriptionId(what, type),
      portalId,
      appId: this.#sender.appId,
      occurredAt: change.occurredAt,
      subscriptionType: what === "privacyDeletion" ? "contact.privacyDeletion" : `object.${what}`,
      attemptNumber: 0,
      objectId: Number(record.id),
      ...(what === "privacyDeletion" ? {} : { objectTypeId: type.id }),
      changeSource: change.source,
      sourceId: "userId:98499705",
      ...(what === "creation" ? { changeFlag: "NEW" } : {}),
      ...(what === "deletion" ? { changeFlag: "DELETED" } : {}),
      ...(what === "propertyChange"
        ? { propertyName: change.property, propertyValue: change.value, isSensitive: false }
        : {}),
      ...(what === "merge"
        ? {
            primaryObjectId: Number(record.id),
            mergedObjectIds: [Number(change.mergedId)],
            newObjectId: Number(record.id),
            numberOfPropertiesMoved: 1,
          }
        : {}),
      ...(change.to
        ? {
            fromObjectId: Number(record.id),
            toObjectId: Number(change.to.id),
            associationRemoved: false,
            fromObjectTypeId: type.id,
            toObjectTypeId: change.to.type,
            associationTypeId: change.to.typeId,
            associationCategory: "HUBSPOT_DEFINED",
          }
        : {}),
    };
  }

  #wake(): void {
    clearTimeout(this.#timer);
    if (this.#stop.signal.aborted || this.#requests >= IN_FLIGHT) return;
    let next = Number.POSITIVE_INFINITY;
    for (const key of this.#waiting.keys())
      if (!this.#away.has(key)) next = Math.min(next, this.#waiting.get(key)?.dueAt ?? next);
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#send(), Math.min(Math.max(0, next - Date.now()), 60_000));
    this.#timer.unref();
  }

  #send(): void {
    const now = Date.now();
    const due = [...this.#waiting.keys()].filter(
      (key) => !this.#away.has(key) && (this.#waiting.get(key)?.dueAt ?? now + 1) <= now,
    );
    const mixed = shuffled(this.#sender.roll, due);
    while (mixed.length > 0 && this.#requests < IN_FLIGHT) {
      const keys = mixed.splice(0, MOST_EVENTS - ROOM);
      for (const key of keys) this.#away.add(key);
      this.#requests += 1;
      this.#post(keys)
        .then((taken) => this.#settle(keys, taken))
        .finally(() => {
          this.#requests -= 1;
          for (const key of keys) this.#away.delete(key);
          this.#wake();
        });
    }
    this.#wake();
  }

  async #post(keys: readonly string[]): Promise<boolean> {
    const target = this.#sender.target();
    if (target === null) return true;
    const events = keys.flatMap((key) => {
      const notification = this.#waiting.get(key);
      return notification ? [{ ...notification.event, attemptNumber: notification.attempt }] : [];
    });
    const again = events.filter(() => this.#sender.roll() < 1 / 20).slice(0, MOST_EVENTS - events.length);
    const body = JSON.stringify([...events, ...again]);
    const timestamp = String(this.#sender.now().getTime());
    const { secret } = this.#sender;
    try {
      const answer = await fetch(target, {
        method: "POST",
        body,
        redirect: "manual",
        headers: {
          "content-type": "application/json",
          "user-agent": "HubSpot Webhooks",
          "x-hubspot-signature": signatureV1(secret, body),
          "x-hubspot-signature-version": "v1",
          "x-hubspot-signature-v3": signatureV3(secret, { method: "POST", uri: target, body, timestamp }),
          "x-hubspot-request-timestamp": timestamp,
        },
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      return false; // refused, reset or too slow: all the same to HubSpot, it comes back
    }
  }

  #settle(keys: readonly string[], taken: boolean): void {
    if (this.#stop.signal.aborted) return;
    for (const key of keys) {
      const notification = this.#waiting.get(key);
      if (!notification) continue;
      const attempt = notification.attempt + 1;
      if (taken || attempt > MOST_RETRIES) this.#waiting.delete(key);
      else this.#waiting.set(key, { ...notification, attempt, dueAt: Date.now() + pause(attempt, this.#sender.roll) });
    }
  }
}

/** About 1 s, then growing to hours: ten retries within a day. */
const pause = (attempt: number, roll: Dice): number =>
  Math.min(4 ** (attempt - 1) * 1000, 4 * 3_600_000) * (0.75 + roll() / 2);

const kinds: readonly Change["what"][] = [
  ...(["creation", "propertyChange", "deletion", "restore", "merge", "privacyDeletion", "associationChange"] as const),
];
const subscriptionId = (what: Change["what"], type: ObjectType): number =>
  7_662_000 + kinds.indexOf(what) * 10 + ["contact", "deal", "lead"].indexOf(type.name);

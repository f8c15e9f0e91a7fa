/** Running counts of what arrived, per dataset. */
interface DatasetTally {
  events: number;
  counted: number;
  test: number;
  /** Events whose id this dataset had already received. Meta does not remove these among server events. */
  duplicates: number;
  lastFiredAt: string;
  readonly stages: Map<string, StageTally>;
}
interface StageTally {
  readonly eventName: string;
  readonly leadEventSource: string | null;
  events: number;
}

export class Tally {
  readonly #datasets = new Map<string, DatasetTally>();
  readonly #ids = new Set<string>();
  readonly #repeated = new Map<string, number>();

  add(
    request: { dataset: string; receivedAt: string; testCode?: string },
    eventName: string,
    leadEventSource: string | null,
    eventId: string | null,
    notCounted: string | null,
  ): void {
    const dataset = this.#dataset(request.dataset);
    dataset.events += 1;
    if (notCounted === null) dataset.counted += 1;
    if (request.testCode !== undefined) dataset.test += 1;
    dataset.lastFiredAt = request.receivedAt;
    const key = JSON.stringify([eventName, leadEventSource]);
    const stage = dataset.stages.get(key) ?? { eventName, leadEventSource, events: 0 };
    stage.events += 1;
    dataset.stages.set(key, stage);
    if (eventId === null) return;
    const id = `${request.dataset}:${eventId}`;
    if (this.#ids.has(id)) {
      dataset.duplicates += 1;
      this.#repeated.set(id, (this.#repeated.get(id) ?? 1) + 1);
    } else this.#ids.add(id);
  }

  /** ISO instant of the newest event. */
  lastFiredAt(dataset: string): string | undefined {
    return this.#datasets.get(dataset)?.lastFiredAt;
  }

  /** `repeated`: the first hundred event ids that came more than once, as `dataset:event_id`, and how often each came. */
  summary(): { datasets: unknown; repeated: unknown } {
    return {
      datasets: [...this.#datasets].map(([dataset, { stages, ...counts }]) => ({
        dataset,
        ...counts,
        stages: [...stages.values()],
      })),
      repeated: [...this.#repeated].slice(0, 100).map(([id, times]) => ({ id, times })),
    };
  }

  #dataset(id: string): DatasetTally {
    const known = this.#datasets.get(id);
    if (known) return known;
    const fresh = { events: 0, counted: 0, test: 0, duplicates: 0, lastFiredAt: "", stages: new Map() };
    this.#datasets.set(id, fresh);
    return fresh;
  }
}

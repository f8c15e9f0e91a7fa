/** Those who ask for what has not come yet. */
export class Waiting {
  readonly #done = new Set<() => void>();

  /** Resolves when something comes, or when the time is up. */
  more(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#done.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.#done.add(done);
    });
  }

  wake(): void {
    for (const done of this.#done) done();
  }
}

/** What is left of a piece: nothing, or what is to be halved and tried again; `stop` when nothing more may be tried. */
export type Left<Item> = readonly Item[] | "stop";

/**
 * Tries a batch; what is left of it is halved until those that cannot go stand alone. Left half first, so what is settled is
 * always the batch's front, and the good ones count on the way.
 */
export async function isolate<Item>(
  batch: readonly Item[],
  attempt: (piece: readonly Item[]) => Promise<Left<Item>>,
): Promise<void> {
  const pieces = [batch];
  for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
    const left = await attempt(piece);
    if (left === "stop") return;
    if (left.length === 0) continue;
    const middle = left.length >> 1;
    pieces.push(left.slice(middle));
    if (middle > 0) pieces.push(left.slice(0, middle));
  }
}

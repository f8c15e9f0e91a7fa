import type { Verdict } from "./verdict.ts";

/**
 * Sends a batch; when Meta refuses it for what is in it, halves it until the bad events stand alone. Left half first, so what
 * is settled is always the batch's front and the good ones count on the way.
 *
 * @param settle is told of every request. `final` is true when the verdict stands for all of `piece`: accepted, or a single
 *   refused event; else the piece is sent again, whole or in halves.
 * @param allowed whether another request may be made
 * @returns the verdict that stopped it, or undefined when all of the batch is settled
 */
export async function isolate<Item, V extends Verdict>(
  batch: readonly Item[],
  send: (piece: readonly Item[]) => Promise<V>,
  settle: (piece: readonly Item[], verdict: V, final: boolean) => Promise<void>,
  allowed: () => boolean,
): Promise<V | undefined> {
  const pieces = [batch];
  for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
    const verdict = await send(piece);
    const final = verdict.verdict === "accepted" || (verdict.verdict === "refused" && piece.length === 1);
    await settle(piece, verdict, final);
    if (final ? pieces.length === 0 : verdict.verdict !== "refused") return final ? undefined : verdict;
    if (!allowed()) return verdict;
    if (final) continue;
    const middle = piece.length >> 1;
    pieces.push(piece.slice(middle), piece.slice(0, middle));
  }
  return undefined;
}

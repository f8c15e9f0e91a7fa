/** Runs `call` for so many items at a time, at most four calls at once, and gives all answers in the order of the items. */
export async function inBatches<Item, Answer>(
  items: readonly Item[],
  size: number,
  call: (batch: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<Answer[]> {
  const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
  const answers: Answer[] = [];
  for (let n = 0; n < batches.length; n += 4)
    answers.push(...(await Promise.all(batches.slice(n, n + 4).map(call))).flat());
  return answers;
}

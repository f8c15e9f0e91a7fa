/** Does the work for each, also where it failed for one before; what failed first is thrown at the end. */
export async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const failed: unknown[] = [];
  for (const item of items)
    try {
      await work(item);
    } catch (error) {
      failed.push(error);
    }
  if (failed.length > 0) throw failed[0];
}

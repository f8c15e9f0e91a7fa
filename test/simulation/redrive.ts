import { Failure, isFailure } from "../../core/errors.ts";
import type { Surroundings } from "./operations.ts";
import type { Operation } from "./plan.ts";
import type { DatasetSite } from "./world.ts";

/** An operator gives everything that was given up another try; who gets no answer presses the button again. */
export function redrive(
  { plan, slots }: DatasetSite,
  { edited, at }: Operation & { kind: "redrive" },
  { world, faults, outbox, rouse }: Surroundings,
): void {
  const { time, store } = world;
  const log = store.events(plan.tenantId, plan.id);
  const chosen = slots
    .filter(({ settled }) => settled !== undefined && settled !== "aside")
    .map(({ seq }) => {
      const payload = log[seq - 1]?.payload ?? "";
      return edited ? { seq, payload: amended(payload) } : { seq };
    });
  void press(0);

  async function press(tries: number): Promise<void> {
    const place = `${plan.id} redrive ${at % 86_400_000} ${tries}`;
    try {
      if (faults.strikes("store_down", place)) throw new Failure("store_unavailable");
      const taken = await outbox.redrive(plan.tenantId, plan.id, chosen, new Date(time.now()));
      for (const { seq, payload } of chosen)
        if (
          payload !== undefined &&
          taken.includes(seq) &&
          log.find(({ againOf }) => againOf === seq)?.payload !== payload
        )
          world.breaks("I2", `${plan.id} ${seq}: the correction is lost`);
      if (faults.strikes("store_unclear", place)) throw new Failure("store_unavailable");
    } catch (error) {
      if (!isFailure(error, "store_unavailable")) throw error;
      time.after(5_000, `${plan.id} is redriven again`, () => void press(tries + 1));
    }
    rouse();
  }
}

/** What Meta missed in an event that is not valid, put in by hand. */
const amended = (payload: string): string =>
  payload.replace(/("lead_event_source":"[^"]*")\}/, '$1,"value":1,"currency":"EUR"}');

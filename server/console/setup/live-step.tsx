import { Absence } from "../elements/card.tsx";
import { texts } from "../texts/texts.ts";
import { GoLive } from "./go-live.tsx";
import { Live } from "./live.tsx";
import type { StepProps } from "./steps.tsx";

/** Switching sending on; after it, what comes of it. */
export function LiveStep({ setup, account, onOpen }: StepProps) {
  const step = setup.steps.find((one) => one.step === "live");
  if (!account) return <Absence>{step?.words ?? texts.setup.goLive.none}</Absence>;
  return setup.live ? (
    <Live setup={setup} account={account} live={setup.live} />
  ) : (
    <GoLive setup={setup} account={account} onOpen={onOpen} />
  );
}

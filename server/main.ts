import { isFailure } from "../core/errors.ts";
import { failures } from "../core/problems.ts";
import { readConfig, summary } from "./config.ts";
import { start } from "./start.ts";
import { createLog } from "./telemetry/log.ts";
import { rotateKeys } from "./vault/rotate-keys.ts";

try {
  const config = readConfig(process.env);
  const plain = process.stdout.isTTY === true || config.NODE_ENV !== "production";
  const log = createLog({ level: config.LOG_LEVEL, plain });
  const set = Object.entries(summary(config)).map(([name, value]) => `${name}=${value}`);
  if (process.argv[2] === "rotate-keys") {
    await rotateKeys(config, log);
    process.exit(0);
  }
  log.info(
    config.sandbox
      ? "Stagewire starts with simulated HubSpot, Salesforce and Meta"
      : `Stagewire starts: ${set.join(" ")}`,
  );
  const running = await start(config, log);
  log.info(`Open ${running.publicUrl}`);
  if (config.sandbox) log.info(`Straight into the demo workspace: ${running.publicUrl}/sandbox/sign-in?as=owner`);
  // A log that is sent on is no place for a key.
  if (running.signIn)
    if (plain) console.log(`Sign in as the operator, once and within 30 minutes: ${running.signIn}`);
    else log.info(`The operator's sign-in link is in ${running.note}`);
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (stopping) process.exit(1); // a second wish: at once
      stopping = true;
      log.info("Stopping: finishing what is under way");
      const late = setTimeout(() => process.exit(1), 25_000);
      running.stop().then(
        () => {
          clearTimeout(late);
          process.exit(0);
        },
        (error: unknown) => {
          log.error(`Could not stop everything: ${error instanceof Error ? error.message : "unknown fault"}`);
          process.exit(1);
        },
      );
    });
} catch (error) {
  if (!isFailure(error)) throw error;
  console.error(`${error.message}\n${failures[error.code].fix}`);
  process.exit(1);
}

import { spawn } from "node:child_process";

/** `npm run dev`: the server starts anew when its sources change, and the console is built anew when its own do. */
const children = [
  spawn(process.execPath, ["--watch", "--watch-preserve-output", "server/main.ts"], { stdio: "inherit" }),
  spawn("vite", ["build", "server/console", "--watch", "--logLevel", "warn"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  }),
];
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop(signal));
for (const child of children) child.once("exit", () => stop("SIGTERM"));

function stop(signal: NodeJS.Signals): void {
  for (const child of children) child.kill(signal);
}

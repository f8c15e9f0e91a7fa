import type { Instance } from "../instance.ts";

/** What a person sees who may not use the app in this org. */
export interface NotAdmitted {
  readonly error: string;
  readonly description: string;
}
const ABSENT: NotAdmitted = { error: "invalid_client", description: "app must be installed into org" };
const NOT_APPROVED: NotAdmitted = {
  error: "OAUTH_APP_ACCESS_DENIED",
  description: "user is not admin approved to access this app",
};

/** An external client app has to be installed in the org, and may be for approved users only (help, "Manage OAuth access policies"). */
export function mayUse({ settings }: Instance, userId: string): NotAdmitted | undefined {
  const { app, approved } = settings.now;
  if (app === "absent") return ABSENT;
  return app === "approval" && !approved.includes(userId) ? NOT_APPROVED : undefined;
}

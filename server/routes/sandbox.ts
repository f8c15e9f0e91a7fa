import { raw } from "express";
import { Failure } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import type { TenantId } from "../../core/types.ts";
import { enterDemo } from "../sign-in/demo-people.ts";
import { roles } from "../sign-in/roles.ts";
import { visitorOf } from "../sign-in/visitor.ts";
import type { Store } from "../store/open.ts";
import type { Route } from "./route.ts";

/** `GET /sandbox/sign-in?as=owner|admin|viewer`: into the demo workspace by one link. */
export const demoSignIn = (workspace: TenantId, { store, clock }: { store: Store; clock: Clock }): Route => ({
  method: "get",
  path: "/sandbox/sign-in",
  who: "anyone",
  limit: "sign_in",
  handle: async (request, response) => {
    const role = roles.find((one) => one === (request.query.as ?? "owner"));
    if (!role) throw new Failure("input_invalid", `as: one of ${roles.join(", ")}`);
    const { cookies, session } = visitorOf(response);
    const { token, lastsMs } = await enterDemo(store, workspace, role, session, clock.now());
    cookies.give("session", token, lastsMs);
    response.setHeader("cache-control", "no-store");
    response.redirect(303, "/");
  },
});

/** `/sandbox/…`: the page and the back door of the simulated vendors, passed through to their process. */
export function sandbox(control: string): readonly Route[] {
  const pass: Route["handle"] = [
    raw({ type: () => true, limit: "1mb" }),
    async (request, response) => {
      if (request.path === "/sandbox") return response.redirect("/sandbox/");
      // The back door refuses pages of other sites, and so needs to hear of them.
      const told = ["content-type", "sec-fetch-site"].flatMap((name) => {
        const value = request.headers[name];
        return typeof value === "string" ? [[name, value] as const] : [];
      });
      const query = request.originalUrl.includes("?")
        ? request.originalUrl.slice(request.originalUrl.indexOf("?"))
        : "";
      const path = request.path.slice("/sandbox".length) + query;
      const answer = await fetch(`${control}${path}`, {
        method: request.method,
        redirect: "manual",
        headers: Object.fromEntries(told),
        ...(request.method === "POST" && { body: Buffer.isBuffer(request.body) ? request.body : "{}" }),
      }).catch((cause: unknown) => {
        throw new Failure("network_unreachable", "the simulated vendors", { cause });
      });
      response.status(answer.status);
      for (const name of ["content-type", "content-security-policy"]) {
        const value = answer.headers.get(name);
        if (value) response.setHeader(name, value);
      }
      response.send(Buffer.from(await answer.arrayBuffer()));
    },
  ];
  return (["get", "post"] as const).map((method) => ({
    method,
    path: "/sandbox{/*rest}",
    who: "operator",
    handle: pass,
  }));
}

import { raw } from "express";
import { Failure } from "../../core/errors.ts";
import type { Route } from "./route.ts";

/** `/sandbox/…`: the page and the back door of the simulated vendors, passed through to their process. */
export function sandbox(control: string): readonly Route[] {
  const pass: Route["handle"] = [
    raw({ type: () => true, limit: "1mb" }),
    async (request, response) => {
      if (request.path === "/sandbox") return response.redirect("/sandbox/");
      const { "content-type": type } = request.headers;
      const path = request.originalUrl.slice("/sandbox".length);
      const answer = await fetch(`${control}${path}`, {
        method: request.method,
        redirect: "manual",
        ...(type && { headers: { "content-type": type } }),
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

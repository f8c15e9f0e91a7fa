import type { RequestHandler } from "express";
import { type ApiDocument, documentOf } from "../openapi/document.ts";
import { referencePage, referencePolicy } from "../openapi/page.ts";
import type { Route } from "./route.ts";

/** The API of these routes as a document: for programs, and to read. Made when it is first asked for, then kept. */
export function openapiRoutes(routes: readonly Route[], publicUrl: () => string): readonly Route[] {
  let made: { readonly json: string; readonly page: string } | undefined;
  const get = () => {
    made ??= textsOf(documentOf(routes, publicUrl()));
    return made;
  };
  const json: RequestHandler = (_request, response) => {
    response.setHeader("cache-control", "max-age=300");
    response.type("json").send(get().json);
  };
  const page: RequestHandler = (_request, response) => {
    response.setHeader("content-security-policy", referencePolicy);
    response.setHeader("cache-control", "max-age=300");
    response.type("html").send(get().page);
  };
  return [
    { method: "get", path: "/api/v1/openapi.json", who: "anyone", handle: json },
    { method: "get", path: "/api/reference", who: "anyone", handle: page },
  ];
}

const textsOf = (document: ApiDocument) => ({ json: JSON.stringify(document), page: referencePage(document) });

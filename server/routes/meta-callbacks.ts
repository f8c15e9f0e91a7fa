import { hash } from "node:crypto";
import { type RequestHandler, urlencoded } from "express";
import { Failure } from "../../core/errors.ts";
import { readSignedRequest, type SignedRequest } from "../meta/signed-request.ts";
import { deletePerson, withdrawAccess } from "../meta/withdraw.ts";
import { type Deletion, findDeletion } from "../store/meta-grants.ts";
import type { DatasetParts } from "./datasets.ts";
import { appOf } from "./meta-login.ts";
import type { Route } from "./route.ts";

/** What Meta's platform terms ask for: to hear when somebody removes the app, and when they want to be forgotten. */
export const metaCallbackRoutes = (parts: DatasetParts): readonly Route[] => [
  {
    method: "post",
    path: "/webhooks/meta/deauthorize",
    who: "vendor",
    handle: [
      form,
      async (request, response) => {
        const datasets = await withdrawAccess(signedIn(request.body, parts), parts, parts.clock.now());
        parts.log.info("Access was withdrawn at Meta", { count: datasets });
        response.status(200).json({ success: true });
      },
    ],
  },
  {
    method: "post",
    path: "/webhooks/meta/data-deletion",
    who: "vendor",
    handle: [
      form,
      async (request, response) => {
        const asked = signedIn(request.body, parts);
        const { id } = await deletePerson(asked, appOf(parts).secret, parts, parts.clock.now());
        response.json({ url: `${parts.publicUrl()}/data-deletion/${id}`, confirmation_code: id });
      },
    ],
  },
  { method: "get", path: "/data-deletion/:code", who: "anyone", handle: status(parts) },
];

const form = urlencoded({ extended: false, limit: "16kb", inflate: false, parameterLimit: 10 });

/** @throws Failure `signature_invalid` */
function signedIn(body: unknown, parts: DatasetParts): SignedRequest {
  const text = (body as Record<string, unknown> | undefined)?.signed_request;
  if (typeof text !== "string") throw new Failure("signature_invalid", "there is no signed_request");
  return readSignedRequest(text, appOf(parts).secret);
}

function status({ store }: DatasetParts): RequestHandler {
  return async (request, response) => {
    const code = String(request.params.code);
    const deletion = /^rcp_[0-9a-f]{32}$/.test(code) ? await findDeletion(store.db, code) : undefined;
    if (!deletion) throw new Failure("not_found", "no request for deletion has this code");
    response.setHeader(
      "content-security-policy",
      `default-src 'none'; style-src '${styleHash}'; frame-ancestors 'none'`,
    );
    response.setHeader("cache-control", "no-store");
    response.type("html").send(page(deletion));
  };
}

const style =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}";
const styleHash = `sha256-${hash("sha256", style, "base64")}`;

/** Numbers and our own words; nothing in it comes from outside but the code, which was looked up. */
const page = ({ id, at, datasets }: Deletion): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Your data was deleted</title>
<style>${style}</style></head>
<body><main>
<h1>Your data was deleted</h1>
<p>On ${at.toISOString().slice(0, 10)} Meta passed on your request to be forgotten, and it was carried out at once.</p>
<p>${told(datasets)}</p>
<p>Nothing else about you is kept here. Business records that your company's workspace holds belong to that company: ask it
if you want to know more.</p>
<p>Confirmation code: <code>${id}</code></p>
</main></body>
</html>
`;

function told(datasets: number): string {
  if (datasets === 0) return "We held no access that you had given.";
  const what = datasets === 1 ? "one dataset" : `${datasets} datasets`;
  return `We deleted your id at Meta and the access to ${what} that you had given.`;
}

import type { Product } from "./product.ts";

/** A browser with cookies of its own, which goes where it is sent. */
export function openBrowser() {
  const jar = new Map<string, string>();
  async function get(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const answer = await fetch(url, { redirect: "manual", ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    return answer;
  }
  return {
    get,
    /** What its cookies hold. */
    cookies: (): readonly string[] => [...jar.values()].filter((value) => value !== ""),
    async led(url: string): Promise<string> {
      const answer = await get(url);
      const location = answer.headers.get("location");
      if (!location) throw new Error(`no redirect: ${answer.status} ${await answer.text()}`);
      return new URL(location, url).href;
    },
  };
}

/** An admin installs the app from our page, agrees on the vendor's, comes back and confirms. Gives the browser, signed in. */
export async function install(
  product: Product,
  crm: "hubspot" | "salesforce",
  user: string,
  { query = "", portal }: { readonly query?: string; readonly portal?: string },
) {
  const browser = openBrowser();
  const ours = `http://localhost:${new URL(product.url()).port}`;
  const consent = new URL(await browser.led(`${ours}/install/${crm}${query}`));
  if (portal !== undefined) consent.pathname = `/oauth/${portal}/authorize`;
  if (crm === "salesforce") consent.pathname = "/setup/secur/RemoteAccessAuthorizationPage.apexp";
  consent.searchParams.set("answer", "allow");
  consent.searchParams.set("user", user);
  const back = (await fetch(consent, { redirect: "manual" })).headers.get("location") ?? "";
  const page = await browser.led(back);
  const [, id] = /\/install\/(ins_\w+)$/.exec(page) ?? [];
  if (!id) throw new Error(`the consent led to ${page}`);
  const answer = await browser.get(`${ours}/api/v1/installs/${id}/confirm`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: ours },
    body: JSON.stringify({ workspace: "new" }),
  });
  if (!answer.ok) throw new Error(`not confirmed: ${await answer.text()}`);
  return { browser, back, ours };
}

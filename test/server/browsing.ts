/** What a browser that keeps its cookies would: asks, and takes what it is given. Redirects are answers. */
export function browsing(url: string, cookie?: string) {
  let kept = cookie;
  const ask = async (path: string, body?: object): Promise<Response> => {
    const answer = await fetch(`${url}${path}`, {
      redirect: "manual",
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json", ...(kept && { cookie: kept }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    for (const given of answer.headers.getSetCookie())
      if (given.startsWith("session=")) kept = given.slice(0, given.indexOf(";"));
    return answer;
  };
  return {
    ask,
    /** The answer's status, and its body as JSON. */
    tell: async <Body = unknown>(path: string, body?: object) => {
      const answer = await ask(path, body);
      return { status: answer.status, body: (await answer.json()) as Body };
    },
    cookie: () => kept ?? "",
    status: async (path = "/api/v1/overview", body?: object) => (await ask(path, body)).status,
  };
}
export type Browsing = ReturnType<typeof browsing>;

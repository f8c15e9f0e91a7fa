/** The form of a page as a browser would send it: hidden fields, the first option of each list, ticked boxes. */
export function readForm(html: string): { action: string; fields: URLSearchParams } {
  const fields = new URLSearchParams();
  for (const [tag, name = ""] of html.matchAll(/<(?:input|select)\b[^>]*?name="([^"]*)"[^>]*>/g)) {
    const [, value] = /value="([^"]*)"/.exec(tag) ?? [];
    if (tag.startsWith("<input") && !(tag.includes("checkbox") && !tag.includes("checked")))
      fields.append(plain(name), plain(value ?? ""));
    const options = new RegExp(`${tag}<option value="([^"]*)"`).exec(html);
    if (tag.startsWith("<select") && options?.[1] !== undefined) fields.append(plain(name), plain(options[1]));
  }
  return { action: plain(/<form[^>]*action="([^"]*)"/.exec(html)?.[1] ?? ""), fields };
}

const plain = (text: string): string =>
  text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

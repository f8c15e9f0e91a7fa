import type { ApiDocument } from "./document.ts";
import { exampleOf } from "./example.ts";
import type { Operation } from "./operation.ts";

/** A call that can be pasted into a shell, once the variables are set. */
export function curlOf(method: string, path: string, operation: Operation, document: ApiDocument): string {
  const { schemas } = document.components;
  const { parameters = [], requestBody, security } = operation;
  const query = parameters
    .filter((one) => one.in === "query" && one.required)
    .map(({ name, schema }) => `${name}=${exampleOf(schema, schemas)}`)
    .join("&");
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.in === "path" && one.name === name);
    return parameter ? String(exampleOf(parameter.schema, schemas)) : name;
  });
  const body = requestBody?.content?.["application/json"];
  return [
    `curl "$URL${place}${query && `?${query}`}"`,
    ...(method === "post" && !body ? ["-X POST"] : []),
    ...shown(security, document),
    ...(body ? ['-H "content-type: application/json"', `-d '${JSON.stringify(exampleOf(body.schema, schemas))}'`] : []),
  ].join(" \\\n  ");
}

/** By the first way that is enough. */
function shown([first]: Operation["security"], { components }: ApiDocument): readonly string[] {
  const [name] = Object.keys(first ?? {});
  if (name === undefined) return [];
  if (name === "ingestKey") return ['-H "authorization: Bearer $KEY"'];
  const { name: cookie } = components.securitySchemes[name] as { readonly name: string };
  return [`-b "${cookie}=$${name.toUpperCase()}"`];
}

import { curlOf } from "./curl.ts";
import type { ApiDocument } from "./document.ts";
import { type Field, fieldsOf, typeOf } from "./fields.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { Operation } from "./operation.ts";

/** One operation, as both the page and docs/api.md tell it. */
export interface Told {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly who: string;
  readonly curl: string;
  readonly parameters: readonly Field[];
  readonly body: Part | undefined;
  readonly answer: Part | undefined;
  /** `200` or `202, 422` */
  readonly statuses: string;
}
export interface Part {
  readonly type: string;
  readonly fields: readonly Field[];
}
export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly operations: readonly Told[];
}

/** What every reader is told first. */
export const preface = (secure: boolean): readonly string[] => [
  `Calls and answers are JSON. People call with the cookie of their session (\`${secure ? "__Host-session" : "session"}\`); ` +
    "pages of other sites may not call at all. An in-house CRM pushes with a key of its connection, `Authorization: Bearer " +
    "swk_…`, or signs what it sends.",
  "A refusal is `application/problem+json` (RFC 9457) with a `code` that stays the same, a `title`, what it was this time " +
    "(`detail`) and what to do (`fix`). Fields may be added to answers; what is asked is taken exactly as written here, and " +
    "anything else is refused.",
  "In the examples `$URL` is the server's address, `$SESSION` the session's cookie and `$KEY` an ingest key.",
];

export function chaptersOf(document: ApiDocument): readonly Chapter[] {
  const all = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      tag: operation.tags[0] ?? "",
      told: told(method, path, operation, document),
    })),
  );
  return document.tags.map(({ name }) => ({
    id: name,
    title: titleOf(name),
    operations: all.filter(({ tag }) => tag === name).map((one) => one.told),
  }));
}

function told(method: string, path: string, operation: Operation, document: ApiDocument): Told {
  const { operationId: id, summary, description: who, parameters = [], requestBody, responses } = operation;
  const { schemas } = document.components;
  const answers = (status = ""): JsonSchema | undefined => {
    const { content = {} } = responses[status] ?? {};
    return (content["application/json"] ?? content["text/csv"])?.schema;
  };
  const good = Object.keys(responses).filter(answers);
  const part = (schema: JsonSchema | undefined): Part | undefined =>
    schema && { type: typeOf(schema, schemas), fields: fieldsOf(schema, schemas) };
  return {
    id,
    method: method.toUpperCase(),
    path,
    summary,
    who,
    curl: curlOf(method, path, operation, document),
    parameters: parameters.map(({ name, required, description = "", schema, in: place }) => ({
      name,
      required,
      type: typeOf(schema, schemas),
      description: [`In the ${place === "path" ? "path" : "query"}.`, description, defaultWords(schema)]
        .join(" ")
        .trim(),
    })),
    body: part(requestBody?.content?.["application/json"]?.schema),
    answer: part(answers(good[0])),
    statuses: good.join(", "),
  };
}

const defaultWords = (schema: JsonSchema): string =>
  "default" in schema ? `Default: ${JSON.stringify(schema.default)}.` : "";

const titleOf = (tag: string): string => (tag.charAt(0).toUpperCase() + tag.slice(1)).replaceAll("-", " ");

import * as associations from "@hubspot/api-client/lib/codegen/crm/associations/v4/index.js";
import * as objects from "@hubspot/api-client/lib/codegen/crm/objects/index.js";
import * as pipelines from "@hubspot/api-client/lib/codegen/crm/pipelines/index.js";
import * as properties from "@hubspot/api-client/lib/codegen/crm/properties/index.js";
import type { z } from "zod";
import type { Access } from "../../core/connector.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import type { HttpRequest } from "../../core/ports.ts";
import type { HubspotConfig } from "./config.ts";
import type { ObjectKind } from "./objects.ts";
import * as shapes from "./shapes.ts";
import { carry } from "./transport.ts";

/** `value` as HubSpot's search wants it: instants are milliseconds as text. */
export interface Filter {
  readonly propertyName: string;
  readonly operator: "EQ" | "GT" | "GTE";
  readonly value: string;
}
export interface Search {
  readonly filters: readonly Filter[];
  readonly sortBy: string;
  readonly properties: readonly string[];
  readonly limit: number;
}
export interface SearchPage {
  readonly rows: readonly shapes.Row[];
  /** Rows that match, this page's included. */
  readonly total: number;
  readonly more: boolean;
  /** HubSpot's own time of the answer, to the second; ours where it names none. */
  readonly answeredAt: Date;
}

export type Client = ReturnType<typeof openClient>;

/**
 * HubSpot's SDK over the access's own transport; the only place that knows the SDK.
 *
 * Its generated API classes are taken without its `Client`, whose retries, limiter and decorators are shared by the whole
 * process. Each call of this function makes new ones (a few microseconds), so accounts have nothing in common.
 */
export function openClient(access: Access<HubspotConfig>) {
  const library = {
    send: async (request: SdkRequest) => {
      const body = request.getBody();
      const url = new URL(request.getUrl());
      const answer = await carry(access, {
        method: request.getHttpMethod() as HttpRequest["method"],
        path: url.pathname + url.search,
        ...(typeof body === "string" ? { body } : {}),
      });
      const bytes = async () => Buffer.from(answer.text);
      const decoding = { text: async () => answer.text, binary: bytes };
      return new objects.ResponseContext(answer.status, { ...answer.headers }, decoding);
    },
  };
  const configuration = <Library, Server, Configuration>(sdk: {
    wrapHttpLibrary(library: { send: (request: SdkRequest) => Promise<objects.ResponseContext> }): Library;
    ServerConfiguration: new (url: string, variables: Record<string, never>) => Server;
    createConfiguration(from: { baseServer: Server; httpApi: Library }): Configuration;
  }): Configuration =>
    sdk.createConfiguration({
      baseServer: new sdk.ServerConfiguration(access.baseUrl, {}),
      httpApi: sdk.wrapHttpLibrary(library),
    });
  const ofObjects = configuration(objects);

  return {
    async search(kind: ObjectKind, { filters, sortBy, properties, limit }: Search): Promise<SearchPage> {
      const answer = await guarded(
        shapes.searchAnswer,
        new objects.SearchApi(ofObjects).doSearchWithHttpInfo(kind.path, {
          filterGroups: filters.length > 0 ? [{ filters: filters as objects.Filter[] }] : [],
          // The SDK types sorts as texts, but carries what it is given; HubSpot documents objects.
          sorts: [{ propertyName: sortBy, direction: "ASCENDING" }] as unknown as string[],
          properties: [...properties],
          limit,
        }),
      );
      const date = Date.parse(answer.headers.date ?? "");
      return {
        rows: answer.data.results,
        total: answer.data.total,
        more: answer.data.paging?.next !== undefined,
        answeredAt: Number.isNaN(date) ? access.clock.now() : new Date(date),
      };
    },

    /** At most 100 ids, at most 50 with history. Ids that do not exist are missing from the answer. */
    async read(
      kind: ObjectKind,
      ids: readonly string[],
      properties: readonly string[],
      history: readonly string[] = [],
    ): Promise<readonly shapes.Row[]> {
      const answer = await guarded(
        shapes.readAnswer,
        new objects.BatchApi(ofObjects).read(kind.path, {
          inputs: ids.map((id) => ({ id })),
          properties: [...properties],
          propertiesWithHistory: [...history],
        }),
      );
      return answer.results;
    },

    /** At most 1000 inputs; `after` continues one record's long list. */
    async associations(from: ObjectKind, to: ObjectKind, inputs: readonly { id: string; after?: string }[]) {
      const api = new associations.BatchApi(configuration(associations));
      const answer = await guarded(shapes.associationAnswer, api.getPage(from.path, to.path, { inputs: [...inputs] }));
      return answer.results;
    },

    async pipelines(kind: ObjectKind): Promise<readonly shapes.PipelineRow[]> {
      const api = new pipelines.PipelinesApi(configuration(pipelines));
      return (await guarded(shapes.pipelineAnswer, api.getAll(kind.path))).results;
    },

    async properties(kind: ObjectKind): Promise<readonly shapes.PropertyRow[]> {
      const api = new properties.CoreApi(configuration(properties));
      return (await guarded(shapes.propertiesAnswer, api.getAll(kind.path))).results;
    },

    async property(kind: ObjectKind, name: string): Promise<shapes.PropertyRow> {
      return guarded(shapes.propertyRow, new properties.CoreApi(configuration(properties)).getByName(kind.path, name));
    },

    /** The SDK has no call for these two. */
    async account(): Promise<shapes.AccountDetails> {
      const { text } = await carry(access, { method: "GET", path: "/account-info/v3/details" });
      return guarded(shapes.accountDetails, Promise.resolve(text).then(JSON.parse));
    },
    async uninstall(): Promise<void> {
      await carry(access, { method: "DELETE", path: "/appinstalls/v3/external-install" });
    },
  };
}

/** What every module of the SDK calls its own `RequestContext`. */
interface SdkRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getBody(): unknown;
}

/** The SDK's answer, checked. What it cannot decode is a broken answer; what decodes otherwise than we know is a new form. */
async function guarded<Shape>(shape: z.ZodType<Shape>, call: Promise<unknown>): Promise<Shape> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    if (isFailure(error)) throw error;
    throw new Failure("crm_unavailable", "unreadable answer"); // without its cause, which may quote the answer
  }
  const checked = shape.safeParse(answer);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new Failure("crm_schema", `${issue?.code ?? "unknown"} at ${issue?.path.join(".") ?? ""}`);
}

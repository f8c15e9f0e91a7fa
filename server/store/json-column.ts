import type { ColumnType } from "kysely";

/** Read as what JSON.parse gives, written as JSON text. */
export type Json = ColumnType<unknown, string, string>;

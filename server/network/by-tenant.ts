import type { TenantId } from "../../core/types.ts";

/**
 * What a process remembers of its tenants. The tenant is part of every key, by its own type, so that nothing remembered of
 * one is ever found for another.
 */
export class ByTenant<Value> {
  readonly #values = new Map<string, Value>();

  get(tenantId: TenantId, ...rest: readonly string[]): Value | undefined {
    return this.#values.get(keyOf(tenantId, rest));
  }
  set(value: Value, tenantId: TenantId, ...rest: readonly string[]): void {
    this.#values.set(keyOf(tenantId, rest), value);
  }
  delete(tenantId: TenantId, ...rest: readonly string[]): void {
    this.#values.delete(keyOf(tenantId, rest));
  }
  /** Forgets all that is of no use any more. */
  sweep(useless: (value: Value) => boolean): void {
    for (const [key, value] of this.#values) if (useless(value)) this.#values.delete(key);
  }
  get size(): number {
    return this.#values.size;
  }
}

/** As JSON, so that no two keys read the same. */
const keyOf = (tenantId: TenantId, rest: readonly string[]): string => JSON.stringify([tenantId, ...rest]);

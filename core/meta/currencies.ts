/** ISO 4217 codes in use, as Meta takes them (Meta, "Custom data parameters": `currency`). */
export const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

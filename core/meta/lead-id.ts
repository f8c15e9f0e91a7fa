import { cleanText } from "./match-keys/clean.ts";

export type LeadIdProblem = "blank" | "zero" | "spreadsheet_form" | "not_digits" | "wrong_length";

const exportPrefix = /^l:/i;
const blanks = /\s+/g;
const zeros = /^0+$/;
const spreadsheetForm = /^\d(?:[.,]\d+)?e\+?\d+$|^\d{15,17}[.,]0+$/i;
const digits = /^\d+$/;

/**
 * The Meta lead id of 15 to 17 digits (Meta, "Conversion Leads payload"), as text: as a JavaScript number it would be rounded.
 * Blanks and the `l:` of Meta's lead export are taken off; a value that a spreadsheet has rewritten (`1.23457E+16`) is refused,
 * since its last digits are gone.
 */
export function leadId(
  raw: string | undefined,
): { readonly leadId: string } | { readonly dropped: `lead_id:${LeadIdProblem}` } | undefined {
  if (raw === undefined) return undefined;
  const id = cleanText(raw).replace(blanks, "").replace(exportPrefix, "");
  if (id === "") return { dropped: "lead_id:blank" };
  if (zeros.test(id)) return { dropped: "lead_id:zero" };
  if (spreadsheetForm.test(id)) return { dropped: "lead_id:spreadsheet_form" };
  if (!digits.test(id)) return { dropped: "lead_id:not_digits" };
  if (id.length < 15 || id.length > 17) return { dropped: "lead_id:wrong_length" };
  return { leadId: id };
}

import { cleanText } from "./match-keys/clean.ts";

export type LeadIdProblem = "blank" | "zero" | "spreadsheet_form" | "not_digits" | "wrong_length";

const exportPrefix = /^l:/i;
const blanks = /\s+/g;
const zeroFirst = /^0\d*$/;
const spreadsheetForm = /^\d(?:[.,]\d+)?e\+?\d+$|^\d{15,17}[.,]0+$/i;
const digits = /^\d+$/;
const sound = /^[1-9]\d{14,16}$/;

/**
 * The Meta lead id of 15 to 17 digits (Meta, "Conversion Leads payload"), as text: as a JavaScript number it would be rounded.
 * Blanks and the `l:` of Meta's lead export are taken off; a value that a spreadsheet has rewritten (`1.23457E+16`) is refused,
 * since its last digits are gone. A number that begins with zero is none: JSON has no such integer.
 */
export function leadId(
  raw: string | undefined,
): { readonly leadId: string } | { readonly dropped: `lead_id:${LeadIdProblem}` } | undefined {
  if (raw === undefined) return undefined;
  if (sound.test(raw)) return { leadId: raw };
  const id = cleanText(raw).replace(blanks, "").replace(exportPrefix, "");
  if (id === "") return { dropped: "lead_id:blank" };
  if (zeroFirst.test(id)) return { dropped: "lead_id:zero" };
  if (spreadsheetForm.test(id)) return { dropped: "lead_id:spreadsheet_form" };
  if (!digits.test(id)) return { dropped: "lead_id:not_digits" };
  // A leading zero is no part of a number: such an id would have fewer digits.
  return sound.test(id) ? { leadId: id } : { dropped: "lead_id:wrong_length" };
}

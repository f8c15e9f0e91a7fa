import { Failure } from "../../core/errors.ts";
import type { FailureCode } from "../../core/problems.ts";

/** What the library puts on its errors. Its message quotes the server, who may quote the address: neither goes further. */
interface SmtpError {
  readonly code?: string;
  readonly originalCode?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** No connection came about. */
const unconnected = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)$/;
/** We and the server do not come together: the login, the encryption, its certificate. */
const unagreed = /^(EAUTH|ENOAUTH|EOAUTH2|ETLS|EREQUIRETLS|ECONFIG)$|CERT|^ERR_(TLS|SSL)/;

/** An error of the SMTP exchange, as a failure of the catalogue. */
export function mailFailure(error: unknown): Failure {
  const { code = "", originalCode = "", command = "", responseCode = 0 } = error as SmtpError;
  const said = [code, command.split(" ")[0], responseCode || ""].filter(Boolean).join(" ");
  return new Failure(codeOf({ code, originalCode, command, responseCode }), `mail server: ${said || "unknown fault"}`);
}

function codeOf({ code, originalCode, command, responseCode }: Required<SmtpError>): FailureCode {
  // RFC 5321 4.2.1: 4yz passes, 5yz does not. Said of the recipient or the message it is about this mail, else about us.
  if (responseCode >= 400 && responseCode < 500) return "network_unreachable";
  if (responseCode >= 500) return /^(RCPT|DATA)/.test(command) ? "not_allowed" : "config_invalid";
  if (unagreed.test(code) || unagreed.test(originalCode)) return "config_invalid";
  if (code === "EENVELOPE" || code === "EMESSAGE") return "not_allowed";
  return code === "EDNS" || unconnected.test(originalCode) ? "network_unreachable" : "network_no_answer";
}

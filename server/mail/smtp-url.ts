import { Failure } from "../../core/errors.ts";

/** Where and how to connect, as nodemailer takes it. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly tls?: { readonly rejectUnauthorized: false };
}

/**
 * Reads `smtp://user:password@host:port` (port 587, upgraded by STARTTLS) or `smtps://` (port 465). Read here and not by the
 * library, which would let parameters of the address switch its safeguards off.
 *
 * @throws Failure `config_invalid`, without repeating the address
 */
export function destinationOf(address: string): Destination {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const secure = url?.protocol === "smtps:";
  if (!url?.hostname || (!secure && url.protocol !== "smtp:"))
    throw new Failure("config_invalid", "SMTP_URL: must look like smtps://user:password@mail.example.com");
  if (url.search || url.hash || !["", "/"].includes(url.pathname))
    throw new Failure("config_invalid", "SMTP_URL: nothing may follow the port");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const user = decodeURIComponent(url.username);
  const here = /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !here,
    ...(user && { auth: { user, pass: decodeURIComponent(url.password) } }),
    // Nobody stands between us and a relay on this very machine, whose certificate names another host as a rule.
    ...(here && { tls: { rejectUnauthorized: false } }),
  };
}

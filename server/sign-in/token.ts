import { hash, randomBytes } from "node:crypto";

/** What a cookie or a link holds: 256 random bits, 43 characters that need no quoting anywhere. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** Whether the text could be one of ours at all. */
export const looksLikeToken = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** All that is kept of a token: whoever reads the database can use none. SHA-256 without salt, for nobody guesses 256 bits. */
export const tokenHash = (token: string): string => hash("sha256", token);

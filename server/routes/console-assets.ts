import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { RequestHandler } from "express";

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css" };
const waysToPack = {
  // A level below the best: a tenth of its time, and some 3 % more bytes.
  br: (text: Buffer) =>
    promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) as Promise<Buffer>,
  gzip: (text: Buffer) => promisify(gzip)(text, { level: 9 }),
} as const;

/**
 * Scripts and styles as they go over the wire: a quarter of their size. Each is packed when it is first asked for, and kept; their
 * names carry a hash of what is in them, so a browser asks once. Anything else is left to whoever comes next.
 */
export function packedAssets(folder: string): RequestHandler {
  const names = new Set(readdirSync(folder).filter((name) => Object.hasOwn(types, extname(name))));
  const packed = new Map<string, Promise<Buffer>>();
  const pack = (name: string, way: keyof typeof waysToPack): Promise<Buffer> => {
    const key = `${way} ${name}`;
    const before = packed.get(key);
    if (before) return before;
    const made = readFile(join(folder, name)).then(waysToPack[way]);
    packed.set(key, made);
    // A file that could not be read may be there the next time.
    made.catch(() => packed.delete(key));
    return made;
  };
  return async (request, response, next) => {
    const name = request.path.slice(1);
    const way = request.acceptsEncodings("br", "gzip");
    if (!names.has(name) || (way !== "br" && way !== "gzip") || !/^(GET|HEAD)$/.test(request.method)) return next();
    const body = await pack(name, way);
    response.set({
      "content-type": `${types[extname(name)]}; charset=utf-8`,
      "content-encoding": way,
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
    });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}

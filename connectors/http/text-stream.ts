/**
 * Decodes a file piece by piece: UTF-8 with or without byte order mark, UTF-16 in either order (by its mark, or by the zero
 * bytes of its first letters). What is not text in that encoding becomes U+FFFD.
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let start = new Uint8Array(0);
  for await (const chunk of bytes) {
    let piece = chunk;
    if (!decoder) {
      start = Buffer.concat([start, chunk]);
      if (start.length < 4) continue;
      decoder = new TextDecoder(encodingOf(start));
      piece = start;
    }
    const text = decoder.decode(piece, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder ? decoder.decode() : new TextDecoder(encodingOf(start)).decode(start);
  if (rest !== "") yield rest;
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (second === 0 && first !== 0) return "utf-16le";
  return first === 0 && second !== 0 && second !== undefined ? "utf-16be" : "utf-8";
}

/**
 * The text of each element of a JSON array, untouched: numbers of 17 digits, escapes and blanks stay as they were sent.
 * `json` must be valid JSON already, and its outermost value an array or an object that has one under `key` (the last such
 * key wins, as in JSON.parse); anything else has no elements.
 */
export function rawElements(json: string, key: string): string[] {
  const start = skipBlanks(json, 0);
  if (json[start] === "[") return children(json, start).map(([from, to]) => json.slice(from, to));
  if (json[start] !== "{") return [];
  let found: string[] = [];
  const parts = children(json, start);
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [name, value] = [parts[i], parts[i + 1]];
    if (!name || !value || JSON.parse(json.slice(...name)) !== key) continue;
    found = json[value[0]] === "[" ? children(json, value[0]).map(([from, to]) => json.slice(from, to)) : [];
  }
  return found;
}

/** Where each value inside the array or object at `open` starts and ends; of an object, names and values in turn. */
function children(json: string, open: number): [from: number, to: number][] {
  const found: [number, number][] = [];
  let at = skipBlanks(json, open + 1);
  while (at < json.length && json[at] !== "]" && json[at] !== "}") {
    const end = endOfValue(json, at);
    found.push([at, end]);
    at = skipBlanks(json, end);
    if (json[at] === "," || json[at] === ":") at = skipBlanks(json, at + 1);
  }
  return found;
}

function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const char = json[at];
    if (char === '"') {
      at = endOfString(json, at) - 1;
      if (depth === 0) return at + 1;
    } else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") {
      if (depth === 0) return at; // a number, true, false or null that ends the list
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (char === "," || isBlank(char))) return at;
  }
  return json.length;
}

function endOfString(json: string, open: number): number {
  for (let at = json.indexOf('"', open + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let slashes = 0;
    while (json[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return json.length;
}

function skipBlanks(json: string, from: number): number {
  let at = from;
  while (isBlank(json[at])) at += 1;
  return at;
}

const isBlank = (char: string | undefined): boolean => char === " " || char === "\n" || char === "\r" || char === "\t";

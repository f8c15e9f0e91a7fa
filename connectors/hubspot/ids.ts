/**
 * HubSpot writes ids as numbers in webhooks and, by its own examples, in associations. Ids are text to us and must not pass
 * through a double: puts quotation marks around them before the JSON is parsed. Inside a JSON string the name's own
 * quotation mark would be escaped, so nothing else matches.
 */
export const quoteIds = (json: string): string =>
  json.replace(/("(?:\w*[oO]bjectId|portalId)"\s*:\s*)(\d+)/g, '$1"$2"');

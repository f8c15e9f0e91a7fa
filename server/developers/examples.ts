import type { Pipeline } from "../../core/types.ts";
import type { Example } from "../api/developers.ts";

interface Pushing {
  /** Where this connection's changes go, and where is asked what became of them. */
  readonly address: string;
  readonly outcomesAddress: string;
  /** Absent: nobody has said yet which there are. */
  readonly pipeline?: Pipeline | undefined;
}

/**
 * Calls that run as they are. Names of pipelines and stages are the customer's own words and may hold anything: in a shell they
 * stand between single quotes, in JavaScript as JSON. Keys and secrets come from the environment: none is in a shell's history.
 */
export const examplesOf = (to: Pushing): readonly Example[] => [
  { id: "curl_key", language: "shell", code: curlKey(to) },
  { id: "curl_signed", language: "shell", code: curlSigned(to) },
  { id: "node_signed", language: "javascript", code: nodeSigned(to) },
  { id: "curl_outcomes", language: "shell", code: curlOutcomes(to) },
];

/** `occurred_at` follows: it is now. */
function change({ pipeline }: Pushing) {
  const stage = pipeline?.stages[0]?.id ?? "qualified";
  return {
    record_id: "4711",
    object: pipeline?.object ?? "lead",
    pipeline: pipeline?.id ?? "default",
    stage,
    lead_id: "5100000470389255",
    contact: { email: "jane@example.com", phone: "+1 202 555 0142" },
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const shellBody = (to: Pushing): string => {
  const body = JSON.stringify(change(to)).replace(/\}$/, ',"occurred_at":"');
  return `BODY=${quoted(body)}"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'"}'`;
};

const curlKey = (to: Pushing): string => `# STAGEWIRE_KEY: a key of this connection, swk_…
${shellBody(to)}
curl ${quoted(to.address)} \\
  -H "authorization: Bearer $STAGEWIRE_KEY" -H "content-type: application/json" \\
  --data-binary "$BODY"`;

const curlSigned = (to: Pushing): string => `# STAGEWIRE_SECRET: the connection's signing secret, whsec_…
${shellBody(to)}
ID=msg_$(openssl rand -hex 12)
TIME=$(date +%s)
KEY=$(printf %s "\${STAGEWIRE_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')
SIGNATURE=v1,$(printf %s "$ID.$TIME.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | openssl base64 -A)
curl ${quoted(to.address)} -H "content-type: application/json" \\
  -H "webhook-id: $ID" -H "webhook-timestamp: $TIME" -H "webhook-signature: $SIGNATURE" \\
  --data-binary "$BODY"`;

const nodeSigned = (to: Pushing): string => `// STAGEWIRE_SECRET: the connection's signing secret, whsec_…
import { createHmac, randomUUID } from "node:crypto";

const change = ${JSON.stringify(change(to), null, 2)};
const body = JSON.stringify({ ...change, occurred_at: new Date().toISOString() });
const id = \`msg_\${randomUUID()}\`;
const time = Math.floor(Date.now() / 1000);
const key = Buffer.from(process.env.STAGEWIRE_SECRET.replace("whsec_", ""), "base64");
const signature = createHmac("sha256", key).update(\`\${id}.\${time}.\${body}\`).digest("base64");
const answer = await fetch(${JSON.stringify(to.address)}, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(time),
    "webhook-signature": \`v1,\${signature}\`,
  },
  body,
});
console.log(answer.status, await answer.json());`;

const curlOutcomes = (to: Pushing): string => `# The ids are those that the pushes were answered with.
curl ${quoted(to.outcomesAddress)} \\
  -H "authorization: Bearer $STAGEWIRE_KEY" -H "content-type: application/json" \\
  --data-binary '{"ids":["id-of-a-push"]}'`;

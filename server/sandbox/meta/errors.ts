/** What the Graph API can answer other than yes, by our name for it. Status and codes as Meta documents or was seen to send them. */
interface GraphAnswer {
  readonly status: number;
  readonly code: number;
  readonly subcode?: number;
  readonly transient?: boolean;
  readonly message: string;
  /** Shown to people; Meta translates it into the caller's language. */
  readonly title?: string;
  readonly advice?: string;
}

export const graphErrors = {
  parameter: { status: 400, code: 100, message: "Invalid parameter" },
  tooOld: {
    status: 400,
    code: 100,
    subcode: 2804003,
    message: "Invalid parameter",
    title: "Event timestamp too old",
    advice: "An event in this request happened more than seven days ago. No event of the request was processed.",
  },
  leadId: {
    status: 400,
    code: 100,
    subcode: 2804036,
    message: "Invalid parameter",
    title: "Lead ID invalid",
    advice:
      "One or more lead IDs are invalid or were deleted. The whole group of events can be refused because of them.",
  },
  tooBroad: {
    status: 400,
    code: 100,
    subcode: 2804050,
    message: "Invalid parameter",
    title: "Not enough customer information",
    advice: "An event carries no customer information, or a combination too broad to match anybody.",
  },
  notFound: {
    status: 400,
    code: 100,
    subcode: 33,
    message: "Unsupported request: the object does not exist, may not be seen with this token, or does not offer this.",
  },
  field: { status: 400, code: 100, message: "(#100) A field was asked for that this object does not have" },
  tooLarge: { status: 413, code: 1, message: "Please send less data in one request" },
  noToken: { status: 400, code: 2500, message: "An active access token must be used" },
  unknownPath: { status: 400, code: 2500, message: "Unknown path components" },
  retired: { status: 400, code: 2635, message: "(#2635) This is a deprecated version of the Ads API" },
  malformedToken: { status: 401, code: 190, message: "Invalid OAuth access token - Cannot parse access token" },
  unknownToken: { status: 400, code: 190, message: "The access token could not be decrypted" },
  revokedToken: {
    status: 400,
    code: 190,
    subcode: 458,
    message: "Error validating access token: the app has been removed by the business",
  },
  expiredToken: {
    status: 400,
    code: 190,
    subcode: 463,
    message: "Error validating access token: the session has expired",
  },
  proof: { status: 400, code: 104, message: "Invalid appsecret_proof provided in the API argument" },
  proofRequired: { status: 400, code: 104, message: "API calls from the server require an appsecret_proof argument" },
  badClient: { status: 400, code: 101, message: "Error validating application. Invalid application ID." },
  badSecret: { status: 400, code: 1, message: "Error validating client secret." },
  badCode: { status: 400, code: 100, message: "Invalid verification code format." },
  expiredCode: { status: 400, code: 100, subcode: 36007, message: "This authorization code has expired." },
  otherRedirect: {
    status: 400,
    code: 100,
    subcode: 36008,
    message:
      "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request",
  },
  usedCode: { status: 400, code: 100, subcode: 36009, message: "This authorization code has been used." },
  /** Also said to a person's token that is perfectly alive, when it is asked for its client business. */
  noClientBusiness: { status: 400, code: 190, message: "The access token does not belong to a system user" },
  missingPermission: { status: 403, code: 10, message: "(#10) Application does not have permission for this action" },
  forbidden: { status: 403, code: 200, message: "(#200) Permissions error" },
  unknown: { status: 500, code: 1, message: "An unknown error has occurred" },
  down: { status: 503, code: 2, transient: true, message: "Service temporarily unavailable" },
  appLimit: { status: 400, code: 4, transient: true, message: "(#4) Application request limit reached" },
  userLimit: { status: 400, code: 17, subcode: 2446079, transient: true, message: "(#17) User request limit reached" },
  rateLimit: {
    status: 400,
    code: 613,
    subcode: 1487742,
    message: "(#613) Calls to this api have exceeded the rate limit",
  },
  businessLimit: { status: 400, code: 80004, message: "(#80004) There have been too many calls to this ad-account" },
} as const satisfies Record<string, GraphAnswer>;
export type GraphErrorName = keyof typeof graphErrors;

/** An answer of Meta's that is not yes. */
export class GraphError extends Error {
  readonly answer: GraphAnswer;
  readonly blame: string | undefined;
  /** Sent instead of the envelope: what a proxy in front of Meta would say. */
  readonly html: string | undefined;

  constructor(answer: GraphAnswer, blame?: string, html?: string) {
    super(answer.message);
    this.answer = answer;
    this.blame = blame;
    this.html = html;
  }

  /** The documented envelope. https://developers.facebook.com/docs/graph-api/guides/error-handling */
  body(traceId: string): string {
    const { message, code, subcode, transient, title, advice } = this.answer;
    return JSON.stringify({
      error: {
        message,
        type: "OAuthException",
        code,
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        is_transient: transient ?? false,
        ...(this.blame === undefined ? {} : { error_data: { blame_field_specs: [[this.blame]] } }),
        ...(title === undefined ? {} : { error_user_title: title }),
        ...(advice === undefined ? {} : { error_user_msg: advice }),
        fbtrace_id: traceId,
      },
    });
  }
}

/** `say` replaces Meta's general words by more exact ones; `blame` names the field, as in `data[3][user_data][em]`. */
export function graphError(name: GraphErrorName, say?: string, blame?: string): GraphError {
  const answer: GraphAnswer = graphErrors[name];
  return new GraphError(say === undefined ? answer : { ...answer, message: say }, blame);
}

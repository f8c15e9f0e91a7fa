/** A person who can sign in to HubSpot; the same number in every portal they belong to. */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly mail: string;
  /** Super admin, or a user with the right "HubSpot Marketplace Access". */
  readonly mayInstall: boolean;
}
/** An account at HubSpot: what it is, and who works there. */
export interface PortalFacts {
  /** 1 is the demo's. */
  readonly place: number;
  readonly hubId: number;
  readonly name: string;
  /** The customer's own web domain. */
  readonly domain: string;
  readonly accountType: "STANDARD" | "DEVELOPER_TEST";
  /** Data region: prefix of refresh tokens and codes. */
  readonly region: "na1" | "eu1";
  readonly uiDomain: string;
  readonly timeZone: string;
  readonly utcOffset: string;
  readonly currency: string;
  readonly additionalCurrencies: readonly string[];
  /** Optional scopes that its subscription does not have; they are silently dropped. */
  readonly beyondTier: readonly string[];
  readonly users: readonly [User, ...User[]];
}

/** Works for two customers: one person, two portals. */
const consultant: User = { id: 71_204_118, name: "Casey Lindqvist", mail: "casey@partner.example", mayInstall: true };

/** The portals of this HubSpot. All but the first are only opened when somebody goes there. */
export const portalsOf = (firstHubId: number): readonly [PortalFacts, ...PortalFacts[]] => [
  {
    place: 1,
    hubId: firstHubId,
    name: "Northwind Dental",
    domain: "northwind.example",
    accountType: "STANDARD",
    region: "na1",
    uiDomain: "app.hubspot.com",
    timeZone: "US/Eastern",
    utcOffset: "-05:00",
    currency: "USD",
    additionalCurrencies: ["EUR"],
    beyondTier: ["crm.objects.custom.read"], // Sales Hub Professional
    users: [
      { id: 98_499_705, name: "Alex Moreau", mail: "admin@northwind.example", mayInstall: true },
      { id: 98_499_706, name: "Robin Okafor", mail: "robin@northwind.example", mayInstall: false },
      consultant,
    ],
  },
  {
    place: 2,
    hubId: firstHubId + 1_204_771,
    name: "Brightside Solar",
    domain: "brightside-solar.example",
    accountType: "STANDARD",
    region: "eu1",
    uiDomain: "app-eu1.hubspot.com",
    timeZone: "Europe/Berlin",
    utcOffset: "+01:00",
    currency: "EUR",
    additionalCurrencies: [],
    beyondTier: ["crm.objects.custom.read", "crm.objects.leads.read"], // Sales Hub Starter
    users: [
      { id: 83_310_442, name: "Jana Weiß", mail: "jana@brightside-solar.example", mayInstall: true },
      { id: 83_310_443, name: "Mats Lindgren", mail: "mats@brightside-solar.example", mayInstall: false },
      consultant,
    ],
  },
  {
    place: 3,
    hubId: firstHubId + 2_887_003,
    name: "Kestrel Roofing test account",
    domain: "kestrel-roofing.example",
    accountType: "DEVELOPER_TEST",
    region: "na1",
    uiDomain: "app.hubspot.com",
    timeZone: "Australia/Lord_Howe",
    utcOffset: "+11:00",
    currency: "AUD",
    additionalCurrencies: [],
    beyondTier: [],
    users: [{ id: 64_550_019, name: "Quinn Haddad", mail: "quinn@kestrel-roofing.example", mayInstall: true }],
  },
];

/** As `GET /account-info/2026-09/details` tells it. There is no name in it. */
export const accountDetails = (portal: PortalFacts): unknown => {
  const [hours = 0, minutes = 0] = portal.utcOffset.slice(1).split(":").map(Number);
  const sign = portal.utcOffset.startsWith("-") ? -1 : 1;
  return {
    portalId: portal.hubId,
    accountType: portal.accountType,
    timeZone: portal.timeZone,
    companyCurrency: portal.currency,
    additionalCurrencies: portal.additionalCurrencies,
    utcOffset: portal.utcOffset,
    utcOffsetMilliseconds: sign * (hours * 60 + minutes) * 60_000,
    uiDomain: portal.uiDomain,
    dataHostingLocation: portal.region,
  };
};

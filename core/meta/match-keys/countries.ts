/** What the phone and country rules need to know of one country. */
export interface Country {
  /** ISO 3166-1 alpha-2, lower case: the form Meta wants. */
  readonly iso: string;
  /** Absent where there are no telephones of its own. */
  readonly dialling?: {
    readonly callingCode: string;
    /** Possible numbers of digits of a fixed or mobile number, without calling code and trunk prefix. */
    readonly lengths: ReadonlySet<number>;
    /** Dialled before a number inside the country and dropped from outside; empty where there is none. */
    readonly trunk: string;
    /** Dialled to call abroad, where it is not `00`; empty otherwise. */
    readonly abroad: string;
  };
}

/**
 * `alpha-2:alpha-3[:calling code:lengths[:trunk prefix[:prefix to call abroad]]]`. Codes: ISO 3166-1, with Kosovo's customary
 * XK. Dialling plans: libphonenumber's metadata; a test compares them with the installed release.
 */
const table = `
  AD:AND:376:6,9 AE:ARE:971:8-9:0 AF:AFG:93:9:0 AG:ATG:1:10:1:011 AI:AIA:1:10:1:011 AL:ALB:355:8-9:0
  AM:ARM:374:8:0 AO:AGO:244:9 AQ:ATA AR:ARG:54:10-11:0 AS:ASM:1:10:1:011 AT:AUT:43:4-13:0 AU:AUS:61:9:0:0011
  AW:ABW:297:7 AX:ALA:358:6-10:0 AZ:AZE:994:9:0 BA:BIH:387:8-9:0 BB:BRB:1:10:1:011 BD:BGD:880:6-10:0
  BE:BEL:32:8-9:0 BF:BFA:226:8 BG:BGR:359:6-9:0 BH:BHR:973:8 BI:BDI:257:8 BJ:BEN:229:10 BL:BLM:590:9:0
  BM:BMU:1:10:1:011 BN:BRN:673:7 BO:BOL:591:8:0 BQ:BES:599:7 BR:BRA:55:10-11:0 BS:BHS:1:10:1:011 BT:BTN:975:7-8
  BV:BVT BW:BWA:267:7-8 BY:BLR:375:9:80:810 BZ:BLZ:501:7 CA:CAN:1:10:1:011 CC:CCK:61:9:0:0011 CD:COD:243:7-10:0
  CF:CAF:236:8 CG:COG:242:9 CH:CHE:41:9:0 CI:CIV:225:10 CK:COK:682:5 CL:CHL:56:9 CM:CMR:237:9 CN:CHN:86:7-11:0
  CO:COL:57:8,10:0 CR:CRI:506:8 CU:CUB:53:6-8,10:0:119 CV:CPV:238:7::0 CW:CUW:599:7-8 CX:CXR:61:9:0:0011 CY:CYP:357:8
  CZ:CZE:420:9 DE:DEU:49:5-15:0 DJ:DJI:253:8 DK:DNK:45:8 DM:DMA:1:10:1:011 DO:DOM:1:10:1:011 DZ:DZA:213:8-9:0
  EC:ECU:593:8-9:0 EE:EST:372:7-8 EG:EGY:20:8-10:0 EH:ESH:212:9:0 ER:ERI:291:7:0 ES:ESP:34:9 ET:ETH:251:9:0
  FI:FIN:358:5-10:0 FJ:FJI:679:7 FK:FLK:500:5 FM:FSM:691:7 FO:FRO:298:6 FR:FRA:33:9:0 GA:GAB:241:7-8
  GB:GBR:44:9-10:0 GD:GRD:1:10:1:011 GE:GEO:995:9:0 GF:GUF:594:9:0 GG:GGY:44:10:0 GH:GHA:233:9:0 GI:GIB:350:8
  GL:GRL:299:6 GM:GMB:220:7,9 GN:GIN:224:8-9 GP:GLP:590:9:0 GQ:GNQ:240:9 GR:GRC:30:10 GS:SGS GT:GTM:502:8
  GU:GUM:1:10:1:011 GW:GNB:245:9 GY:GUY:592:7 HK:HKG:852:8 HM:HMD HN:HND:504:8 HR:HRV:385:8-9:0
  HT:HTI:509:8 HU:HUN:36:8-9:06 ID:IDN:62:7-12:0 IE:IRL:353:7-10:0 IL:ISR:972:8-9,11-12:0 IM:IMN:44:10:0
  IN:IND:91:10:0 IO:IOT:246:7 IQ:IRQ:964:8-10:0 IR:IRN:98:6-7,10:0 IS:ISL:354:7,9 IT:ITA:39:6-12 JE:JEY:44:10:0
  JM:JAM:1:10:1:011 JO:JOR:962:8-9:0 JP:JPN:81:9-10:0:010 KE:KEN:254:7-9:0 KG:KGZ:996:9:0 KH:KHM:855:8-9:0
  KI:KIR:686:5,8:0 KM:COM:269:7 KN:KNA:1:10:1:011 KP:PRK:850:8,10:0 KR:KOR:82:5-6,8-10:0 KW:KWT:965:8
  KY:CYM:1:10:1:011 KZ:KAZ:7:10:8:810 LA:LAO:856:8-10:0 LB:LBN:961:7-8:0 LC:LCA:1:10:1:011 LI:LIE:423:7,9:0
  LK:LKA:94:9:0 LR:LBR:231:7-9:0 LS:LSO:266:8 LT:LTU:370:8:0 LU:LUX:352:4-11 LV:LVA:371:8 LY:LBY:218:9:0
  MA:MAR:212:9:0 MC:MCO:377:8-9:0 MD:MDA:373:8:0 ME:MNE:382:8:0 MF:MAF:590:9:0 MG:MDG:261:9:0 MH:MHL:692:7:1:011
  MK:MKD:389:8:0 ML:MLI:223:8 MM:MMR:95:6-10:0 MN:MNG:976:8-10:0 MO:MAC:853:8 MP:MNP:1:10:1:011
  MQ:MTQ:596:9:0 MR:MRT:222:8 MS:MSR:1:10:1:011 MT:MLT:356:8 MU:MUS:230:7-8 MV:MDV:960:7 MW:MWI:265:7,9:0
  MX:MEX:52:10 MY:MYS:60:8-10:0 MZ:MOZ:258:8-9 NA:NAM:264:8-9:0 NC:NCL:687:6 NE:NER:227:8 NF:NFK:672:6
  NG:NGA:234:10:0 NI:NIC:505:8 NL:NLD:31:9,11:0 NO:NOR:47:8 NP:NPL:977:8,10:0 NR:NRU:674:7 NU:NIU:683:4,7
  NZ:NZL:64:8-10:0 OM:OMN:968:8 PA:PAN:507:7-8 PE:PER:51:8-9:0 PF:PYF:689:8 PG:PNG:675:7-8 PH:PHL:63:6,8-10:0
  PK:PAK:92:9-10:0 PL:POL:48:7,9 PM:SPM:508:6,9:0 PN:PCN PR:PRI:1:10:1:011 PS:PSE:970:8-9:0 PT:PRT:351:9
  PW:PLW:680:7 PY:PRY:595:7-9:0 QA:QAT:974:8 RE:REU:262:9:0 RO:ROU:40:6,9:0 RS:SRB:381:7-12:0 RU:RUS:7:10:8:810
  RW:RWA:250:8-9:0 SA:SAU:966:9:0 SB:SLB:677:5,7 SC:SYC:248:7 SD:SDN:249:9:0 SE:SWE:46:7-9:0 SG:SGP:65:8
  SH:SHN:290:4-5 SI:SVN:386:8:0 SJ:SJM:47:8 SK:SVK:421:6-7,9:0 SL:SLE:232:8:0 SM:SMR:378:8,10 SN:SEN:221:9
  SO:SOM:252:6-9:0 SR:SUR:597:6-7 SS:SSD:211:9:0 ST:STP:239:7 SV:SLV:503:8 SX:SXM:1:10:1:011 SY:SYR:963:8-9:0
  SZ:SWZ:268:8 TC:TCA:1:10:1:011 TD:TCD:235:8 TF:ATF TG:TGO:228:8 TH:THA:66:8-9:0 TJ:TJK:992:9::810
  TK:TKL:690:4-7 TL:TLS:670:7-8 TM:TKM:993:8:8:810 TN:TUN:216:8 TO:TON:676:5,7 TR:TUR:90:10:0 TT:TTO:1:10:1:011
  TV:TUV:688:5-7 TW:TWN:886:8-9:0 TZ:TZA:255:9:0 UA:UKR:380:9:0 UG:UGA:256:9:0 UM:UMI US:USA:1:10:1:011
  UY:URY:598:8:0 UZ:UZB:998:9 VA:VAT:39:6-11 VC:VCT:1:10:1:011 VE:VEN:58:10:0 VG:VGB:1:10:1:011
  VI:VIR:1:10:1:011 VN:VNM:84:9-10:0 VU:VUT:678:5,7 WF:WLF:681:6 WS:WSM:685:5-7,10::0 XK:XKX:383:8-12:0
  YE:YEM:967:7-9:0 YT:MYT:262:9:0 ZA:ZAF:27:5-9:0 ZM:ZMB:260:9:0 ZW:ZWE:263:9:0
`;

function lengthsOf(text: string): ReadonlySet<number> {
  const lengths = new Set<number>();
  for (const range of text.split(",")) {
    const [from, to = from] = range.split("-").map(Number);
    for (let n = from ?? 0; n <= (to ?? 0); n++) lengths.add(n);
  }
  return lengths;
}

const byCode = new Map<string, Country>();
const byCallingCode = new Map<string, Country>();
for (const row of table.trim().split(/\s+/)) {
  const [alpha2 = "", alpha3 = "", callingCode = "", lengths = "", trunk = "", abroad = ""] = row.split(":");
  const country: Country = {
    iso: alpha2.toLowerCase(),
    ...(callingCode && { dialling: { callingCode, lengths: lengthsOf(lengths), trunk, abroad } }),
  };
  byCode.set(alpha2, country).set(alpha3, country);
  if (callingCode && !byCallingCode.has(callingCode)) byCallingCode.set(callingCode, country);
}
// Codes that several countries share follow the plan of the one that runs it.
for (const lead of ["US", "GB", "AU", "FR", "RU", "IT", "MA", "NO", "FI"]) {
  const country = byCode.get(lead);
  if (country?.dialling) byCallingCode.set(country.dialling.callingCode, country);
}

/** By alpha-2 or alpha-3 code in upper case. */
export const countryByCode = (code: string): Country | undefined => byCode.get(code);

/** Of an international number in digits, by its longest matching calling code (they are prefix-free). */
export function countryByNumber(digits: string): Country | undefined {
  return (
    byCallingCode.get(digits.slice(0, 1)) ??
    byCallingCode.get(digits.slice(0, 2)) ??
    byCallingCode.get(digits.slice(0, 3))
  );
}

/** Every country once. */
export const countries: readonly Country[] = [...new Set(byCode.values())];

import { countries } from "./countries.ts";

const languages =
  "en de fr es pt it nl sv da nb fi pl cs sk sl hr hu ro bg el tr ru uk et lv lt ar he fa hi bn th vi id ms ja ko zh-Hans zh-Hant";

/** Names in use that Unicode's lists lack, and ISO's own inverted ones; in the form that `nameKey` gives. */
const aliases = `
  us:unitedstatesofamerica,theunitedstates,america gb:greatbritain,england,scotland,wales,northernireland,britain
  in:ind ag:antiguaandbarbuda bo:boliviaplurinationalstateof bq:bonairesinteustatinsandsaba,bonaire
  ba:bosniaandherzegovina,bosnia cg:congorepublic,republicofthecongo,kongo
  cd:congothedemocraticrepublicofthe,democraticrepublicofthecongo,drcongo,drc ci:ivorycoast cz:czechrepublic
  fk:falklandislandsmalvinas hm:heardislandandmcdonaldislands va:holyseevaticancitystate,vatican,holysee
  hk:hongkong,hongkongsar ir:iranislamicrepublicof,islamicrepublicofiran kp:koreademocraticpeoplesrepublicof
  kr:korearepublicof,republicofkorea,korea la:laopeoplesdemocraticrepublic,laopdr mo:macao,macau
  mk:macedoniatheformeryugoslavrepublicof,macedonia fm:micronesiafederatedstatesof md:moldovarepublicof,republicofmoldova
  ps:palestinestateof,palestine,stateofpalestine ru:russianfederation sh:sainthelenaascensionandtristandacunha
  kn:saintkittsandnevis mf:saintmartinfrenchpart pm:saintpierreandmiquelon vc:saintvincentandthegrenadines
  st:saotomeandprincipe sx:sintmaartenductchpart,sintmaartendutchpart gs:southgeorgiaandthesouthsandwichislands
  sj:svalbardandjanmayen sz:swaziland sy:syrianarabrepublic tw:taiwanprovinceofchina
  tz:tanzaniaunitedrepublicof,unitedrepublicoftanzania tl:easttimor tt:trinidadandtobago,trinidad,tobago tr:turkey
  tc:turksandcaicosislands um:unitedstatesminoroutlyingislands ve:venezuelabolivarianrepublicof vg:virginislandsbritish
  vi:virginislandsus wf:wallisandfutuna ae:uae,emirates nl:holland,thenetherlands cn:peoplesrepublicofchina,prc
  de:brd,federalrepublicofgermany bs:thebahamas gm:thegambia ph:thephilippines mm:burma cv:caboverde vn:vietnam`;

const notLetters = /[^\p{L}]+/gu;

/** Letters only, in lower case, accents and other marks off. */
const nameKey = (name: string): string =>
  name.replaceAll("&", "and").normalize("NFKD").toLowerCase().replace(notLetters, "");

let names: ReadonlyMap<string, string> | undefined;

/** About 6,000 names, made at the first name that is not a code (50 ms once). The first meaning of a name stands. */
function allNames(): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const entry of aliases.trim().split(/\s+/)) {
    const [iso = "", keys = ""] = entry.split(":");
    for (const key of keys.split(",")) all.set(key, iso);
  }
  for (const language of languages.split(" ")) {
    const display = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const { iso } of countries) {
      const key = nameKey(display.of(iso.toUpperCase()) ?? "");
      if (key !== "" && !all.has(key)) all.set(key, iso);
    }
  }
  return all;
}

/** ISO alpha-2 in lower case of a country's full name in one of 38 languages. */
export function countryByName(name: string): string | undefined {
  names ??= allNames();
  return names.get(nameKey(name));
}

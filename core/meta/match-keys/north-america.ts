/** `name:code` of the provinces and states, in the order in which Meta's library looks for a name inside a longer text. */
const provinces = `ontario:on quebec:qc britishcolumbia:bc alberta:ab saskatchewan:sk manitoba:mb novascotia:ns newbrunswick:nb
  princeedwardisland:pe newfoundlandandlabrador:nl yukon:yt northwestterritories:nt nunavut:nu`;
const usStates = `alabama:al alaska:ak arizona:az arkansas:ar california:ca colorado:co connecticut:ct delaware:de florida:fl
  georgia:ga hawaii:hi idaho:id illinois:il indiana:in iowa:ia kansas:ks kentucky:ky louisiana:la maine:me maryland:md
  massachusetts:ma michigan:mi minnesota:mn mississippi:ms missouri:mo montana:mt nebraska:ne nevada:nv newhampshire:nh
  newjersey:nj newmexico:nm newyork:ny northcarolina:nc northdakota:nd ohio:oh oklahoma:ok oregon:or pennsylvania:pa
  rhodeisland:ri southcarolina:sc southdakota:sd tennessee:tn texas:tx utah:ut vermont:vt virginia:va washington:wa
  westvirginia:wv wisconsin:wi wyoming:wy`;
/** What Meta's library does not know. */
const others = `districtofcolumbia:dc washingtondc:dc puertorico:pr guam:gu americansamoa:as usvirginislands:vi
  northernmarianaislands:mp newfoundland:nl labrador:nl qubec:qc`;

const table = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(/\s+/).map((entry) => entry.split(":") as [string, string]));

const states = table(`${provinces} ${usStates}`);
const territories = table(others);
const longestFirst = [...states].sort(([a], [b]) => b.length - a.length);

/** All take the letters a to z of a name, nothing else. */
export const stateCode = (name: string): string | undefined => states.get(name);
export const territoryCode = (name: string): string | undefined => territories.get(name);

export const firstNamedWithin = (text: string): string | undefined => {
  for (const [name, code] of states) if (text.includes(name)) return code;
  return undefined;
};

export const longestNamedWithin = (text: string): string | undefined =>
  longestFirst.find(([name]) => text.includes(name))?.[1];

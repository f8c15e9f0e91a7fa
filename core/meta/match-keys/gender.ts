import type { Normalised } from "./normalised.ts";

const words = (text: string) => text.trim().split(/\s+/);

/** Everything Meta's library takes for an answer, and the usual answers of CRM forms in other languages. */
const male = words(`
  m male man boy gentleman guy sir mister mr son father dad daddy papa uncle nephew brother husband boyfriend groom widower
  king prince duke count emperor god lord lad fellow chap bloke dude he him his himself
  männlich mann herr homme masculin monsieur hombre masculino varón señor uomo maschio homem mannelijk man mand mies
  mężczyzna muž férfi мужской мужчина м чоловік erkek ذكر זכר 男 男性 남 남성 남자`);
const female = words(`
  f female woman girl lady miss ms mrs madam ma'am daughter mother mom mama mommy aunt niece sister wife girlfriend bride
  widow queen princess duchess countess empress goddess maiden lass gal chick dame belle she her hers herself
  weiblich frau femme féminin madame mujer femenino señora donna femmina feminino mulher vrouwelijk vrouw kvinna kvinde
  nainen kobieta žena nő женский женщина ж жінка kadın أنثى נקבה 女 女性 여 여성 여자`);
const answers = new Map([...male.map((word) => [word, "m"] as const), ...female.map((word) => [word, "f"] as const)]);

/** `f` or `m` (Meta: ge), from an answer that says so in words. Never inferred from a name; any other answer is left out. */
export function gender(text: string): Normalised {
  const answer = answers.get(text.trim().toLowerCase());
  return answer ? { values: [answer] } : { dropped: "not_f_or_m" };
}

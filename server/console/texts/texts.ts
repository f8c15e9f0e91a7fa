import { en } from "./en.ts";
import { pseudo } from "./pseudo.ts";

/** Every word of the console. Another language is a file of this type: a word that is missing there does not compile. */
export type Texts = typeof en;

/** In the language that the page says it is in. Two that nobody speaks show what was left out, and what lies on the wrong side. */
export const texts: Texts = pseudo(en, document.documentElement.lang);

// What people type and what lexicons hold: the tokeniser, patterns and entries, by the rules of crossread.lexicon.patterns.

/** What stands in the way, said in a sentence to whoever typed it. */
export class Refusal extends Error {}

/** Do what may be refused; then say in a sentence why. */
export function tried(act, refuse) {
  try { return act(); } catch (error) {
    if (error instanceof Refusal) return refuse(error.message);
    throw error;
  }
}

const COUNTRIES = { US: "u.s.", "U.S": "u.s.", "U.S.": "u.s.", UK: "u.k.", "U.K": "u.k.", "U.K.": "u.k." };
const STAR = "\ua66e", MARK = "\ua78f"; // letters that no text uses stand in for * and ? in the tokeniser
const MOST_SEQUENCES = 5000;
const MOST_NESTED = 20;  // brackets within brackets
const FORMS = /[ªº\u0132\u0133\u0149\u017f\u01c4-\u01ccǱ-ǳʰ-ʸᴬ-ᵪ₀-₉℀-ↈﬀ-ﭏﭐ-\ufdfb\ufe70-\ufefc０-\uffdc\u{1d400}-\u{1d7ff}]+/gu;
let tokenPattern = /[\p{L}\p{N}\p{M}]+/gu, unseen = /\u00ad/gu;

/** Take over the token pattern of the library, and the characters without width. */
export function setTokenPattern({ pattern, unseen: characters }) {
  tokenPattern = new RegExp(pattern, "gv");
  unseen = new RegExp(`[${characters}]`, "gu");
}

/** Return the form under which a word is counted: see crossread.corpus.tokens.fold. */
function fold(word) {
  if (/^[A-Za-z]+$/.test(word)) return COUNTRIES[word] || word.toLowerCase();
  if (isAddress(word)) return word.toLowerCase();
  if (/^\p{Sc}|\p{Sc}$/u.test(word)) return "";
  word = word.replace(unseen, "").replace(FORMS, form => form.normalize("NFKC")).normalize("NFC").replace(/[’ʼ‘＇‛´′]/g, "'").replace(/[‐‑]/g, "-").replace(/İ/g, "i");
  if (/'[sS]$/.test(word)) word = word.slice(0, -2);
  return COUNTRIES[word] || word.toLowerCase();
}

/** Tell the address of a page or a person, which no entry matches. */
export const isAddress = word => /[/@]/.test(word) || (word.includes(".") && /(?:^|\.)[\p{L}\p{Nl}\p{No}][\p{L}\p{N}]/u.test(word));

/** Return the tokens of a text: [folded word, start, end] each. */
export function tokenise(text) {
  const found = [];
  for (const match of text.matchAll(tokenPattern)) {
    const word = fold(match[0]);
    if (word) found.push([word, match.index, match.index + match[0].length]);
  }
  return found;
}

const known = new Map();

/** Return the sequences of word patterns that a pattern stands for: "free (ride*|rider)" gives two of two words. */
export function sequences(pattern) {
  if (known.has(pattern)) return known.get(pattern);
  if (!pattern.trim()) throw new Refusal("The entry is empty: write a word.");
  const found = new Map();
  for (const text of expand(pattern)) {
    const words = wordPatterns(text, pattern);
    if (!words.length) throw new Refusal(`“${pattern}” can never match: “${text.trim()}” holds no letter or number.`);
    if (words.every(word => word === "*")) throw new Refusal(`“${pattern}” matches every word: name at least one.`);
    found.set(words.join(" "), words);
  }
  const result = [...found.values()];
  known.set(pattern, result);
  return result;
}

const PREFIXES = new Set("anti bi co counter inter mini multi non pluri post pre quadri semi tri uni".split(" "));
const LITERALS = 3; // letters that must follow a prefix
const hasLetters = word => word !== undefined && new RegExp(`^\\p{L}{${LITERALS}}`, "u").test(word);

/** Return the sequences of a pattern in both spellings of words with a prefix: multilateral and multi-lateral. */
export function spellings(pattern) {
  const found = new Map(sequences(pattern).map(words => [words.join(" "), words]));
  for (const words of [...found.values()]) words.forEach((word, place) => {
    const put = (parts, taken) => { const respelt = [...words.slice(0, place), ...parts, ...words.slice(place + taken)]; found.set(respelt.join(" "), respelt); };
    if (PREFIXES.has(word) && hasLetters(words[place + 1])) put([word + words[place + 1]], 2);
    for (let length = 2; length <= word.length - LITERALS; length++) {
      if (PREFIXES.has(word.slice(0, length)) && hasLetters(word.slice(length))) put([word.slice(0, length), word.slice(length)], 1);
    }
  });
  return [...found.values()];
}

function wordPatterns(text, pattern) {
  const letters = text.replace(/\*/g, STAR).replace(/\?/g, MARK);
  const words = [];
  let end = 0;
  const silent = between => {
    const strange = between.replace(unseen, "").match(/[^\s\-‐‑–—'’‘"“”.,]/u);
    if (strange) throw new Refusal(`“${pattern}” can never match: no token holds the character “${strange[0]}”.`);
  };
  for (const match of letters.matchAll(tokenPattern)) {
    silent(letters.slice(end, match.index));
    end = match.index + match[0].length;
    const word = fold(match[0]).replaceAll(STAR, "*").replaceAll(MARK, "?");
    if (isAddress(word)) throw new Refusal(`“${pattern}” can never match: “${word}” is an address, which no entry finds.`);
    if (!word) throw new Refusal(`“${pattern}” can never match: “${match[0]}” is money and no word.`);
    words.push(word);
  }
  silent(letters.slice(end));
  return words;
}

/** Return the texts that a pattern with brackets and bars stands for. */
export function expand(pattern) {
  const refuse = said => { throw new Refusal(`“${pattern}” ${said}`); };
  let at = 0;
  const alternatives = depth => {
    const done = [[""]]; // of each alternative what it stands for so far
    let space = false;
    if (depth > MOST_NESTED) refuse("has more than 20 brackets within brackets: split it.");
    for (; at < pattern.length && pattern[at] !== ")"; at++) {
      if (pattern[at] === "|") { done.push([""]); continue; }
      let following = [pattern[at]];
      if (pattern[at] === "(") {
        at++;
        following = alternatives(depth + 1);
        if (at === pattern.length) refuse("has a bracket that is not closed.");
      } else space ||= /\s/.test(pattern[at]);
      const open = done.at(-1);
      if (open.length * following.length > MOST_SEQUENCES) refuse("stands for more than 5,000 phrases: split it into entries.");
      done[done.length - 1] = open.flatMap(left => following.map(right => left + right));
    }
    if (!depth && done.length > 1 && space) refuse("can be read in two ways: put the alternatives in brackets, as in “fair (share|deal)”.");
    const texts = done.flat();
    if ((depth || done.length > 1) && texts.some(text => !text.trim())) refuse("has an empty alternative: “|” needs a word on both sides.");
    return texts.map(text => text.trim());
  };
  const texts = alternatives(0);
  if (at < pattern.length) refuse("has a bracket that was never opened.");
  return texts;
}

const COMPACT = /^([^~!]*?)(?:\s*~(\d*)\s+([^~!]+?))?(?:\s*!\s+([^~!]+?))?$/u;

/** Read an entry from one line, `cost* ~5 ally|allies, partner* ! war cost*`, and see that all of it can be read. */
export function parseEntry(text, key = "") {
  text = text.trim().replace(/\s+/g, " ");
  const match = COMPACT.exec(text);
  if (!match) {
    throw new Refusal(`The entry “${text}” cannot be read: write a pattern, then “~ …” or “~5 …” for what has to be near, ` +
      "then “! …” for what must not be meant.");
  }
  const [, pattern, within, near, blocked] = match, several = list => list?.split(", ") ?? [];
  for (const part of [pattern, ...several(near), ...several(blocked)]) sequences(part);
  if (within && !(within >= 1)) throw new Refusal("Give a number of words, or nothing for the sentence.");
  return { key, pattern, near: several(near), within: within ? Number(within) : null, blocked: several(blocked), tier: "core", reason: "", source: "" };
}

/** Return an entry in one line. */
export function entryText(entry) {
  const near = entry.near.length ? ` ~${entry.within ?? ""} ${entry.near.join(", ")}` : "";
  return entry.pattern + near + (entry.blocked.length ? ` ! ${entry.blocked.join(", ")}` : "");
}

/**
 * Return the test of a whole word: * stands for any letters, ? for one. What stands between stars is taken where it first
 * fits, and never given back, so that no pattern takes long.
 */
export function globTest(glob) {
  const [first, ...others] = glob.split(/\*+/).map(part => part.replace(/[.+^${}()|[\]\\/]/g, "\\$&").replaceAll("?", "[^*]"));
  const between = others.slice(0, -1).map((part, i) => `(?=([^]*?${part}))\\${i + 1}`).join("");
  return RegExp.prototype.test.bind(new RegExp(`^${first}${between}${others.length ? `[^]*${others.at(-1)}` : ""}$`, "u"));
}

/** Tell whether a word pattern finds whatever another one finds. */
export const coversWord = (general, special) => general === special || (/[*?]/.test(general) && globTest(general)(special));

/** Return the entry that finds, under the same key, whatever another one finds; null where there is none. */
export function swallower(entry, others) {
  const asksNoMore = other => !(other.tier === "broad" && entry.tier !== "broad") && other.blocked.every(text => entry.blocked.includes(text))
    && (!other.near.length || (entry.near.length > 0 && entry.near.every(text => other.near.includes(text)) && (other.within === null || (entry.within !== null && other.within >= entry.within))));
  const wider = others.filter(other => other !== entry && other.key === entry.key && asksNoMore(other));
  const found = sequences(entry.pattern).map(special => wider.find(other => sequences(other.pattern).some(general =>
    general.length === special.length && general.every((word, i) => coversWord(word, special[i])))));
  return found.every(Boolean) ? found[0] : null;
}

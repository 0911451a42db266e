// What people type and what lexicons hold: the tokeniser, patterns, entries, and where these stand in the tokens, by the rules of crossread.lexicon.

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
const isAddress = word => /[/@]/.test(word) || (word.includes(".") && /(?:^|\.)[\p{L}\p{Nl}\p{No}][\p{L}\p{N}]/u.test(word));

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
function expand(pattern) {
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
function globTest(glob) {
  const [first, ...others] = glob.split(/\*+/).map(part => part.replace(/[.+^${}()|[\]\\/]/g, "\\$&").replaceAll("?", "[^*]"));
  const between = others.slice(0, -1).map((part, i) => `(?=([^]*?${part}))\\${i + 1}`).join("");
  return RegExp.prototype.test.bind(new RegExp(`^${first}${between}${others.length ? `[^]*${others.at(-1)}` : ""}$`, "u"));
}

/** Tell whether a word pattern finds whatever another one finds. */
const coversWord = (general, special) => general === special || (/[*?]/.test(general) && globTest(general)(special));

/** Return the entry that finds, under the same key, whatever another one finds; null where there is none. */
export function swallower(entry, others) {
  const asksNoMore = other => !(other.tier === "broad" && entry.tier !== "broad") && other.blocked.every(text => entry.blocked.includes(text))
    && (!other.near.length || (entry.near.length > 0 && entry.near.every(text => other.near.includes(text)) && (other.within === null || (entry.within !== null && other.within >= entry.within))));
  const wider = others.filter(other => other !== entry && other.key === entry.key && asksNoMore(other));
  const found = sequences(entry.pattern).map(special => wider.find(other => sequences(other.pattern).some(general =>
    general.length === special.length && general.every((word, i) => coversWord(word, special[i])))));
  return found.every(Boolean) ? found[0] : null;
}

/** Put what a list holds into lists by a key, in their order. */
export function grouped(list, keyOf) {
  const groups = new Map();
  for (const one of list) {
    const key = keyOf(one);
    if (groups.has(key)) groups.get(key).push(one); else groups.set(key, [one]);
  }
  return groups;
}

/** Return which types of a text a word pattern finds: a function that remembers. */
export function finderIn(types) {
  const found = new Map();
  return glob => {
    const test = globTest(glob);
    if (!found.has(glob)) found.set(glob, types.filter(type => test(type) && (glob === "*" || !isAddress(type))));
    return found.get(glob);
  };
}

/** All tokens of a corpus, with where each type and each sentence stands. */
export class Store {
  /** @param {string[][]} sentences the folded words of each sentence */
  constructor(sentences) {
    let next = 0;
    this.words = sentences.flat();
    this.starts = sentences.map(words => (next += words.length) - words.length);
    this.sentence = sentences.flatMap((words, number) => words.map(() => number));
    this.places = grouped(this.words.keys(), place => this.words[place]);
    this.types = finderIn([...this.places.keys()]);
    this.spans = new Map();
  }

  /** Return the starts of a sequence of word patterns, inside sentences only, sorted. */
  findSequence(words) {
    const types = words.map(word => (word === "*" ? null : this.types(word)));
    const sizes = types.map(own => (own ? own.reduce((sum, type) => sum + this.places.get(type).length, 0) : Infinity));
    const anchor = sizes.indexOf(Math.min(...sizes)), wanted = types.map((own, i) => own && i !== anchor && new Set(own));
    return types[anchor].flatMap(type => this.places.get(type)).map(place => place - anchor).filter(start =>
      this.sentence[start] !== undefined && this.sentence[start] === this.sentence[start + words.length - 1]
      && wanted.every((own, i) => !own || own.has(this.words[start + i]))).sort((a, b) => a - b);
  }

  /** Return all [start, end) of a pattern, sorted. */
  find(pattern) {
    if (!this.spans.has(pattern)) {
      const found = new Map();
      for (const words of spellings(pattern)) for (const start of this.findSequence(words)) {
        found.set(`${start} ${words.length}`, [start, start + words.length]);
      }
      this.spans.set(pattern, sortSpans([...found.values()]));
    }
    return this.spans.get(pattern);
  }

  findAny(patterns) { return sortSpans(patterns.flatMap(pattern => this.find(pattern))); }

  /** Return the [start, end) of an entry for which its conditions hold. */
  findEntry(entry) {
    const hidden = this.findAny(entry.blocked), seen = spans => spans.filter(span => !hidden.some(one => one[0] < span[1] && one[1] > span[0]));
    const spans = seen(this.find(entry.pattern)), reach = entry.within ?? Infinity;
    if (!entry.near.length) return spans;
    const near = grouped(seen(this.findAny(entry.near)), span => this.sentence[span[0]]);
    return spans.filter(([start, end]) => (near.get(this.sentence[start]) ?? []).some(([from, to]) =>
      (from >= end && to <= end + reach) || (to <= start && from >= start - reach)));
  }

  /** Return every match of an entry as [sentence, offset in it, length, entry]. */
  match(entry) {
    return this.findEntry(entry).map(([start, end]) => [this.sentence[start], start - this.starts[this.sentence[start]], end - start, entry]);
  }
}

const sortSpans = spans => spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);

/** Return the place of each entry in an order that does not depend on the file: fewer wildcards first, then by text. */
function ranks(entries) {
  const wild = entry => (entry.pattern.match(/[*?]/g) || []).length, texts = new Map(entries.map(entry => [entry, entryText(entry)]));
  const order = [...entries].sort((a, b) => wild(a) - wild(b) || (texts.get(a) < texts.get(b) ? -1 : texts.get(a) > texts.get(b) ? 1 : 0));
  return new Map(order.map((entry, rank) => [entry, rank]));
}

/** Keep of the matches of a key those that count: longest first, left to right, one token once; in the order of the text. */
export function settle(matches, entries) {
  const rank = ranks(entries), taken = new Set();
  const longest = [...matches].sort((a, b) => b[2] - a[2] || a[0] - b[0] || a[1] - b[1] || rank.get(a[3]) - rank.get(b[3]));
  return longest.filter(([sentence, at, length]) => {
    const places = Array.from({ length }, (_, i) => sentence * 65536 + at + i), free = !places.some(place => taken.has(place));
    if (free) places.forEach(place => taken.add(place));
    return free;
  }).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** Return a lexicon without a word or a phrase, in all forms that it stands for, and the entries that this changes. */
export function withoutWord(entries, typed) {
  const unwanted = sequences(typed), result = [], changed = [];
  const names = words => unwanted.some(own => words.some((_, at) => at + own.length <= words.length && own.every((word, i) => coversWord(word, words[at + i]))));
  const drop = text => {
    const all = sequences(text), rest = all.filter(words => !names(words)).map(words => words.join(" "));
    return rest.length === all.length ? text : rest.length < 2 ? rest.join("") : rest.some(phrase => phrase.includes(" ")) ? `(${rest.join("|")})` : rest.join("|");
  };
  for (const entry of entries) {
    const pattern = drop(entry.pattern), near = entry.near.map(drop).filter(Boolean);
    if (pattern === entry.pattern && near.join() === entry.near.join()) { result.push(entry); continue; }
    changed.push(entry);
    if (pattern && (near.length || !entry.near.length)) result.push({ ...entry, pattern, near });
  }
  return { entries: result, changed };
}

// Where entries stand in the tokens, and which overlapping matches count: the rules of crossread.lexicon.matching.
import { coversWord, entryText, globTest, isAddress, sequences, spellings } from "./patterns.js";

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

// Where entries stand in the tokens, and which overlapping matches count: the rules of crossread.lexicon.matching.
import { coversWord, entryText, globTest, isAddress, sequences, spellings } from "./patterns.js";

/** The types of a text, each found by word patterns. */
export class Vocabulary {
  constructor(types) {
    this.types = types;
    this.ids = new Map(types.map((type, id) => [type, id]));
    this.found = new Map();
  }

  find(glob) {
    if (!this.found.has(glob)) {
      const exact = this.ids.get(glob);
      const test = globTest(glob), wild = /[*?]/.test(glob);
      this.found.set(glob, wild ? this.types.flatMap((type, id) => (test(type) && !isAddress(type) ? [id] : [])) : exact === undefined ? [] : [exact]);
    }
    return this.found.get(glob);
  }
}

/** All tokens of a corpus as numbers, with where each type and each sentence stands. */
export class Store {
  /** @param {string[][]} sentences the folded words of each sentence */
  constructor(sentences) {
    const ids = new Map();
    this.pointers = new Int32Array(sentences.length + 1);
    sentences.forEach((words, i) => { this.pointers[i + 1] = this.pointers[i] + words.length; });
    this.ids = new Int32Array(this.pointers[sentences.length]);
    this.sentence = new Int32Array(this.ids.length);
    let at = 0;
    sentences.forEach((words, number) => words.forEach(word => {
      if (!ids.has(word)) ids.set(word, ids.size);
      this.sentence[at] = number;
      this.ids[at++] = ids.get(word);
    }));
    this.vocabulary = new Vocabulary([...ids.keys()]);
    this.bounds = new Int32Array(ids.size + 1);
    this.ids.forEach(id => this.bounds[id + 1]++);
    for (let id = 0; id < ids.size; id++) this.bounds[id + 1] += this.bounds[id];
    const next = this.bounds.slice();
    this.places = new Int32Array(this.ids.length);
    this.ids.forEach((id, place) => { this.places[next[id]++] = place; });
    this.spans = new Map();
  }

  /** Return the starts of a sequence of word patterns, inside sentences only, sorted. */
  findSequence(words) {
    const types = words.map(word => (word === "*" ? null : this.vocabulary.find(word)));
    const size = own => (own ? own.reduce((sum, id) => sum + this.bounds[id + 1] - this.bounds[id], 0) : Infinity);
    const sizes = types.map(size), anchor = sizes.indexOf(Math.min(...sizes));
    const wanted = types.map((own, i) => (own && i !== anchor ? new Set(own) : null));
    const starts = [];
    for (const id of types[anchor]) {
      for (let i = this.bounds[id]; i < this.bounds[id + 1]; i++) {
        const start = this.places[i] - anchor, last = start + words.length - 1;
        if (start < 0 || last >= this.ids.length || this.sentence[start] !== this.sentence[last]) continue;
        if (wanted.every((own, offset) => !own || own.has(this.ids[start + offset]))) starts.push(start);
      }
    }
    return starts.sort((a, b) => a - b);
  }

  /** Return all [start, end) of a pattern, sorted. */
  find(pattern) {
    if (!this.spans.has(pattern)) {
      const found = new Map();
      for (const words of spellings(pattern)) {
        for (const start of this.findSequence(words)) found.set(`${start} ${words.length}`, [start, start + words.length]);
      }
      this.spans.set(pattern, sortSpans([...found.values()]));
    }
    return this.spans.get(pattern);
  }

  findAny(patterns) {
    return sortSpans(patterns.flatMap(pattern => this.find(pattern)));
  }

  /** Return the [start, end) of an entry for which its conditions hold. */
  findEntry(entry) {
    const hidden = entry.blocked.length ? this.findAny(entry.blocked) : [];
    const seen = spans => (hidden.length ? spans.filter(span => !hidden.some(one => one[0] < span[1] && one[1] > span[0])) : spans);
    let spans = this.find(entry.pattern);
    if (!spans.length) return spans;
    spans = seen(spans);
    if (!entry.near.length || !spans.length) return spans;
    const near = new Map(); // by sentence
    for (const span of seen(this.findAny(entry.near))) {
      const sentence = this.sentence[span[0]];
      if (!near.has(sentence)) near.set(sentence, []);
      near.get(sentence).push(span);
    }
    return spans.filter(([start, end]) => {
      const reach = entry.within ?? Infinity;
      return (near.get(this.sentence[start]) || []).some(([from, to]) =>
        (from >= end && to <= end + reach) || (to <= start && from >= start - reach));
    });
  }

  /** Return every match of an entry as [sentence, offset in it, length, entry]. */
  match(entry) {
    return this.findEntry(entry).map(([start, end]) => [this.sentence[start], start - this.pointers[this.sentence[start]], end - start, entry]);
  }
}

const sortSpans = spans => spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);

/** Return the place of each entry in an order that does not depend on the file: fewer wildcards first, then by text. */
function ranks(entries) {
  const wild = entry => (entry.pattern.match(/[*?]/g) || []).length, texts = new Map(entries.map(entry => [entry, entryText(entry)]));
  const order = [...entries].sort((a, b) => wild(a) - wild(b) || (texts.get(a) < texts.get(b) ? -1 : texts.get(a) > texts.get(b) ? 1 : 0));
  return new Map(order.map((entry, rank) => [entry, rank]));
}

/**
 * Keep of all matches those that count: longest first, left to right, one token once a key.
 * Returns [sentence, offset, length, entry] in the order of the text, for each key.
 */
export function settle(matches, entries, keyOf) {
  const rank = ranks(entries), byKey = new Map();
  for (const match of matches) {
    const key = keyOf(match[3]);
    if (!byKey.has(key)) byKey.set(key, []);
    byKey.get(key).push(match);
  }
  for (const [key, own] of byKey) {
    own.sort((a, b) => b[2] - a[2] || a[0] - b[0] || a[1] - b[1] || rank.get(a[3]) - rank.get(b[3]));
    const taken = new Set(), counted = [];
    for (const match of own) {
      const places = Array.from({ length: match[2] }, (_, i) => match[0] * 65536 + match[1] + i);
      if (places.some(place => taken.has(place))) continue;
      places.forEach(place => taken.add(place));
      counted.push(match);
    }
    byKey.set(key, counted.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
  }
  return byKey;
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

// A study as the page holds it: documents, sentences, a lexicon that may be edited, and everything that is counted.
import { entryText, parseEntry, Refusal, sequences, setTokenPattern, spellings, swallower, tokenise } from "./patterns.js";
import { settle, Store, Vocabulary, withoutWord } from "./finder.js";
import { estimateClumping } from "./judge.js";
import { exactLimits, jeffreysLimits, normal, scores, segmentInflation, studentInv } from "./stats.js";

export const themeOf = key => key.split(".")[0];
const BODY = 0, HEADING = 1;
const FIELDS = ["key", "pattern", "near", "within", "blocked", "tier", "reason", "source"];

/** Turn columns into rows. */
export function rowsOf(columns) {
  const names = Object.keys(columns || {});
  return names.length ? columns[names[0]].map((_, i) => Object.fromEntries(names.map(name => [name, columns[name][i]]))) : [];
}

const grouped = (list, keyOf) => {
  const groups = new Map();
  for (const one of list) {
    const key = keyOf(one);
    if (groups.has(key)) groups.get(key).push(one); else groups.set(key, [one]);
  }
  return groups;
};

export class Model {
  constructor(data) {
    this.data = data;
    this.mode = data.mode;
    setTokenPattern(data.token);
    const s = data.sentences;
    this.sentences = s.document.map((document, row) => ({
      row, document, section: s.section[row], paragraph: s.paragraph[row], segment: s.segment[row], number: s.sentence[row],
      kind: s.kind[row], n: s.n_tokens[row], text: data.texts?.[row] ?? null,
    }));
    this.readDocuments();
    this.claims = rowsOf(data.claims).map(claim => ({ ...claim, given: claim.asked_hits && this.cellsOf(claim.asked_hits) }));
    this.readings = rowsOf(data.readings);
    const entries = data.lexicon.entries.map(values => Object.fromEntries(FIELDS.map((field, i) => [field, values[i]])));
    this.useLexicon(entries, data.lexicon.labels);
  }

  useLexicon(entries, labels) {
    this.lexicon = { entries, labels };
    this.published ??= entries;
    this.themes = [...new Set(entries.map(entry => themeOf(entry.key)))];
    this.original = this.count(entries);
  }

  /** Put another lexicon in place of that of the study: its limits, claims and verdicts do not apply to it. */
  replaceLexicon(entries, labels) {
    if (this.mode !== "texts") throw new Refusal("Another lexicon can be counted only where the texts are.");
    this.useLexicon(entries, labels);
    this.claims = this.claims.filter(claim => claim.given || this.original.cells.has(claim.asked_theme));
    for (const name of ["rates", "senses", "company", "ways"]) this.data[name] = null;
    this.rates = null;
  }

  readDocuments() {
    const headings = new Map(this.data.headings);
    const first = name => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
    this.documents = rowsOf(this.data.documents).map((facts, number) => ({
      ...facts, number, short: facts.label.replace(/[\s,]*\b\d{4}$/, "") || facts.label, rows: [], body: [], sections: [],
      place: new Map(),
    }));
    for (const document of this.documents) { // two documents of one author keep their years
      if (this.documents.some(other => other !== document && other.short === document.short)) document.full = true;
    }
    for (const document of this.documents) if (document.full) document.short = document.label;
    this.passages = new Map();
    for (const sentence of this.sentences) {
      const document = this.documents[sentence.document];
      document.rows.push(sentence.row);
      let section = document.sections.find(one => one.number === sentence.section);
      if (!section) document.sections.push(section = { number: sentence.section, title: "", rows: [] });
      if (sentence.kind === HEADING && headings.has(sentence.row)) {
        const title = headings.get(sentence.row);
        if (!section.title && !first(document.title).includes(first(title)) && !first(title).includes(first(document.title) || "?")) section.title = title;
      }
      if (sentence.kind !== BODY || !sentence.n) continue;
      document.place.set(sentence.row, document.body.length);
      document.body.push(sentence.row);
      section.rows.push(sentence.row);
      const passage = `${sentence.document} ${sentence.segment}`;
      if (!this.passages.has(passage)) {
        this.passages.set(passage, { number: this.passages.size, document: sentence.document, rows: [], size: 0 });
      }
      this.passages.get(passage).rows.push(sentence.row);
      this.passages.get(passage).size += sentence.n;
    }
    for (const document of this.documents) {
      document.sections = document.sections.filter(section => section.rows.length);
      document.titled = document.sections.some(section => section.title);
      let before = 0;
      document.before = document.body.map(row => (before += this.sentences[row].n) - this.sentences[row].n);
    }
  }

  /** Return a sentence as it is counted: in lines of capitals the pronoun is written Us, and nothing else changes. */
  wordsOf(row) { return this.data.quiet?.[row] ?? this.sentences[row].text ?? ""; }

  /** The tokens of the texts, made when they are first needed, or before, while nothing else is to do. */
  get store() {
    this.tokens ??= [];
    while (this.tokens.length < this.sentences.length) this.tokens.push(tokenise(this.wordsOf(this.tokens.length)));
    this.madeStore ??= new Store(this.tokens.map(tokens => tokens.map(token => token[0])));
    return this.madeStore;
  }

  /** Read tokens for a few milliseconds; tell whether there are more. */
  readAhead(milliseconds) {
    const end = Date.now() + milliseconds;
    this.tokens ??= [];
    while (this.tokens.length < this.sentences.length && Date.now() < end) this.tokens.push(tokenise(this.wordsOf(this.tokens.length)));
    return this.tokens.length < this.sentences.length || !this.store;
  }

  spansOf(row) {
    return this.tokens?.[row] ?? tokenise(this.wordsOf(row));
  }

  sectionOf(row) {
    const sentence = this.sentences[row];
    return this.documents[sentence.document].sections.find(section => section.number === sentence.section);
  }

  get replaced() { return this.published !== this.lexicon.entries; }

  /** Tell whether people gave a key its label, rather than the library. */
  named(key) { return this.replaced || this.data.lexicon.named.includes(key); }

  label(key) {
    const label = this.lexicon.labels[key]?.replaceAll("'", "’") ?? key.replace(/_/g, " ").replace(/\./g, ": ");
    return label.charAt(0).toUpperCase() + label.slice(1);
  }

  sensesOf(theme) {
    const keys = [...new Set(this.lexicon.entries.map(entry => entry.key))].filter(key => key !== theme && themeOf(key) === theme);
    return keys.length > 1 ? keys : [];
  }

  /** Return the sentences with a hit and the hits of each document, from [row of a sentence, hits]. */
  cellsOf(rows) {
    const cells = this.documents.map(() => ({ sentences: 0, hits: 0 }));
    for (const [row, n] of rows) if (this.sentences[row].kind === BODY) {
      cells[this.sentences[row].document].sentences++;
      cells[this.sentences[row].document].hits += n;
    }
    return cells;
  }

  // --- counting --------------------------------------------------------------------------------------------------

  /** Return all matches of entries: those that Python found, or found here where an entry is new. */
  matchesOf(entries) {
    this.matches ??= grouped(this.data.matches, match => this.published[match[3]]);
    return entries.flatMap(entry => {
      if (this.matches.has(entry) || this.published.includes(entry)) return (this.matches.get(entry) || []).map(([row, at, length]) => [row, at, length, entry]);
      if (this.mode === "texts") return this.store.match(entry);
      throw new Refusal("Without the texts entries can be taken out, not added or changed: where other words stand is not known here.");
    });
  }

  /** Count a lexicon: hits by sense and by theme, and for each the sentences with a hit and the hits of each document. */
  count(entries, before = null) {
    const counted = { entries, byTheme: new Map(), hits: new Map(), cells: new Map(), rows: new Map(), body: new Map() };
    for (const theme of this.themes) {
      const own = entries.filter(entry => themeOf(entry.key) === theme), known = before?.byTheme.get(theme);
      const same = known?.length === own.length && own.every((entry, i) => entry === known[i]);
      const keys = [...new Set([theme, ...own.map(entry => entry.key), ...this.lexicon.entries.map(entry => entry.key).filter(key => themeOf(key) === theme)])];
      counted.byTheme.set(theme, own);
      if (same) for (const part of ["hits", "cells", "rows"]) keys.forEach(key => counted[part].set(key, before[part].get(key)));
      else this.countTheme(counted, theme, keys, own);
    }
    return counted;
  }

  countTheme(counted, theme, keys, entries) {
    const matches = this.matchesOf(entries), settled = new Map([...settle(matches, entries, entry => entry.key), ...settle(matches, entries, () => theme)]);
    for (const key of keys) {
      const hits = settled.get(key) || [], rows = grouped(hits, hit => hit[0]);
      counted.hits.set(key, hits);
      counted.cells.set(key, this.cellsOf([...rows].map(([row, own]) => [row, own.length])));
      counted.rows.set(key, rows);
    }
  }

  /** Apply edits to the lexicon and return its counts: words taken out everywhere, entries dropped and added. */
  countEdited(edits) {
    if (!edits.length) return this.original;
    let entries = this.lexicon.entries;
    for (const edit of edits) {
      if (edit.what === "add") entries = [...entries, fresh(parseEntry(edit.text, edit.key), entries)];
      else if (edit.what === "word") entries = withoutWord(entries, edit.text).entries;
      else entries = entries.filter(entry => entry.key !== edit.key || entryText(entry) !== edit.text);
    }
    return this.count(entries, this.original);
  }

  /** Return the rows of sentences of the body of one document, or all, that have a hit of a key. */
  rowsWith(counted, key, document = null) {
    if (!counted.body.has(key)) {
      const rows = [...(counted.rows.get(key)?.keys() || [])].filter(row => this.sentences[row].kind === BODY).sort((a, b) => a - b);
      counted.body.set(key, rows);
    }
    const rows = counted.body.get(key);
    return document === null ? rows : rows.filter(row => this.sentences[row].document === document);
  }

  /** Return the row of numbers that Python computed for a key in a document. */
  rate(key, document) {
    this.rates ??= new Map([...rowsOf(this.data.rates), ...rowsOf(this.data.senses)].map(row => [`${row.key} ${row.doc_id}`, row]));
    return this.rates.get(`${key} ${this.documents[document].doc_id}`) || {};
  }

  /** Return the limits of a share: Python's for a list as it came, else computed as the library does. */
  limits(counted, key, document) {
    const rate = this.rate(key, document), n = this.documents[document].body.length;
    if (counted.hits.get(key) === this.original.hits.get(key) && rate.share_low != null) return [rate.share_low, rate.share_high];
    if (!n || !counted.hits.has(key)) return [0, 1];
    counted.limits ??= new Map();
    if (!counted.limits.has(key)) {
      const { inflation, freedom } = estimateClumping(this.hitsOf(counted, key), this.lengths, true);
      counted.limits.set(key, this.documents.map((_, d) => ({ inflation: inflation[d], tail: normal(studentInv(0.025, freedom[d])) })));
    }
    return jeffreysLimits(counted.cells.get(key)[document].sentences, n, counted.limits.get(key)[document]);
  }

  /** Return the hits of a key in each sentence of the body of each document, and the words of these sentences. */
  hitsOf(counted, key) { return this.documents.map(document => document.body.map(row => counted.rows.get(key)?.get(row)?.length ?? 0)); }
  get lengths() { return this.bodyLengths ??= this.documents.map(document => document.body.map(row => this.sentences[row].n)); }

  /** Return precision, recall and F1 of a theme against the codes; null where nobody has coded it. */
  scoresOf(counted, theme) {
    const codes = this.data.codes, column = codes ? codes.themes.indexOf(theme) : -1;
    if (column < 0) return null;
    const called = counted.rows.get(theme) || new Map();
    let right = 0, wrong = 0, missed = 0;
    for (const [row, byTheme] of codes.rows) {
      const own = byTheme[column], positive = own.reduce((a, b) => a + b, 0) / own.length >= 1;
      if (called.has(row)) { if (positive) right++; else wrong++; } else if (positive) missed++;
    }
    return { ...scores(right, wrong, missed), n: codes.rows.length };
  }

  /** Return what a worker needs to judge a lexicon: hits of each sentence of the body, for each key and document. */
  toJudge(counted) {
    const themes = this.themes.filter(theme => counted.byTheme.get(theme).length), sentences = Object.fromEntries(themes.map(theme => [theme, this.hitsOf(counted, theme)]));
    const claims = this.claims.filter(claim => claim.asked_hits || counted.cells.has(claim.asked_theme)).map(claim => {
      const key = claim.asked_lexicon ? `${claim.asked_theme} of ${claim.asked_lexicon}` : claim.asked_theme;
      sentences[key] ??= claim.asked_hits ? this.documents.map(document => { const given = new Map(claim.asked_hits); return document.body.map(row => given.get(row) ?? 0); }) : this.hitsOf(counted, key);
      return { claim: claim.claim, key, measure: claim.asked_measure, direction: claim.asked_direction, margin: claim.asked_margin,
        documents: claim.asked_documents.map(id => this.documents.findIndex(document => document.doc_id === id)) };
    });
    return { themes, documents: this.documents.map(document => document.doc_id), claims, tokens: this.lengths, sentences, groupings: this.data.groups };
  }

  // --- search ----------------------------------------------------------------------------------------------------

  /** Find a pattern: hits in sentences where texts are here, else passages with their counts. */
  search(text) {
    const entry = parseQuery(text);
    return this.mode === "texts" ? this.searchTexts(entry) : this.searchCounts(entry);
  }

  searchTexts(entry) {
    const hits = (settle(this.store.match(entry), [entry], () => "").get("") || []).map(([row, at, length]) => [row, at, length]);
    const counts = new Array(this.passages.size).fill(0), forms = new Map(), per = this.documents.map(() => 0);
    for (const [row, at, length] of hits) {
      const sentence = this.sentences[row];
      if (sentence.kind !== BODY) continue;
      const first = this.store.pointers[row] + at;
      const form = Array.from({ length }, (_, i) => this.store.vocabulary.types[this.store.ids[first + i]]).join(" ");
      forms.set(form, (forms.get(form) || 0) + 1);
      per[sentence.document]++;
      counts[this.passages.get(`${sentence.document} ${sentence.segment}`).number]++;
    }
    return { entry, hits, per, forms, limits: this.wordLimits(counts, per) };
  }

  searchCounts(entry) {
    if (entry.near.length || entry.blocked.length) {
      throw new Refusal("Without the texts one cannot tell what stands near what. Search for the word, and look at its passages.");
    }
    this.terms ??= new Map();
    const found = new Set();
    for (const words of spellings(entry.pattern)) {
      if (words.length > 3) throw new Refusal("Without the texts phrases of two and three words are known, not longer ones.");
      if (!this.terms.has(words.length)) {
        const types = Object.keys(this.data.counts).filter(term => term.split(" ").length === words.length);
        this.terms.set(words.length, new Vocabulary(types));
      }
      const vocabulary = this.terms.get(words.length);
      const tests = words.map(word => new Set(words.length === 1 ? [] : vocabularyOf(this, word)));
      if (words.length === 1) vocabulary.find(words[0]).forEach(id => found.add(vocabulary.types[id]));
      else for (const type of vocabulary.types) if (type.split(" ").every((part, i) => tests[i].has(part))) found.add(type);
    }
    const forms = new Map(), per = this.documents.map(() => 0), counts = new Array(this.passages.size).fill(0), places = new Map();
    for (const term of found) {
      const cells = this.data.counts[term];
      for (let i = 0; i < cells.length; i += 3) {
        const [document, segment, n] = cells.slice(i, i + 3), passage = this.passages.get(`${document} ${segment}`);
        forms.set(term, (forms.get(term) || 0) + n);
        per[document] += n;
        if (!passage) continue;
        counts[passage.number] += n;
        if (!places.has(passage.number)) places.set(passage.number, { passage, n: 0, forms: [] });
        places.get(passage.number).n += n;
        places.get(passage.number).forms.push(n > 1 ? `${term} ×${n}` : term);
      }
    }
    const passages = [...places.values()].sort((a, b) => a.passage.number - b.passage.number);
    const several = sequences(entry.pattern).some(words => words.length > 1);
    return { entry, hits: null, passages, per, forms, several, limits: this.wordLimits(counts, per) };
  }

  /** Return for each document the limits of uses per 1,000 words: see measure.frequency. */
  wordLimits(counts, per) {
    const passages = this.passageList ??= [...this.passages.values()];
    this.passagesOf ??= this.documents.map(document => passages.filter(one => one.document === document.number).map(one => one.number));
    const inflation = counts.some(Boolean) ? segmentInflation(counts, passages.map(one => one.size), this.passagesOf) : 1;
    return this.documents.map((document, i) => (document.n_tokens
      ? exactLimits(per[i], document.n_tokens, { inflation }).map(limit => 1000 * limit) : [0, Infinity]));
  }
}

function vocabularyOf(model, glob) {
  if (glob === "*") return model.anyWord ??= Object.keys(model.data.counts).filter(term => !term.includes(" "));
  model.words ??= new Vocabulary(Object.keys(model.data.counts).filter(term => !term.includes(" ")));
  return model.words.find(glob).map(id => model.words.types[id]);
}

/** Return an entry that adds something to its key, and leaves something to the others. */
function fresh(entry, entries) {
  const wider = swallower(entry, entries), narrower = entries.find(other => other.key === entry.key && swallower(other, [entry]));
  if (wider) throw new Refusal(`“${entryText(entry)}” is there already: whatever it finds, “${entryText(wider)}” finds.`);
  if (narrower) throw new Refusal(`“${entryText(entry)}” would swallow “${entryText(narrower)}”: take that out first.`);
  return entry;
}

/** Read what was typed into the search: a word, a phrase, `*`, `a near b`, or an entry. Else say what can be typed. */
export function parseQuery(text) {
  const typed = text.trim().replace(/\s+/g, " ");
  if (!typed) throw new Refusal("Type a word or a phrase. A star stands for the rest of a word: partner*.");
  if (typed.length > 300) throw new Refusal(`That is ${typed.length.toLocaleString("en")} characters. Type a word or a phrase.`);
  if (/(^|\s)(AND|OR|NOT)(\s|$)/.test(typed)) {
    throw new Refusal("AND, OR and NOT are not used here. Write cost|costs for either, cost near allies for both, and cost ! war cost to leave a phrase out.");
  }
  if (/\*\*|^[*?\s]+$/.test(typed)) throw new Refusal("A star stands for any ending of a word: put letters before it, as in partner*.");
  if (/[\\[\]{}^$+]|\.\*|\(\?|\\b/.test(typed)) {
    throw new Refusal("This takes words, not regular expressions: partner* for any ending, cost|costs for either, al?y for one letter.");
  }
  const near = /^(.+?) near (?:(\d+) )?(.+)$/i.exec(typed);
  const entry = parseEntry(near ? `${near[1]} ~${near[2] || ""} ${near[3]}` : typed);
  const short = sequences(entry.pattern).find(words => words.every(word => word.replace(/[*?]/g, "").length < 1));
  if (short) throw new Refusal("Put at least one letter beside the star, as in partner*.");
  return entry;
}


// A study as the page holds it: documents, sentences, a lexicon that may be edited, and everything that is counted.
import { entryText, finderIn, grouped, parseEntry, Refusal, sequences, settle, setTokenPattern, spellings, Store, swallower, tokenise,
  withoutWord } from "./patterns.js";
import { sidesOf } from "./judge.js";
import { exactLimits, jeffreysLimits, normal, scores, segmentInflation, studentInv } from "./stats.js";

export const themeOf = key => key.split(".")[0];
const BODY = 0, HEADING = 1, TEXTURES_OF_THEMES = 8;

const unique = list => [...new Set(list)];

export class Model {
  constructor(data) {
    Object.assign(this, { data, mode: data.mode, tokens: [], counts: new Map(), edited: new Map() });
    setTokenPattern(data.token);
    this.sentences = data.sentences.map(({ sentence: number, n_tokens: n, ...one }, row) =>
      ({ ...one, row, number, n, text: data.texts?.[row] ?? null }));
    this.readDocuments();
    this.claims = data.claims;
    this.verdicts = data.contrasts ?? [];
    this.entries = data.lexicon.entries;
    this.themes = unique(this.entries.map(entry => themeOf(entry.key)));
    this.original = this.count(this.entries);
  }

  readDocuments() {
    const headings = new Map(this.data.headings), plain = name => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
    const texts = this.data.documents.map((facts, number) => ({ ...facts, number, short: facts.label.replace(/[\s,]*\b\d{4}$/, "") || facts.label }));
    this.documents = texts;
    this.byId = new Map(texts.map(text => [text.doc_id, text]));
    for (const alike of grouped(texts, text => text.short).values()) { // two documents of one author keep their years
      if (alike.length > 1) for (const text of alike) Object.assign(text, { full: true, short: text.label });
    }
    const sentences = grouped(this.sentences, one => one.document), rows = list => list.map(one => one.row), isBody = one => one.kind === BODY && one.n > 0;
    this.passages = new Map();
    for (const text of texts) {
      const own = sentences.get(text.number) ?? [], body = own.filter(isBody);
      const names = held => held.filter(one => one.kind === HEADING).map(one => headings.get(one.row)).filter(Boolean)
        .filter(title => !plain(text.title).includes(plain(title)) && !plain(title).includes(plain(text.title) || "?")); // the title of the text is none of a section
      Object.assign(text, { rows: rows(own), body: rows(body), place: new Map(body.map((one, i) => [one.row, i])) });
      text.sections = [...grouped(own, one => one.section)].map(([number, held]) => ({ number, title: names(held)[0] ?? "", rows: rows(held.filter(isBody)) }))
        .filter(section => section.rows.length);
      for (const [key, held] of grouped(body, one => this.passageOf(one.row))) {
        this.passages.set(key, { number: this.passages.size, document: text.number, rows: rows(held), size: held.reduce((sum, one) => sum + one.n, 0) });
      }
    }
  }

  // --- what a row is ----------------------------------------------------------------------------------------------

  textOf(row) { return this.documents[this.sentences[row].document]; }
  sectionOf(row) { return this.textOf(row).sections.find(section => section.number === this.sentences[row].section); }
  passageOf(row) { return `${this.sentences[row].document} ${this.sentences[row].segment}`; }

  /** Return the name of a sentence, a heading or a note, as the library gives it. */
  idOf(row) {
    const { kind, number } = this.sentences[row];
    return `${this.textOf(row).doc_id}-${["", "h", "n"][kind]}${String(number).padStart(kind ? 2 : 3, "0")}`;
  }

  /** Return the tokens of a sentence as it is counted: in lines of capitals the pronoun is written Us, and nothing else changes. */
  spansOf(row) { return this.tokens[row] ??= tokenise(this.data.quiet?.[row] ?? this.sentences[row].text ?? ""); }

  /** The words of the texts, read when they are first needed. */
  get store() { return this.madeStore ??= new Store(this.sentences.map(({ row }) => this.spansOf(row).map(([word]) => word))); }

  // --- the lexicon ------------------------------------------------------------------------------------------------

  label(key) { return this.data.lexicon.labels[key]; }

  /** Return a label as it stands inside a sentence. */
  inside(key) { return this.data.lexicon.inside[key]; }

  /** Return the number of the texture and colours of the theme of a key; what is no theme has none. */
  mark(key) {
    const number = this.themes.indexOf(themeOf(key));
    return number < 0 ? null : number % TEXTURES_OF_THEMES;
  }

  /** Return the keys under which a theme has entries; its senses are those beside it, if there are several. */
  keysOf(theme) { return unique(this.entries.map(entry => entry.key)).filter(key => themeOf(key) === theme); }
  sensesOf(theme) {
    const keys = this.keysOf(theme).filter(key => key !== theme);
    return keys.length > 1 ? keys : [];
  }
  get senses() { return this.themes.flatMap(theme => this.sensesOf(theme)); }

  // --- counting ---------------------------------------------------------------------------------------------------

  /** Return the sentences with a hit, their share and the hits of each document, from [row of a sentence, hits]. */
  cellsOf(rows) {
    const held = grouped(rows.filter(([row]) => this.sentences[row].kind === BODY), ([row]) => this.sentences[row].document);
    return this.documents.map(({ number, body }) => {
      const own = held.get(number) ?? [];
      return { sentences: own.length, hits: own.reduce((sum, [, n]) => sum + n, 0), share: own.length / Math.max(1, body.length) };
    });
  }

  /** Return all matches of an entry: those that Python found, or found here where it is new. */
  matchesOf(entry) {
    this.matches ??= grouped(this.data.matches, match => this.entries[match[3]]);
    if (this.entries.includes(entry)) return (this.matches.get(entry) ?? []).map(([row, at, length]) => [row, at, length, entry]);
    if (this.mode === "texts") return this.store.match(entry);
    throw new Refusal("Without the texts entries can be taken out, not added or changed: where other words stand is not known here.");
  }

  /** Count a lexicon: hits by sense and by theme, and for each the sentences with a hit and the hits of each document. */
  count(entries) {
    const parts = new Map(this.themes.flatMap(theme => unique([theme, ...this.keysOf(theme)])).map(key => {
      const own = entries.filter(entry => entry.key === key || themeOf(entry.key) === key), known = this.counts.get(key) ?? [];
      const same = known.find(one => one.own.length === own.length && own.every((entry, i) => entry === one.own[i]));
      if (!same) this.counts.set(key, [...known, this.countKey(own)]);
      return [key, same ?? this.counts.get(key).at(-1)];
    }));
    const all = name => new Map([...parts].map(([key, part]) => [key, part[name]]));
    return { entries, parts, hits: all("hits"), cells: all("cells"), rows: all("rows") };
  }

  countKey(own) {
    const hits = settle(own.flatMap(entry => this.matchesOf(entry)), own), rows = grouped(hits, hit => hit[0]);
    return { own, hits, rows, cells: this.cellsOf([...rows].map(([row, all]) => [row, all.length])), limits: [] };
  }

  /** Apply edits to the lexicon: words taken out everywhere, entries dropped and added. The same edits give the same entries. */
  entriesAfter(edits) {
    if (!edits.length) return this.entries;
    const asked = JSON.stringify(edits), { what, key, text } = edits.at(-1);
    if (!this.edited.has(asked)) {
      const entries = this.entriesAfter(edits.slice(0, -1));
      this.edited.set(asked, what === "add" ? [...entries, fresh(parseEntry(text, key), entries)]
        : what === "word" ? withoutWord(entries, text).entries : entries.filter(entry => entry.key !== key || entryText(entry) !== text));
    }
    return this.edited.get(asked);
  }

  countEdited(edits) { return edits.length ? this.count(this.entriesAfter(edits)) : this.original; }

  /** Return the rows of sentences of the body of one document, or all, that have a hit of a key. */
  rowsWith(counted, key, document = null) {
    const part = counted.parts.get(key);
    part.body ??= [...part.rows.keys()].filter(row => this.sentences[row].kind === BODY);
    return part.body.filter(row => document === null || this.sentences[row].document === document);
  }

  /** Return the texts that have no hit of a key in their body. */
  silent(counted, key) { return this.documents.filter((_, i) => !counted.cells.get(key)[i].sentences); }

  /** Return the row of numbers that Python computed for a key in a document. */
  rate(key, document) {
    this.rates ??= new Map(this.data.rates.map(row => [`${row.key} ${row.doc_id}`, row]));
    return this.rates.get(`${key} ${this.documents[document].doc_id}`) ?? {};
  }

  /** Return the limits of a share: Python's for a list as it came, else computed as the library does. */
  limits(counted, key, document) {
    const rate = this.rate(key, document), n = this.documents[document].body.length, part = counted.parts.get(key);
    if (part === this.original.parts.get(key) && rate.share_low != null) return [rate.share_low, rate.share_high];
    if (!n) return [0, 1];
    part.sides ??= sidesOf(this.hitsOf(counted, key));
    const { count, inflation, freedom } = part.sides[document];
    return part.limits[document] ??= jeffreysLimits(count, n, { inflation, tail: normal(studentInv(0.025, freedom)) });
  }

  /** Return the hits of a key in each sentence of the body of each document. */
  hitsOf(counted, key) { return this.documents.map(text => text.body.map(row => counted.rows.get(key)?.get(row)?.length ?? 0)); }

  /** Tell whether a sentence was coded with a theme; null where nobody coded it. */
  codedAs(row, theme) {
    const { codes } = this.data, column = codes?.themes.indexOf(theme) ?? -1;
    this.codedRows ??= new Map(codes?.rows);
    return this.codedRows.get(row)?.[column] ?? null;
  }

  /** Return precision, recall and F1 of a theme against the codes; null where nobody has coded it. */
  scoresOf(counted, theme) {
    const { codes } = this.data, part = counted.parts.get(theme);
    if (!codes?.themes.includes(theme)) return null;
    const count = (called, coded) => codes.rows.filter(([row]) => part.rows.has(row) === called && this.codedAs(row, theme) === coded).length;
    return part.scores ??= { ...scores(count(true, true), count(true, false), count(false, true)), n: codes.rows.length };
  }

  /** Return what a worker needs to judge a lexicon: hits of each sentence of the body, for each key and document. */
  toJudge(counted) {
    const themes = this.themes.filter(theme => counted.parts.get(theme).own.length);
    const sentences = Object.fromEntries(themes.map(theme => [theme, this.hitsOf(counted, theme)]));
    return { themes, documents: [...this.byId.keys()], factors: this.data.factors, sentences };
  }

  // --- search -----------------------------------------------------------------------------------------------------

  /** Find a pattern: hits in sentences where texts are here, else passages with their counts. */
  search(text) {
    const entry = parseQuery(text);
    return this.mode === "texts" ? this.searchTexts(entry) : this.searchCounts(entry);
  }

  searchTexts(entry) {
    const settled = settle(this.store.match(entry), [entry]), { starts, words } = this.store;
    const uses = settled.filter(([row]) => this.sentences[row].kind === BODY).map(([row, at, length]) => {
      const first = starts[row] + at, form = words.slice(first, first + length).join(" ");
      return { term: form, document: this.sentences[row].document, passage: this.passageOf(row), n: 1 };
    });
    return { entry, hits: settled.map(hit => hit.slice(0, 3)), ...this.tally(uses) };
  }

  searchCounts(entry) {
    if (entry.near.length || entry.blocked.length) {
      throw new Refusal("Without the texts one cannot tell what stands near what. Search for the word, and look at its passages.");
    }
    this.types ??= finderIn(Object.keys(this.data.counts).filter(term => !term.includes(" ")));
    const found = spellings(entry.pattern).flatMap(words => {
      if (words.length > 3) throw new Refusal("Without the texts phrases of two and three words are known, not longer ones.");
      const fitting = words.map(word => new Set(this.types(word)));
      return Object.keys(this.data.counts).filter(term => {
        const parts = term.split(" ");
        return parts.length === words.length && parts.every((part, i) => fitting[i].has(part));
      });
    });
    const uses = unique(found).flatMap(term => this.cellsOfTerm(term)), tallied = this.tally(uses);
    const passages = [...grouped(uses.filter(use => this.passages.has(use.passage)), use => use.passage)].map(([passage, own]) => ({
      passage: this.passages.get(passage), n: own.reduce((sum, use) => sum + use.n, 0), forms: own.map(({ term, n }) => (n > 1 ? `${term} ×${n}` : term)) }));
    return { entry, hits: null, passages: passages.sort((a, b) => a.passage.number - b.passage.number), ...tallied };
  }

  /** Return where a word or a phrase occurs how often, as it is known without the texts. */
  cellsOfTerm(term) {
    return this.data.counts[term].map(([document, segment, n]) => ({ term, document, passage: `${document} ${segment}`, n }));
  }

  /** Count uses by form and by document, with limits per 1,000 words: see measure.frequency. */
  tally(uses) {
    const passages = [...this.passages.values()], counts = passages.map(() => 0), forms = new Map(), per = this.documents.map(() => 0);
    for (const { term, document, passage, n } of uses) {
      forms.set(term, (forms.get(term) ?? 0) + n);
      per[document] += n;
      if (this.passages.has(passage)) counts[this.passages.get(passage).number] += n;
    }
    this.passagesOf ??= this.documents.map(text => passages.filter(one => one.document === text.number).map(one => one.number));
    const inflation = uses.length ? segmentInflation(counts, passages.map(one => one.size), this.passagesOf) : 1;
    const limits = this.documents.map((text, i) => (text.n_tokens ? exactLimits(per[i], text.n_tokens, { inflation }).map(limit => 1000 * limit) : [0, Infinity]));
    return { per, forms, limits };
  }
}

/** Return an entry that adds something to its key, and leaves something to the others. */
function fresh(entry, entries) {
  const wider = swallower(entry, entries), narrower = entries.find(other => other.key === entry.key && swallower(other, [entry]));
  if (wider) throw new Refusal(`“${entryText(entry)}” is there already: whatever it finds, “${entryText(wider)}” finds.`);
  if (narrower) throw new Refusal(`“${entryText(entry)}” would swallow “${entryText(narrower)}”: take that out first.`);
  return entry;
}

/** What is not searched for, and what to type instead. */
const REFUSED = [
  [/(^|\s)(AND|OR|NOT)(\s|$)/, "AND, OR and NOT are not used here. Write cost|costs for either, cost near allies for both, and cost ! war cost to leave a phrase out."],
  [/\*\*|^[*?\s]+$/, "A star stands for any ending of a word: put letters before it, as in partner*."],
  [/[\\[\]{}^$+]|\.\*|\(\?|\\b/, "This takes words, not regular expressions: partner* for any ending, cost|costs for either, al?y for one letter."],
];

/** Read what was typed into the search: a word, a phrase, `*`, `a near b`, or an entry. Else say what can be typed. */
function parseQuery(text) {
  const typed = text.trim().replace(/\s+/g, " ");
  if (!typed) throw new Refusal("Type a word or a phrase. A star stands for the rest of a word: partner*.");
  if (typed.length > 300) throw new Refusal(`That is ${typed.length.toLocaleString("en")} characters. Type a word or a phrase.`);
  for (const [pattern, said] of REFUSED) if (pattern.test(typed)) throw new Refusal(said);
  const [, first, within, second] = /^(.+?) near (?:(\d+) )?(.+)$/i.exec(typed) ?? [];
  const entry = parseEntry(first ? `${first} ~${within ?? ""} ${second}` : typed);
  const wild = sequences(entry.pattern).some(words => words.every(word => !word.replace(/[*?]/g, "")));
  if (wild) throw new Refusal("Put at least one letter beside the star, as in partner*.");
  return entry;
}

// Which sentences stand behind what is asked, and how a sentence is shown with its hits.
import { entryText, grouped } from "./patterns.js";
import { bar, html, piece, press, short, some, total } from "./dom.js";

/** Return the sentences, or passages, behind the question: rows of sentences, and the hits that are asked for. */
export function evidenceOf(app) {
  const { model, counted, found, question, state } = app;
  const withHits = (key, texts) => model.rowsWith(counted, key).filter(row => !texts || texts.includes(model.textOf(row).doc_id))
    .map(row => ({ rows: [row], hits: counted.rows.get(key).get(row) }));
  const withAll = rows => rows.map(row => ({ rows: [row], hits: hitsIn(app, row) }));
  const kinds = {
    key: () => withHits(question.key, question.text && [question.text.doc_id]),
    claim: () => {
      const { recounted, rows, asked_theme: theme, asked_direction: direction, asked_documents: texts } = model.claims.find(one => one.claim === question.id);
      return recounted ? withHits(theme, direction === "first" ? null : texts) : withAll(rows);
    },
    stretch: () => withAll(question.rows),
    topic: () => (state.shuffled ? [] : model.data.topics[0].passages[question.topic]) // shuffled words stand in no passage
      .map(([document, segment, share]) => ({ rows: model.passages.get(`${document} ${segment}`).rows, hits: [], share })),
    find: () => {
      if (!found || found.refused) return [];
      if (found.passages) return found.passages.map(({ passage, n, forms }) => ({ rows: passage.rows, hits: [], n, forms }));
      return [...grouped(found.hits, hit => hit[0])].map(([row, hits]) => ({ rows: [row], hits }));
    },
  };
  return question ? kinds[question.kind]() : [];
}

/** Say that nothing was found, and what the page cannot know. */
export function nothingFound({ model, found, state }) {
  const plain = text => text.toLowerCase().replaceAll("’", "'"), named = [...model.themes, ...model.senses].filter(key => plain(state.find).includes(plain(model.label(key))));
  if (named.length) return html`No such words, but a word list: ${named.map(key => html`${press(`ask ${key}`, model.label(key))} `)}`;
  const phrase = /\s/.test(found.entry.pattern);
  if (model.mode === "hits") return phrase ? "Phrases cannot be counted in this page."
    : "No word that occurs five times or more; rarer ones are not in this page.";
  if (phrase && model.mode === "counts") return "No phrase that occurs twice; one that occurs once is not known without the texts.";
  return html`<b>Silent</b>: no such ${phrase ? "phrase" : "word"} in ${some(total(model.documents.map(one => one.n_tokens)), "word")}.`;
}

export const hitsIn = ({ model, counted }, row) => model.themes.flatMap(theme => counted.rows.get(theme)?.get(row) || []);

/** Return which theme an asked hit belongs to; a search has none. */
const markOf = ({ model }, hit) => (hit[3] === undefined ? "q" : model.mark(hit[3].key));

/** Write a sentence with its hits marked: what is asked for strongly, other themes lightly. */
export function markedSentence(app, row, asked = []) {
  const { text } = app.model.sentences[row], spans = app.model.spansOf(row), looks = spans.map(() => ""), parts = [];
  for (const hit of hitsIn(app, row)) looks.fill(`light t${markOf(app, hit)}`, hit[1], hit[1] + hit[2]);
  for (const hit of asked) looks.fill(`t${markOf(app, hit)}`, hit[1], hit[1] + hit[2]);
  let at = 0;
  for (let i = 0; i < spans.length; i++) {
    if (!looks[i]) continue;
    const first = i;
    while (looks[i + 1] === looks[first]) i++;
    parts.push(text.slice(at, spans[first][1]), html`<mark class="${looks[i]}">${text.slice(spans[first][1], spans[i][2])}</mark>`);
    at = spans[i][2];
  }
  return html`${parts}${text.slice(at)}`;
}

/** Draw a sentence without its words: its length, and where its hits stand. */
export function sentenceBar(app, row, asked = [], longest) {
  return bar(piece("track", 0, app.model.sentences[row].n, longest),
    asked.map(hit => piece(`m t${markOf(app, hit)}`, hit[1], hit[1] + hit[2], longest)));
}

export function entriesOf(app, hits) {
  return [...grouped(hits.filter(hit => hit[3]), hit => entryText(hit[3]))].map(([text, own]) => html`<span class="x t${
    markOf(app, own[0])}" title="${text}">${short(text)}${own.length > 1 && ` ×${own.length}`}</span> `);
}

export function numbersOf(model, rows) {
  const first = model.sentences[rows[0]], last = model.sentences[rows.at(-1)];
  return rows.length === 1 ? `${["Sentence", "Heading", "Note"][first.kind]} ${first.number}` : `Sentences ${first.number} to ${last.number}`;
}

export const wordsOf = (model, rows) => some(total(rows.map(row => model.sentences[row].n)), "word");

/** Lead through what is asked for, one after the other. */
export const stepper = what => ["Previous", "Next"].map((said, i) =>
  press(`step ${2 * i - 1}`, "↑↓"[i], "", html` aria-label="${said} ${what}"`));

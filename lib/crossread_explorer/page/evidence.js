// Which sentences stand behind what is asked, and how a sentence is shown with its hits.
import { entryText, Refusal } from "./patterns.js";
import { themeOf } from "./model.js";
import { html, some } from "./dom.js";

const PASSAGES = 8; // shown of a topic

/** Return the sentences, or passages, behind the question: rows of sentences, and the hits that are asked for. */
export function evidenceOf(app) {
  const { model, counted, state } = app, ask = state.ask;
  if (!ask) return [];
  const withHits = (key, wanted) => model.rowsWith(counted, key).filter(row => wanted(model.sentences[row].document))
    .map(row => ({ rows: [row], hits: counted.rows.get(key).get(row) }));
  if (ask.kind === "key") return withHits(ask.key, document => ask.document === null || document === ask.document);
  if (ask.kind === "claim") {
    const claim = model.claims.find(one => one.claim === ask.id);
    const wanted = new Set(claim.asked_direction === "first" ? model.documents.map(one => one.doc_id) : claim.asked_documents), asked = document => wanted.has(model.documents[document].doc_id);
    if (!claim.given) return withHits(claim.asked_theme, asked);
    return claim.asked_hits.map(([row]) => row).filter(row => !model.sentences[row].kind && asked(model.sentences[row].document)).map(row => ({ rows: [row], hits: hitsIn(app, row) }));
  }
  if (ask.kind === "stretch") {
    return model.documents[ask.document].body.slice(ask.from, ask.to + 1).map(row => ({ rows: [row], hits: hitsIn(app, row) }));
  }
  if (ask.kind === "reading") return model.readings.find(one => one.reading === ask.id).sentences.map(row => ({ rows: [row], hits: hitsIn(app, row) }));
  if (ask.kind === "topic") return topicPassages(app, ask.topic);
  const found = app.found;
  if (!found || found.refused) return [];
  if (found.passages) return found.passages.map(one => ({ rows: one.passage.rows, hits: [], n: one.n, forms: one.forms }));
  const byRow = new Map();
  for (const hit of found.hits) byRow.set(hit[0], [...(byRow.get(hit[0]) || []), hit]);
  return [...byRow].map(([row, hits]) => ({ rows: [row], hits }));
}

/** Search, or say in a sentence why not. */
export function findIn(app, query) {
  try { return app.model.search(query); } catch (error) {
    if (error instanceof Refusal) return { refused: error.message };
    throw error;
  }
}

/** Say that nothing was found, and what the page cannot know. */
export function nothingFound({ model, state, found }) {
  if (model.mode === "hits") return found.several ? "Phrases cannot be counted in this page." : "No word that occurs five times or more; rarer ones are not in this page.";
  if (found.several) return "No phrase that occurs twice; one that occurs once is not known without the texts.";
  return html`<b>Silent</b>: no such ${/\s/.test(state.find) ? "phrase" : "word"} in ${some(model.documents.reduce((sum, one) => sum + one.n_tokens, 0), "word")}.`;
}

function topicPassages(app, topic) {
  const model = app.model, fitted = model.data.topics[app.state.shuffled ? 1 : 0];
  if (app.state.shuffled) return []; // shuffled words stand in no passage
  return fitted.units.map(([document, segment], i) => ({ passage: model.passages.get(`${document} ${segment}`), share: fitted.shares[i][topic] ?? 0 }))
    .filter(one => one.passage).sort((a, b) => b.share - a.share).slice(0, PASSAGES)
    .map(one => ({ rows: one.passage.rows, hits: [], share: one.share })).sort((a, b) => a.rows[0] - b.rows[0]);
}

export function hitsIn(app, row) {
  return app.model.themes.flatMap(theme => app.counted.rows.get(theme)?.get(row) || []);
}

/** Return which theme an asked hit belongs to; a search has none. */
const markOf = (app, hit) => (hit[3] === undefined ? "q" : app.model.themes.indexOf(themeOf(hit[3].key)) % 8);

/** Write a sentence with its hits marked: what is asked for strongly, other themes lightly. */
export function markedSentence(app, row, asked) {
  const { model } = app, text = model.sentences[row].text, spans = model.spansOf(row);
  const class_ = new Array(spans.length).fill("");
  for (const [, at, length, ...rest] of hitsIn(app, row)) class_.fill(`light k${markOf(app, [0, 0, 0, ...rest])}`, at, at + length);
  for (const hit of asked || []) class_.fill(`k${markOf(app, hit)}`, hit[1], hit[1] + hit[2]);
  const parts = [];
  let at = 0;
  for (let i = 0; i < spans.length; i++) {
    if (!class_[i]) continue;
    let last = i;
    while (class_[last + 1] === class_[i]) last++;
    parts.push(text.slice(at, spans[i][1]), html`<mark class="${class_[i]}">${text.slice(spans[i][1], spans[last][2])}</mark>`);
    at = spans[last][2];
    i = last;
  }
  return html`${parts}${text.slice(at)}`;
}

/** Draw a sentence without its words: its length, and where its hits stand. */
export function sentenceBar(app, row, asked, longest) {
  const n = app.model.sentences[row].n, scale = 100 / longest;
  return html`<svg class="bar" aria-hidden="true"><rect class="paper" width="${(n * scale).toFixed(1)}%" height="7" y="3"/>${[...(asked || [])].map(hit =>
    html`<rect class="m m${markOf(app, hit)}" x="${(hit[1] * scale).toFixed(1)}%" width="${Math.max(1.5, hit[2] * scale).toFixed(1)}%" y="0.5" height="12"/>`)}</svg>`;
}

/** Say an entry in few words: “spend or budget, near ally”. */
function spokenEntry(entry) {
  const stems = [];
  for (const part of entry.pattern.replace(/[()]/g, " ").split(/[|]/)) {
    const word = part.trim().replace(/\*/g, "…");
    if (word && !stems.some(stem => word.slice(0, 4).toLowerCase() === stem.slice(0, 4).toLowerCase())) stems.push(word);
  }
  const near = entry.near.length ? `, near ${entry.near[0].split("|")[0].replace(/[()*]/g, "")}` : "";
  return stems.slice(0, 2).join(" or ") + (stems.length > 2 ? " …" : "") + near;
}

export function entriesOf(app, hits) {
  const said = new Map();
  for (const hit of hits || []) {
    if (hit[3] === undefined) continue;
    const entry = hit[3], text = spokenEntry(entry);
    said.set(text, { entry, n: (said.get(text)?.n || 0) + 1, mark: markOf(app, hit) });
  }
  return html`${[...said].map(([text, { entry, n, mark }]) => html`<span class="pattern x${mark}" title="${entryText(entry)}">${text}${n > 1 && ` ×${n}`}</span> `)}`;
}

export function numbersOf(model, rows) {
  const first = model.sentences[rows[0]], last = model.sentences[rows.at(-1)];
  const kind = ["Sentence", "Heading", "Note"][first.kind];
  return rows.length === 1 ? `${kind} ${first.number}` : `Sentences ${first.number} to ${last.number}`;
}

export const wordsOf = (model, rows) => some(rows.reduce((sum, row) => sum + model.sentences[row].n, 0), "word");

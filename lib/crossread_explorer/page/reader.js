// Reading: one text or two side by side, sections at the side, hits marked; without texts, passages with their words.
import { chooseText, head, html, note, press, some, swatch } from "./dom.js";
import { grouped } from "./patterns.js";
import { hitsIn, markedSentence, numbersOf, sentenceBar, stepper } from "./evidence.js";
import { attachNote } from "./pane.js";

const WORDS_SHOWN = 14;

export function reader(app) {
  const { model, state, evidence } = app, first = model.byId.get(state.read) ?? model.documents[0], second = model.byId.get(state.beside);
  const texts = [first, second].filter(Boolean), two = texts.length > 1, whole = model.mode === "texts";
  const marks = model.themes.map(theme => press(`ask ${theme}`, [swatch(model, theme), model.label(theme)], `key x t${model.mark(theme)}`));
  const hits = html`<span class="stepper inline">${evidence.length > 0
    ? html`<span>${state.at + 1} of ${evidence.length} asked for</span>${stepper("hit")}` : html`<span>Marks:</span>${marks}`}</span>`;
  const sections = text => html`<div>${two && html`<b>${text.short}</b>`}${text.sections.map(section => press(`reader ${section.rows[0]}`,
    html`${sectionTitle(text, section)} <span>${some(section.rows.length, "sentence")}</span>`, ""))}</div>`;
  return html`${head(`${first.label}${two ? ` beside ${second.label}` : ""}`, html`<p class="controls">${chooseText(model, "read", "Text", first.doc_id)}
    ${chooseText(model, "beside", "Text beside it", state.beside, "nothing beside it")}${hits}</p>`)}
    <div class="reading${two && " two"}"><nav aria-label="Sections">${texts.map(sections)}</nav>${texts.map(text => html`<article class="text"
      aria-label="${text.label}" tabindex="0"><h2${!two && html` class="unseen"`}>${text.label}</h2>${
      note([text.authors, text.title && `“${text.title}”`, text.source].filter(Boolean).join(", "))}${text.sections.map(section => html`<section>${
      text.sections.length > 1 && html`<h3>${sectionTitle(text, section)}</h3>`}${(whole ? paragraphs : passages)(app, section)}</section>`)}
      ${whole && notes(app, text)}</article>`)}</div>${!whole && attachNote(app)}`;
}

function sectionTitle({ sections }, section) {
  const i = sections.indexOf(section);
  return section.title || (i ? `Section ${i + 1}` : sections.length > 1 ? "Opening" : "The text");
}

const sentence = (app, row) => html`<span class="sentence" id="s${row}">${markedSentence(app, row, app.asked.get(row))} </span>`;

const paragraphs = (app, section) => [...grouped(section.rows, row => app.model.sentences[row].paragraph).values()]
  .map(rows => html`<p>${rows.map(row => sentence(app, row))}</p>`);

function notes(app, text) {
  const rows = text.rows.filter(row => app.model.sentences[row].kind === 2);
  return rows.length > 0 && html`<section><h3>Notes</h3>${rows.map(row => html`<p>${sentence(app, row)}</p>`)}</section>`;
}

/** Without texts: each passage with its sentences as bars and its words. */
function passages(app, section) {
  const { model } = app, longest = Math.max(40, ...section.rows.map(row => model.sentences[row].n));
  const shown = row => html`<span class="sentence" id="s${row}"><span class="unseen">${numbersOf(model, [row])}, ${
    some(model.sentences[row].n, "word")}</span>${model.sentences[row].text ? markedSentence(app, row, app.asked.get(row))
    : sentenceBar(app, row, app.asked.get(row) ?? hitsIn(app, row), longest)}</span>`;
  return [...grouped(section.rows, row => model.passageOf(row))].map(([passage, rows]) => html`<div class="passage"><b>${
    numbersOf(model, rows)}</b><div>${rows.map(shown)}<p>${wordsIn(model, passage).map(([term, n]) =>
    html`${press(`find ${term}`, term)}${n > 1 && html` <span class="soft">×${n}</span>`} `)}</p></div></div>`);
}

function wordsIn(model, passage) {
  if (model.mode !== "counts") return [];
  if (!model.wordsByPassage) {
    const common = new Set(model.data.function_words);
    const terms = Object.keys(model.data.counts).filter(term => !term.includes(" ") && !common.has(term) && term.length >= 3);
    const cells = terms.flatMap(term => model.cellsOfTerm(term)).sort((a, b) => b.n - a.n || (a.term < b.term ? -1 : 1));
    model.wordsByPassage = grouped(cells, cell => cell.passage);
  }
  return (model.wordsByPassage.get(passage) ?? []).slice(0, WORDS_SHOWN).map(({ term, n }) => [term, n]);
}

/** Show the sentence that is read. */
export function showCurrent(app, scroll) {
  const { shell, evidence, state } = app, rows = state.place !== null ? [state.place] : evidence[state.at]?.rows ?? [];
  for (const one of shell.querySelectorAll(".sentence")) one.classList.toggle("here", rows.includes(Number(one.id.slice(1))));
  if (scroll) app.$(".here")?.scrollIntoView({ block: "center" });
}

// Reading: one text or two side by side, sections at the side, hits marked; without texts, passages with their words.
import { chooseText, html, some, swatch } from "./dom.js";
import { hitsIn, markedSentence, numbersOf, sentenceBar } from "./evidence.js";
import { attachNote } from "./pane.js";

const WORDS_SHOWN = 14;

export function reader(app) {
  const { model, state, evidence } = app, first = state.read ?? 0, texts = [first, state.beside].filter(one => one !== null && one !== undefined);
  return html`<header class="head slim"><h1>${model.documents[first].label}${state.beside !== null && ` beside ${model.documents[state.beside].label}`}</h1>
    <p class="controls">${chooseText(model, { name: "read", said: "Text", chosen: first })}
    ${chooseText(model, { name: "beside", said: "Text beside it", chosen: state.beside, none: "nothing beside it" })}<span class="stepper inline">${evidence.length > 0
      ? html`<span>${state.at + 1} of ${evidence.length} asked for</span><button type="button" data-do="step -1" aria-label="Previous hit">↑</button><button type="button" data-do="step 1" aria-label="Next hit">↓</button>`
      : html`<span>Marks:</span>${model.themes.map((theme, t) => html`<button type="button" class="key x${t % 8}" data-do="ask ${theme}">${swatch(t)}${model.label(theme)}</button>`)}`}</span></p></header>
    <div class="reading${texts.length > 1 && " two"}"><nav aria-label="Sections">${texts.map(number => model.documents[number]).map(document => html`<div>${texts.length > 1 && html`<b>${document.short}</b>`}${document.sections.map(section => html`<button
      type="button" data-do="reader ${section.rows[0]}">${sectionTitle(document, section)} <span>${some(section.rows.length, "sentence")}</span></button>`)}</div>`)}</nav>${texts.map(number => html`<article class="text" data-document="${number}" aria-label="${model.documents[number].label}" tabindex="0">
        <h2${texts.length < 2 && html` class="unseen"`}>${model.documents[number].label}</h2>${facts(model.documents[number])}${model.documents[number].sections.map(section => html`
        <section>${model.documents[number].sections.length > 1 && html`<h3>${sectionTitle(model.documents[number], section)}</h3>`}${model.mode === "texts" ? paragraphs(app, model.documents[number], section) : passages(app, section)}</section>`)}
        ${notes(app, model.documents[number])}</article>`)}</div>${model.mode !== "texts" && attachNote(app)}`;
}

const sectionTitle = (document, section) => section.title || (section === document.sections[0] ? (document.sections.length > 1 ? "Opening" : "The text") : `Section ${document.sections.indexOf(section) + 1}`);

const facts = document => html`<p class="note">${[document.authors, document.title && `“${document.title}”`, document.source].filter(Boolean).join(", ")}</p>`;

function paragraphs(app, document, section) {
  const { model } = app, groups = [];
  for (const row of section.rows) {
    if (!groups.length || model.sentences[groups.at(-1)[0]].paragraph !== model.sentences[row].paragraph) groups.push([]);
    groups.at(-1).push(row);
  }
  return groups.map(rows => html`<p>${rows.map(row => sentence(app, row))}</p>`);
}

function sentence(app, row) {
  return html`<span class="sentence" id="s${row}" data-row="${row}">${markedSentence(app, row, app.asked.get(row))} </span>`;
}

function notes(app, document) {
  const rows = document.rows.filter(row => app.model.sentences[row].kind === 2);
  return rows.length > 0 && app.model.mode === "texts" && html`<section><h3>Notes</h3>${rows.map(row => html`<p class="small">${sentence(app, row)}</p>`)}</section>`;
}

/** Without texts: each passage with its sentences as bars and its words. */
function passages(app, section) {
  const { model } = app, seen = new Set(), longest = Math.max(40, ...section.rows.map(row => model.sentences[row].n));
  return section.rows.map(row => {
    const key = `${model.sentences[row].document} ${model.sentences[row].segment}`;
    if (seen.has(key)) return "";
    seen.add(key);
    const rows = model.passages.get(key).rows.filter(one => section.rows.includes(one));
    return html`<div class="passage" id="p${row}"><b>${numbersOf(model, rows)}</b><div>${rows.map(one => html`<span class="sentence" id="s${one}" data-row="${one}"><span class="unseen">${numbersOf(model, [one])}, ${some(model.sentences[one].n, "word")}</span>${
      model.sentences[one].text ? markedSentence(app, one, app.asked.get(one)) : sentenceBar(app, one, app.asked.get(one) ?? hitsIn(app, one), longest)}</span>`)}
      <p class="passagewords">${wordsIn(app, key).map(([term, n]) => html`<button type="button" class="link" data-do="find ${term}">${term}</button>${n > 1 && html` <span class="soft">×${n}</span>`} `)}</p></div></div>`;
  });
}

function wordsIn(app, passage) {
  const { model } = app;
  if (model.mode !== "counts") return [];
  if (!model.wordsByPassage) {
    model.wordsByPassage = new Map();
    const common = new Set(model.data.function_words);
    for (const [term, cells] of Object.entries(model.data.counts)) {
      if (term.includes(" ") || common.has(term) || term.length < 3) continue;
      for (let i = 0; i < cells.length; i += 3) {
        const key = `${cells[i]} ${cells[i + 1]}`;
        if (!model.wordsByPassage.has(key)) model.wordsByPassage.set(key, []);
        model.wordsByPassage.get(key).push([term, cells[i + 2]]);
      }
    }
    for (const words of model.wordsByPassage.values()) words.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
  return (model.wordsByPassage.get(passage) || []).slice(0, WORDS_SHOWN);
}

/** Bring the sentence that is read into view, and frame it. */
export function showCurrent(app, scroll) {
  const { root, evidence, state } = app;
  root.querySelectorAll(".sentence.here").forEach(one => one.classList.remove("here"));
  const rows = state.place !== null ? [state.place] : evidence[state.at]?.rows ?? [];
  const shown = rows.map(row => root.querySelector(`#s${row}`)).filter(Boolean);
  shown.forEach(one => one.classList.add("here"));
  if (!shown.length || !scroll) return;
  const box = shown[0].closest(".text"), way = { block: "center", behavior: app.calm ? "auto" : "smooth" };
  if (box.scrollHeight > box.clientHeight + 4) {
    box.scrollTo({ top: box.scrollTop + shown[0].getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3, behavior: way.behavior });
  } else shown[0].scrollIntoView(way);
}


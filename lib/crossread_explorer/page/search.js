// Searching: the contexts of a word, a phrase or a pattern in all texts, and a line a text with limits.
import { decimal, html, limitsLine, listed, range, ring, saves, some, spelled } from "./dom.js";
import { addToTheme } from "./pane.js";
import { nothingFound, numbersOf } from "./evidence.js";

const WINDOW = 9, SHOWN = 100, TEXTS = 60; // words on each side; contexts listed at once

export function searchView(app) {
  const { model, state, found } = app;
  if (!state.find) {
    return html`<header class="head slim"><h1>Search the texts</h1><p class="dek">Type in the field above, and press Enter.</p></header>${help()}`;
  }
  if (!found || found.refused) {
    return html`<header class="head slim"><h1>This cannot be searched for</h1><p class="remark" role="alert">${found?.refused}</p></header>${help()}`;
  }
  const n = found.per.reduce((sum, one) => sum + one, 0);
  return html`<header class="head slim"><h1 class="typed">“${state.find}”</h1><p class="dek">${n ? html`<b>${some(n, "use")}</b> in ${some(model.documents.filter((_, i) => found.per[i]).length, "text")}.`
    : nothingFound(app)}${model.mode === "counts" && n > 0 && " Without the texts the answer is by passage."}${
    model.mode === "hits" && " In this large corpus words are counted by text, if they occur five times."}</p></header>
    ${lines(app, found)}${found.hits ? contexts(app, found) : passageList(app, found)}${addToTheme(app, state.find)}`;
}

function help() {
  const examples = [["partner", "a word, in any case"], ["partner*", "its beginning, with any ending"], ["security guarantee", "a phrase"],
    ["cost|costs", "either"], ["cost* near allies", "one near the other, in a sentence"], ["cost* near 5 allies", "within five words"], ["cost ! war cost", "not where it is part of a phrase"]];
  return html`<table class="plain help"><tbody>${examples.map(([typed, said]) => html`<tr><th scope="row"><button type="button" class="link" data-do="find ${typed}">${typed}</button></th><td>${said}</td></tr>`)}</tbody></table>`;
}

function lines(app, found) {
  const { model } = app, most = Math.max(1, ...found.limits.map(([, high], i) => Math.min(high, 3 * Math.max(1, (1000 * found.per[i]) / Math.max(1, model.documents[i].n_tokens)) + 5)));
  const spoken = model.documents.map((document, i) => [document, i]).filter(([, i]) => model.documents.length <= TEXTS || found.per[i]), shown = spoken.slice(0, TEXTS);
  return html`<section class="part"><h2><small>How often</small>Uses in each text, and per 1,000 words</h2><table class="plain lines"><thead class="unseen"><tr><th scope="col">text</th><th scope="col">uses</th><th
    scope="col">per 1,000 words, with limits</th></tr></thead><tbody>${shown.map(([document, i]) => {
    const rate = (1000 * found.per[i]) / Math.max(1, document.n_tokens), said = `${decimal(rate)} per 1,000 words, limits ${range(found.limits[i], decimal)}`;
    return html`<tr><th scope="row">${document.label}</th><td>${found.per[i] || ring(document.body.length < 20)}</td><td>${limitsLine(rate, found.limits[i], most, said)}</td><td class="soft">${decimal(rate)} (${range(found.limits[i], decimal)})</td></tr>`;
  })}</tbody></table><p class="note">Limits: 95 per cent, widened where uses stand together. Where they overlap the texts are not ranked.${spoken.length > TEXTS && ` The first ${TEXTS} of ${spoken.length} texts; all are in the saved table.`}</p>${saves({ table: "counts" })}</section>`;
}

/** Return the contexts of the hits, in the order that is asked for. */
export function concordance(app, found, most = Infinity) {
  const { model, state } = app, { pointers, ids, vocabulary } = model.store;
  const word = (row, place) => (place >= 0 && pointers[row] + place < pointers[row + 1] ? vocabulary.types[ids[pointers[row] + place]] : "");
  const around = { left: ([row, at]) => [1, 2, 3].map(step => word(row, at - step)), right: ([row, at, length]) => [0, 1, 2].map(step => word(row, at + length + step)) }[state.sort];
  const order = around ? found.hits.map((hit, i) => [around(hit).join(" "), i]).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1])).map(([, i]) => found.hits[i]) : found.hits;
  return order.slice(0, most).map(([row, at, length]) => {
    const spans = model.spansOf(row), text = model.sentences[row].text, from = Math.max(0, at - WINDOW), to = Math.min(spans.length, at + length + WINDOW), end = spans[at + length - 1][2];
    const stop = /^[^\s\p{L}\p{N}]+/u.exec(text.slice(end))?.[0] ?? ""; // what ends a clause stays with the word
    return { row, stop, left: (from ? "… " : "") + text.slice(from ? spans[from][1] : 0, spans[at][1]), match: text.slice(spans[at][1], end),
      right: text.slice(end + stop.length, to < spans.length ? spans[to - 1][2] : undefined) + (to < spans.length ? " …" : "") };
  });
}

function contexts(app, found) {
  const { model, state, evidence } = app, n = found.hits.length, counted = found.per.reduce((sum, one) => sum + one, 0), rows = concordance(app, found, SHOWN), place = new Map(evidence.map((one, i) => [one.rows[0], i]));
  const sort = (name, said) => html`<button type="button" class="choice" data-do="sort ${name}" aria-pressed="${state.sort === name}">${said}</button>`;
  return rows.length > 0 && html`<section class="part"><div class="parthead"><h2><small>In context</small>${some(n, "context")}${n > SHOWN && `, the first ${SHOWN}`}${n > counted && `; ${spelled(n - counted)} in headings or notes, which are not counted`}</h2>
    <div class="choices" role="group" aria-label="Sort contexts">Sort: ${sort("position", "as they stand")}${sort("left", "by the word before")}${sort("right", "by the word after")}</div></div>
    <div class="wide"><table class="kwic"><thead class="unseen"><tr><th scope="col">text</th><th scope="col">before</th><th scope="col">found</th><th scope="col">after</th></tr></thead><tbody>${rows.map(one => html`<tr${place.get(one.row) === state.at && html` class="on"`}
      data-row="${one.row}"><th scope="row">${model.documents[model.sentences[one.row].document].short} <span>${numbersOf(model, [one.row]).replace("Sentence ", "")}</span></th><td>${one.left}</td><td><button type="button" data-do="at ${place.get(one.row)}"
      aria-label="Read ${model.documents[model.sentences[one.row].document].label}, ${numbersOf(model, [one.row])}">${one.match}</button>${one.stop}</td><td>${one.right}</td></tr>`)}</tbody></table></div>${saves({ table: "contexts" })}</section>`;
}

function passageList(app, found) {
  const { model, state } = app;
  return found.passages.length > 0 && html`<section class="part"><h2><small>Where</small>${some(found.passages.length, "passage")}</h2><table class="plain"><thead><tr><th scope="col">text</th><th scope="col">passage</th><th
    scope="col">section</th><th scope="col">uses</th></tr></thead><tbody>${found.passages.slice(0, SHOWN).map(({ passage, n, forms }, i) => html`<tr${i === state.at && html` class="on"`}><th scope="row">${model.documents[passage.document].short}</th>
    <td><button type="button" class="link" data-do="at ${i}">${numbersOf(model, passage.rows)}</button></td><td>${model.sectionOf(passage.rows[0])?.title}</td><td>${n} <span class="soft">${listed(forms)}</span></td></tr>`)}</tbody></table></section>`;
}

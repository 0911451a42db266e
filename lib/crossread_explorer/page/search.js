// Searching: the contexts of a word, a phrase or a pattern in all texts, and a line a text with limits.
import { bar, choice, decimal, dek, head, html, note, part, piece, press, range, ring, saves, some, spelled, table, total } from "./dom.js";
import { nothingFound, numbersOf } from "./evidence.js";

const WINDOW = 9, SHOWN = 100, TEXTS = 60; // words on each side; contexts listed at once
const EXAMPLES = ["partner", "partner*", "security guarantee", "cost|costs", "cost* near allies", "cost* near 5 allies", "cost ! war cost"];

export function searchView(app) {
  const { model, state, found } = app, help = note("For instance: ", EXAMPLES.map((typed, i) => html`${i > 0 && " · "}${press(`find ${typed}`, typed)}`));
  if (!state.find) return html`${head("Search the texts", dek("Type in the field above, and press Enter."))}${help}`;
  if (!found || found.refused) {
    return html`${head("This cannot be searched for", html`<p class="remark" role="alert">${found?.refused}</p>`)}${help}`;
  }
  const n = total(found.per), texts = found.per.filter(Boolean).length;
  return html`<header class="head slim"><h1>“${state.find}”</h1>${dek(
    n ? html`<b>${some(n, "use")}</b> in ${some(texts, "text")}.` : nothingFound(app),
    model.mode === "counts" && n > 0 && " Without the texts the answer is by passage, in the pane.",
    model.mode === "hits" && " In this large corpus words are counted by text, if they occur five times.")}</header>
    ${lines(app, found)}${found.hits && contexts(app, found)}`;
}

function lines({ model }, found) {
  const rates = model.documents.map((text, i) => (1000 * found.per[i]) / Math.max(1, text.n_tokens));
  const most = Math.max(1, ...found.limits.map(([, high], i) => Math.min(high, 3 * Math.max(1, rates[i]) + 5)));
  const spoken = model.documents.filter((_, i) => model.documents.length <= TEXTS || found.per[i]);
  const rows = spoken.slice(0, TEXTS).map(text => {
    const i = text.number, rate = decimal(rates[i]), limits = range(found.limits[i], decimal);
    return [text.label, found.per[i] || ring(text.body.length < 20),
      bar(piece("track", 0, most, most), piece("limits", ...found.limits[i], most), piece("point", rates[i], rates[i], most)),
      html`<span class="soft">${rate} (${limits})</span>`];
  });
  return part("How often", "Uses in each text, and per 1,000 words", html`${table(["text", "uses", "per 1,000 words", "with limits"], rows,
    { kind: "lines", unseen: true })}${note("Limits: 95 per cent, widened where uses stand together. Where they overlap the texts are not ranked.",
    spoken.length > TEXTS && ` The first ${TEXTS} of ${spoken.length} texts; all are in the saved table.`)}${saves({ table: "counts" })}`);
}

/** Return the contexts of the hits, in the order that is asked for. */
export function concordance({ model, state }, found, most = Infinity) {
  const { sort } = state, word = (row, place) => model.spansOf(row)[place]?.[0] ?? "";
  const beside = ([row, at, length]) => [1, 2, 3].map(step => word(row, sort === "left" ? at - step : at + length - 1 + step)).join(" ");
  const keys = sort === "position" ? null : new Map(found.hits.map(hit => [hit, beside(hit)]));
  const order = keys ? [...found.hits].sort((a, b) => (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : 0)) : found.hits;
  return order.slice(0, most).map(([row, at, length]) => {
    const spans = model.spansOf(row), { text } = model.sentences[row], end = spans[at + length - 1][2];
    const from = Math.max(0, at - WINDOW), to = Math.min(spans.length, at + length + WINDOW);
    const stop = /^[^\s\p{L}\p{N}]+/u.exec(text.slice(end))?.[0] ?? ""; // what ends a clause stays with the word
    return { row, stop, left: (from ? "… " : "") + text.slice(from ? spans[from][1] : 0, spans[at][1]), match: text.slice(spans[at][1], end),
      right: text.slice(end + stop.length, to < spans.length ? spans[to - 1][2] : undefined) + (to < spans.length ? " …" : "") };
  });
}

function contexts(app, found) {
  const { model, state } = app, n = found.hits.length, apart = n - total(found.per), places = [...new Set(found.hits.map(([row]) => row))];
  const sorts = [["position", "as they stand"], ["left", "by the word before"], ["right", "by the word after"]];
  const row = one => {
    const text = model.textOf(one.row), place = places.indexOf(one.row), number = numbersOf(model, [one.row]);
    return [{ said: html`${text.short} <span>${number.replace("Sentence ", "")}</span>`, on: state.ask === "find" && state.at === place }, one.left,
      html`${press(`context ${place}`, one.match, "", html` aria-label="Read ${text.label}, ${number}"`)}${one.stop}`, one.right];
  };
  return n > 0 && part("In context", `${some(n, "context")}${n > SHOWN ? `, the first ${SHOWN}` : ""}${
    apart ? `; ${spelled(apart)} in headings or notes, which are not counted` : ""}`, html`${
    table(["text", "before", "found", "after"], concordance(app, found, SHOWN).map(row), { kind: "kwic", unseen: true })}${saves({ table: "contexts" })}`, html`<div class="choices" role="group"
    aria-label="Sort contexts">Sort: ${sorts.map(([name, said]) => choice(`sort ${name}`, said, state.sort === name))}</div>`);
}

// For a class: guess before the counts are shown, code ten sentences and compare, keep the answers as a file.
import { html, inside, listed, ofAll, percent, some, spelled, swatch } from "./dom.js";

const GUESSED = 5, CODED = 10;

export function seminarView(app) {
  const { model } = app;
  return html`<header class="head slim"><h1>Guess before you look</h1><p class="dek">A number teaches most when one has bet against it. Rank the texts, code some sentences, then compare. Answers stay in this page until you save them.</p>
    <p class="tools"><button type="button" class="link" data-do="save answers">Save answers</button><button type="button" class="link" data-do="open analysis">Open answers</button></p></header>${guessing(app)}${coding(app)}
    ${!model.data.topics.length ? "" : html`<section class="part"><h2><small>Topics</small>Find the intruder</h2><p class="note">The quiz is beside the topics: <button type="button" class="link" data-do="view topics">Topics and map</button>.</p></section>`}`;
}

function guessing(app) {
  const { model, counted, kept } = app, theme = kept.guessTheme ?? model.themes[0], order = guessOrder(app, theme), shown = kept.revealed[theme];
  const share = i => counted.cells.get(theme)[i].sentences / Math.max(1, model.documents[i].body.length);
  return html`<section class="part" aria-labelledby="h-guess"><div class="parthead"><h2 id="h-guess"><small>Guess</small>Which text speaks most of ${inside(model.label(theme))}?</h2><select data-change="guess" aria-label="Theme">${model.themes.map(one => html`<option
    value="${one}"${one === theme && html` selected`}>${model.label(one)}</option>`)}</select></div><p class="note">Put the texts in order, the one with the largest share of its sentences first. Then see.</p>
    <ol class="ranking">${order.map((number, place) => html`<li><span>${model.documents[number].label}</span>${!shown ? html`<span class="stepper inline"><button type="button" data-do="rank ${number} -1" aria-label="${model.documents[number].label} up"${place === 0 && html` disabled`}>↑</button><button
      type="button" data-do="rank ${number} 1" aria-label="${model.documents[number].label} down"${place === order.length - 1 && html` disabled`}>↓</button></span>`
      : html`<span class="counted">${ofAll(counted.cells.get(theme)[number].sentences, model.documents[number].body.length)}, ${percent(share(number))} <i class="length m${model.themes.indexOf(theme) % 8}" style="width:${(70 * share(number)).toFixed(0)}%"></i></span>`}</li>`)}</ol>
    ${!shown ? html`<button type="button" class="press" data-do="reveal ${theme}">Show the counts</button>` : html`<p class="remark" role="status">${verdictOnGuess(app, theme, order)}</p><p class="tools"><button type="button" class="link" data-do="ask ${theme}">Read the sentences</button><button type="button" class="link" data-do="hide ${theme}">Guess again</button></p>`}</section>`;
}

export function guessOrder(app, theme) {
  const { model, kept } = app, share = i => model.original.cells.get(theme)[i].sentences / Math.max(1, model.documents[i].body.length);
  const all = model.documents.map((_, i) => i), speaking = all.filter(share), pool = (speaking.length < GUESSED ? all : speaking).sort((a, b) => share(a) - share(b));
  // of many texts some from the least to the most, in the order of time
  return kept.guesses[theme] ??= all.length <= GUESSED ? all : Array.from({ length: GUESSED }, (_, i) => pool[Math.round((i * (pool.length - 1)) / (GUESSED - 1))]).sort((a, b) => a - b);
}

function verdictOnGuess(app, theme, order) {
  const { model, counted } = app, share = i => counted.cells.get(theme)[i].sentences / Math.max(1, model.documents[i].body.length);
  let right = 0, pairs = 0, open = 0, tested = 0;
  for (let a = 0; a < order.length; a++) for (let b = a + 1; b < order.length; b++) {
    pairs++;
    if (share(order[a]) >= share(order[b])) right++;
    const ids = [order[a], order[b]].map(i => model.documents[i].doc_id), row = app.verdicts?.find(one => one.key === theme && ids.includes(one.doc_a) && ids.includes(one.doc_b));
    if (row) tested++;
    if (row && row.verdict !== "supported") open++;
  }
  return `Of ${pairs} pairs of texts you have ${right} in the order of these pages.${tested ? ` In general the order of ${open} of them is not supported: further text could turn it round.` : ""}`;
}

function coding(app) {
  const { model, kept } = app;
  if (model.mode !== "texts") return html`<section class="part"><h2><small>Code</small>Coding needs the texts</h2><p class="note">${model.mode === "hits" ? "This page does not hold whole texts. In a smaller one" : "With your own copies attached"}, ten sentences can be coded here and compared with the word list and the other coders.</p></section>`;
  const rows = codedRows(app), done = rows.filter(row => kept.codes[row]).length;
  const compared = done === rows.length && rows.length > 0;
  return html`<section class="part" aria-labelledby="h-code"><h2 id="h-code"><small>Code</small>${compared ? agreement(app, rows) : `Of what do these ${spelled(rows.length)} sentences speak?`}</h2><p class="note">Tick each theme that a sentence speaks of; then your codes are compared${model.data.codes ? ` with those of ${listed(model.data.codes.coders)} and` : " with"} the word list.</p>
    <ol class="coding">${rows.map(row => html`<li><p class="text">${model.sentences[row].text}</p><p>${model.themes.map((theme, t) => html`<label class="tick"><input type="checkbox" data-change="code ${row} ${theme}"${(kept.codes[row] ?? kept.ticked[row])?.includes(theme) && html` checked`}${compared && html` disabled`}>${swatch(t)} ${model.label(theme)}</label>`)}
      ${compared && html`<span class="compared">${compareRow(app, row)}</span>`}</p></li>`)}</ol>${!compared && html`<button type="button" class="press" data-do="coded">Compare my codes</button>`}${compared && html`<p class="tools"><button type="button" class="link" data-do="recode">Ten others</button></p>`}</section>`;
}

/** Choose sentences so that there is something to code: half with a hit or a code, in an order that a number fixes. */
export function codedRows(app) {
  const { model, kept } = app, codes = model.data.codes;
  const pool = codes ? codes.rows.map(([row]) => row) : model.documents.flatMap(document => document.body);
  const mixed = row => ((row * 2654435761 + (kept.round + 1) * 40503) % 4294967296) / 4294967296;
  const order = pool.filter(row => model.sentences[row].n > 5).sort((a, b) => mixed(a) - mixed(b));
  const full = order.filter(row => model.themes.some(theme => app.model.original.rows.get(theme)?.has(row))), empty = order.filter(row => !full.includes(row));
  return [...full.slice(0, CODED - 4), ...empty.slice(0, 4)].slice(0, CODED).sort((a, b) => a - b);
}

function goldOf(app, row, theme) {
  const codes = app.model.data.codes, own = codes?.rows.find(one => one[0] === row)?.[1][codes.themes.indexOf(theme)];
  return own ? own.reduce((a, b) => a + b, 0) / own.length >= 1 : null;
}

function compareRow(app, row) {
  const { model, kept } = app, said = [];
  for (const theme of model.themes) {
    const own = kept.codes[row].includes(theme), list = Boolean(model.original.rows.get(theme)?.has(row)), gold = goldOf(app, row, theme);
    if (own !== list || (gold !== null && own !== gold)) said.push(`${model.label(theme)}: you ${own ? "yes" : "no"}, word list ${list ? "yes" : "no"}${gold === null ? "" : `, coders ${gold ? "yes" : "no"}`}`);
  }
  return said.length ? said.join("; ") : "all agree";
}

function agreement(app, rows) {
  const { model, kept } = app, cells = rows.flatMap(row => model.themes.map(theme => [row, theme]));
  const same = cells.filter(([row, theme]) => kept.codes[row].includes(theme) === Boolean(model.original.rows.get(theme)?.has(row))).length;
  return `You and the word list agree in ${same} of ${some(cells.length, "judgement")}`;
}

/** Return the answers as a file holds them. */
export function answers(app) {
  const { model, kept } = app, id = row => `${model.documents[model.sentences[row].document].doc_id}-${String(model.sentences[row].number).padStart(3, "0")}`;
  return {
    corpus: model.data.name, guesses: Object.fromEntries(Object.entries(kept.guesses).map(([theme, order]) => [theme, order.map(i => model.documents[i].doc_id)])), revealed: kept.revealed,
    codes: Object.entries(kept.codes).map(([row, themes]) => ({ sentence_id: id(Number(row)), themes })), round: kept.round, quiz: kept.quiz,
  };
}


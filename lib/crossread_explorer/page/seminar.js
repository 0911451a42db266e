// For a class: guess before the counts are shown, code ten sentences and compare, keep the answers as a file.
import { bar, choose, dek, head, html, listed, note, ofAll, part, percent, piece, press, some, spelled, themeName, total } from "./dom.js";

const GUESSED = 5, CODED = 10, EMPTY = 4; // texts; sentences, and how many of them without a hit

export function seminarView(app) {
  return html`${head("Guess before you look", dek(`A number teaches most when one has bet against it. Rank the texts, code some sentences, then compare.
    Answers stay in this page until you save them at its head. The intruder quiz is beside the topics.`))}
    ${guessing(app)}${coding(app)}`;
}

function guessing(app) {
  const { model, counted, kept } = app, theme = kept.guessTheme ?? model.themes[0], shown = kept.revealed[theme];
  const order = guessOrder(app, theme).map(id => model.byId.get(id).number);
  const step = (number, by, said, off) => press(`rank ${number} ${by}`, said, "", html` aria-label="${model.documents[number].label} ${by < 0 ? "up" : "down"}"${off && html` disabled`}`);
  const beside = (number, place) => {
    const { sentences, share } = counted.cells.get(theme)[number], all = model.documents[number].body.length;
    if (shown) return html`<span class="counted">${ofAll(sentences, all)}, ${percent(share)} ${bar(piece(`m t${model.mark(theme)}`, 0, share))}</span>`;
    return html`<span class="stepper inline">${step(number, -1, "↑", place === 0)}${step(number, 1, "↓", place === order.length - 1)}</span>`;
  };
  return part("Guess", `Which text speaks most of ${model.inside(theme)}?`, html`${
    note("Put the texts in order, the one with the largest share of its sentences first. Then see.")}<ol class="ranking">${
    order.map((number, place) => html`<li><span>${model.documents[number].label}</span>${beside(number, place)}</li>`)}</ol>${
    shown ? html`<p class="remark" role="status">${verdictOnGuess(app, theme, order)}</p><p class="tools">${press(`ask ${theme}`, "Read the sentences")}${
      press(`reveal ${theme}`, "Guess again")}</p>` : press(`reveal ${theme}`, "Show the counts", "press")}`,
  choose("guess", "Theme", model.themes.map(one => [one, model.label(one)]), theme));
}

/** Return the ids of the texts in the order that was guessed; of many texts some that speak of the theme, in the order of time. */
export function guessOrder({ model, kept }, theme) {
  const ids = list => list.map(text => text.doc_id), speaking = ids(model.documents.filter((_, i) => model.original.cells.get(theme)[i].share));
  const pool = speaking.length < GUESSED ? ids(model.documents) : speaking, step = Math.max(1, (pool.length - 1) / (GUESSED - 1));
  return kept.guesses[theme] ??= pool.filter((_, i) => i % step < 1).slice(0, GUESSED);
}

function verdictOnGuess({ model, counted, verdicts }, theme, order) {
  const share = i => counted.cells.get(theme)[i].share, pairs = order.flatMap((a, i) => order.slice(i + 1).map(b => [a, b]));
  const right = pairs.filter(([a, b]) => share(a) >= share(b)).length;
  const ids = order.map(i => model.documents[i].doc_id), tested = (verdicts ?? []).filter(one =>
    one.key === theme && ids.includes(one.doc_a) && ids.includes(one.doc_b));
  const open = tested.filter(one => one.verdict !== "supported").length;
  return `Of ${some(pairs.length, "pair")} of texts you have ${right} in the order of these pages.${tested.length
    ? ` In general the order of ${open} of them is not supported: further text could turn it round.` : ""}`;
}

function coding(app) {
  const { model, kept } = app, { codes } = model.data;
  if (model.mode !== "texts") {
    return part("Code", "Coding needs the texts", note("Where a page holds them, ten sentences can be coded and compared with the word list and the other coders."));
  }
  const rows = codedRows(app), { compared } = kept;
  const tick = (row, theme) => html`<label class="tick"><input type="checkbox" data-do="code ${row} ${theme}"${
    ticked(app, row).includes(theme) && html` checked`}${compared && html` disabled`}>${themeName(model, theme)}</label>`;
  return part("Code", compared ? agreement(app, rows) : `Of what ${rows.length === 1 ? "does this sentence" : `do these ${spelled(rows.length)} sentences`} speak?`, html`${note(`Tick each theme that a sentence
    speaks of; then your codes are compared${codes ? ` with those of ${listed(codes.coders)} and` : " with"} the word list.`)}<ol class="coding">${
    rows.map(row => html`<li><p class="text">${model.sentences[row].text}</p><p>${model.themes.map(theme => tick(row, theme))}
      ${compared && html`<span class="compared">${compareRow(app, row)}</span>`}</p></li>`)}</ol>${
    compared ? html`<p class="tools">${press("recode", "Ten others")}</p>` : press("coded", "Compare my codes", "press")}`);
}

/** Return the themes that the reader has ticked of a sentence. */
export const ticked = ({ model, kept }, row) => kept.codes[model.idOf(row)] ??= [];

const hasHit = (model, row, theme) => Boolean(model.original.rows.get(theme)?.has(row));

/** Choose sentences so that there is something to code: half with a hit or a code, in an order that a number fixes. */
function codedRows({ model, kept }) {
  const mixed = row => ((row * 2654435761 + (kept.round + 1) * 40503) % 4294967296) / 4294967296;
  const pool = model.data.codes?.rows.map(([row]) => row) ?? model.documents.flatMap(text => text.body);
  const order = pool.filter(row => model.sentences[row].n > 5).sort((a, b) => mixed(a) - mixed(b));
  const full = row => model.themes.some(theme => hasHit(model, row, theme));
  return [...order.filter(full).slice(0, CODED - EMPTY), ...order.filter(row => !full(row)).slice(0, EMPTY)].sort((a, b) => a - b);
}

/** Say where the reader, the word list and the coders judge a sentence differently. */
function compareRow(app, row) {
  const { model } = app, yes = said => (said ? "yes" : "no"), said = model.themes.flatMap(theme => {
    const own = ticked(app, row).includes(theme), list = hasHit(model, row, theme), gold = model.codedAs(row, theme);
    return own === list && (gold === null || own === gold) ? []
      : [`${model.label(theme)}: you ${yes(own)}, word list ${yes(list)}${gold === null ? "" : `, coders ${yes(gold)}`}`];
  });
  return said.length ? said.join("; ") : "all agree";
}

function agreement(app, rows) {
  const { themes } = app.model, same = total(rows.map(row => themes.filter(theme => ticked(app, row).includes(theme) === hasHit(app.model, row, theme)).length));
  return `You and the word list agree in ${same} of ${some(rows.length * themes.length, "judgement")}`;
}

/** Take over the answers that a file holds, but for what is not of these texts. */
export function openAnswers({ model, kept }, { guesses = {}, codes = {}, revealed = {}, compared, round, quiz }) {
  const ids = new Set(model.sentences.map(({ row }) => model.idOf(row))), known = themes => [themes].flat().filter(theme => model.themes.includes(theme));
  for (const theme of known(Object.keys(guesses))) if (Array.isArray(guesses[theme]) && guesses[theme].every(id => model.byId.has(id))) kept.guesses[theme] = guesses[theme];
  kept.codes = Object.fromEntries(Object.entries(codes).filter(([id]) => ids.has(id)).map(([id, themes]) => [id, known(themes)]));
  Object.assign(kept, { revealed: { ...revealed }, compared: Boolean(compared), round: Number(round) || 0, quiz: [0, 1].map(i => ({ ...quiz?.[i] })) });
}

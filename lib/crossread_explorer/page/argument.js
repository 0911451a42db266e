// The first page: the finding as a headline, the texts as strips, the senses as a matrix, the claims.
import { are, bar, capital, choose, dek, html, listed, note, ofAll, owned, part, percent, piece, press, pressed, range, ring,
  saves, several, some, spelled, swatch, table, total, whole, wide } from "./dom.js";
import { themeOf } from "./model.js";
import { claimCounted, claimLine, overWaysSaid } from "./claims.js";
import { asks } from "./pane.js";
import { stripsMarkup } from "./strips.js";

const WIDE = 9, OPEN = 5; // documents that fit side by side in the matrix; on a phone, where their names then stay in view
const CHANCE = 0.2; // a silence that still allows more than this says little

export function argument(app) {
  const { model, state } = app, key = theme => press(`theme ${theme}`, [swatch(model, theme), model.label(theme)],
    `key x t${model.mark(theme)}`, pressed(state.theme === theme));
  return html`<header class="head">${headline(app)}<div class="early"><h2>Ask the texts</h2>${asks(app)}</div></header>
    ${part("The texts, sentence by sentence", stripsTitle(app), html`${
      note("Each theme has a lane of its own. Press or drag over sentences to read what is there.")}${stripsMarkup(app)}${saves({ picture: "strips" })}`,
    html`<div class="keys${state.theme && " some"}" role="group" aria-label="Show one theme">${model.themes.map(key)}</div>`)}
    ${part("In what sense", matrixTitle(app), html`${note(`Sentences of each text that speak of a theme, and their share; a sentence can carry
      several senses. The thin line is what further text of the same kind might show (95 per cent limits).`)}
      <ul class="legend"><li>${ring(false)} silent</li><li>${ring(true)} silent, but the text is so short that more than ${
      percent(CHANCE)} of further sentences could still speak of it</li></ul>
      ${model.documents.length <= WIDE ? matrix(app) : turnedMatrix(app)}${saves({ table: "senses" })}`)}
    ${model.claims.length > 0 && claimsPart(app)}
    ${model.data.remarks.length > 0 && part("Not in this page", "What could not be computed", model.data.remarks.map(one => note(one)))}`;
}

/** Choose what stands over all: of what all texts speak, what stands in a single one, and what a single one lacks. */
function findings(app) {
  const { model, counted } = app, { themes, claims } = model, n = model.documents.length, used = new Set(), silent = key => model.silent(counted, key);
  // the most sentences first; senses say more than themes, and a theme that is not spoken of yet more than one that is
  const sentences = key => total(counted.cells.get(key).map(cell => cell.sentences)), choose = (keys, quiet) => {
    const [found] = keys.filter(key => silent(key).length === quiet)
      .sort((a, b) => used.has(themeOf(a)) - used.has(themeOf(b)) || sentences(b) - sentences(a));
    if (found) used.add(themeOf(found));
    return found;
  };
  const all = n > 1 && (choose(model.senses, 0) ?? choose(themes, 0)), alone = n > 2 && choose([...model.senses, ...themes], n - 1);
  // a silence that the study claims, and that is so, is told before others
  const claimed = n > 2 && claims.find(({ asked_direction: direction, asked_theme: theme, asked_documents: [text], recounted }) =>
    direction === "absent" && recounted && silent(theme).length === 1 && silent(theme)[0].doc_id === text);
  return { all, alone, claimed, lacks: n > 2 && !claimed && (choose(themes, 1) ?? choose(model.senses, 1)) };
}

function headline(app) {
  const { model, counted } = app, { documents: texts, themes } = model, n = texts.length, { all, alone, claimed, lacks } = findings(app);
  const lead = (key, action, said = model.inside(key)) => html`<a class="t${model.mark(key)}"
    href="#ask=${encodeURIComponent(action)}" data-do="ask ${action}">${said}</a>`;
  const [quiet] = lacks ? model.silent(counted, lacks) : [], only = alone && texts.find(text => !model.silent(counted, alone).includes(text));
  const said = [all && html`${n > 12 ? `All ${whole(n)}` : n === 2 ? "Both" : `All ${spelled(n)}`} speak of ${lead(all, all)}.`,
    only && html`The word list finds ${lead(alone, `${alone}/${only.doc_id}`)} only in ${only.short}.`,
    claimed && html`${lead(claimed.asked_theme, `claim/${claimed.claim}`, claimed.text)}.`,
    quiet && html`The word list finds nothing on ${lead(lacks, `${lacks}/${quiet.doc_id}`)} in ${quiet.short}.`].filter(Boolean);
  if (!said.length) said.push(`${capital(several(n, "text"))}, ${several(themes.length, "theme")}.`);
  return html`<h1>${said.map(one => html`<span>${one} </span>`)}</h1>${textsSaid(texts)}`;
}

function textsSaid(texts) {
  const n = texts.length, years = texts.map(text => text.year).filter(Boolean).sort(), genres = texts.map(text => text.genre).filter(Boolean);
  return dek(n <= 8 && genres.length === n
    ? capital(listed(genres.map(genre => `${/^[aeiou]/i.test(genre) ? "an" : "a"} ${genre}`), "and", 8)) : capital(several(n, "text")),
  years.length > 0 && `, ${years[0] === years.at(-1) ? years[0] : `${years[0]} to ${years.at(-1)}`}`,
  html`: <b>${some(total(texts.map(text => text.body.length)), "sentence")}</b>.`);
}

function stripsTitle({ model, counted }) {
  const found = model.themes.flatMap(theme => model.documents.flatMap(text => {
    const sections = text.sections.filter(one => one.title), own = sections.length ? model.rowsWith(counted, theme, text.number) : [], n = own.length;
    return sections.map(({ title, rows }) => {
      const here = own.filter(row => rows.includes(row)).length, over = here - (n * rows.length) / text.body.length;
      return { n, here, over, said: `${whole(here)} of ${owned(text.short)} ${whole(n)} sentences on ${model.inside(theme)} stand in “${title}”` };
    });
  })).filter(({ n, here, over }) => n >= 8 && here > n / 2 && 3 * over > here);
  return found.sort((a, b) => b.over - a.over)[0]?.said ?? "Where each theme stands";
}

function matrixTitle({ model, counted }) {
  const { themes, senses, documents } = model, keys = senses.length ? senses : themes;
  const [alone, all] = [documents.length - 1, 0].map(quiet => keys.filter(key => model.silent(counted, key).length === quiet).length)
    .map(n => `${n ? spelled(n) : "none"} ${are(n || 1)}`);
  return documents.length < 2 ? "What the text speaks of"
    : `Of ${several(keys.length, senses.length ? "sense" : "theme")} ${alone} counted in one text alone, ${all} in every text`;
}

const scaleOf = ({ counted }, keys) =>
  Math.min(1, 1.15 * Math.max(0.01, ...keys.flatMap(key => counted.cells.get(key).map(cell => cell.share))));

function cell(app, key, text, most) {
  const { model, counted } = app, n = text.body.length, { sentences: found, share } = counted.cells.get(key)[text.number];
  const limits = model.limits(counted, key, text.number);
  const said = `${model.label(key)} in ${text.label}: ${found ? `${ofAll(found, n)}, ${percent(share)}; further text ${range(limits)}`
    : `silent, none of ${some(n, "sentence")}; the silence allows up to ${percent(limits[1])}`}`;
  return press(`ask ${key}/${text.doc_id}`, html`<span class="n">${found || ring(limits[1] > CHANCE)}</span><span class="p">${found ? percent(share) : ""}</span>
    ${bar(found > 0 && piece(`m t${model.mark(key)}`, 0, share, most), piece(`reach${found ? "" : " dotted"}`, ...limits, most))}`,
  found ? "cell" : "cell zero", html` title="${said}" aria-label="${said}" aria-pressed="false"`);
}

function matrix(app) {
  const { model, counted, state } = app, themes = state.theme ? [state.theme] : model.themes, texts = model.documents;
  const most = scaleOf(app, themes.flatMap(theme => [theme, ...model.sensesOf(theme)]));
  const heading = key => html`<th scope="row">${press(`ask ${key}`, html`${key === themeOf(key) && html`${swatch(model, key)}&nbsp; `}<span>${model.label(key)}</span>`, "", pressed(false))}</th>`;
  const rows = theme => {
    const senses = model.sensesOf(theme), x = `x t${model.mark(theme)}`, td = key => text => html`<td>${cell(app, key, text, most)}</td>`;
    const hole = text => senses.length > 1 && !counted.cells.get(theme)[text.number].sentences;
    const silence = text => html`<td class="hole" rowspan="${senses.length + 1}">${press(`ask ${theme}/${text.doc_id}`, html`<b>Silent</b>
      <span>in none of ${some(text.body.length, "sentence")}, ${some(text.n_tokens, "word")}</span>`, `void ${x}`, pressed(false))}</td>`;
    return html`<tbody><tr class="theme ${x}">${heading(theme)}${texts.map(text => (hole(text) ? silence(text) : td(theme)(text)))}</tr>${
      senses.map(key => html`<tr class="sense">${heading(key)}${texts.filter(text => !hole(text)).map(td(key))}</tr>`)}</tbody>`;
  };
  return wide("Senses by text", html`<table class="matrix" style="--columns:${texts.length}"><thead><tr><th scope="col"><span class="unseen">sense</span></th>${
    texts.map(text => html`<th scope="col"><b>${text.short}</b> <span>${
      [text.full ? "" : text.year, text.genre].filter(Boolean).join(", ")}</span></th>`)}</tr></thead>${themes.map(rows)}</table>`, texts.length <= OPEN ? "open" : "");
}

/** Many texts: a row each; columns of themes, or of the senses of the one theme that is shown. */
function turnedMatrix(app) {
  const { model, state } = app, keys = state.theme ? [state.theme, ...model.sensesOf(state.theme)] : model.themes, most = scaleOf(app, keys);
  return wide("Themes by text", table(["text", ...keys.map(key => press(`ask ${key}`, model.label(key), "", pressed(false)))],
    model.documents.map(text => [text.label, ...keys.map(key => cell(app, key, text, most))]), { kind: "matrix turned" }), "tall");
}

function claimsPart(app) {
  const { model, state, edited } = app, { claims } = model, count = test => claims.filter(test).length;
  const known = claims.some(claim => typeof claim.direction === "number"), exploratory = count(claim => claim.exploratory);
  const title = edited ? `${capital(spelled(count(claim => claimCounted(app, claim).holds)))} of ${several(claims.length, "claim")} hold on these pages with the edited list`
    : known ? overWaysSaid(claims, "of measuring") : capital(several(claims.length, "claim"));
  const shown = claims.filter(claim => !state.theme || themeOf(claim.asked_theme) === state.theme)
    .sort((a, b) => (b.direction ?? 0) - (a.direction ?? 0) || (b.support ?? 0) - (a.support ?? 0));
  return part("What can be claimed", title, html`<div class="three"><div><b>Counted</b>True of these pages, as the word lists count them. No limits, no verdict.</div>
    <div><b>Measured</b>What coders mark in these same pages, or would mark. The word lists err; coded sentences say by how much.</div>
    <div><b>General</b>What further text of the same kind would show. Limits and verdicts stand only here.</div></div>
    ${claims.every(claim => claim.claim.startsWith("draft-"))
    ? note("Nobody has written claims about these texts. These were found in the numbers by which they are then judged: they are drafts.")
    : exploratory > 0 && note(`${exploratory === claims.length ? "All of them" : capital(spelled(exploratory))} were written after their numbers were seen: they are exploratory.`)}
    <ol class="claims">${shown.map(claim => html`<li class="claim${!claimCounted(app, claim).holds && " fails"}">${
      claimLine(app, claim, known && !edited && claim)}</li>`)}</ol>${saves({ table: "claims" })}`);
}

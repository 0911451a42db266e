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

// --- what the page says first ---------------------------------------------------------------------------------------

/** Choose what stands over all: a sense in every text, one that is in a single text, one that a single text lacks. */
const findings = app => app.counted.findings ??= chooseFindings(app);

function chooseFindings({ model, counted }) {
  const senses = model.themes.flatMap(theme => model.sensesOf(theme)), keys = [...senses, ...model.themes], used = new Set();
  const at = key => counted.cells.get(key).map(cell => cell.sentences), n = model.documents.length;
  const silent = key => model.documents.filter((_, i) => !at(key)[i]);
  // the most sentences first; senses say more than themes, and a theme that is not spoken of yet more than one that is
  const choose = (of, quiet) => {
    const found = of.filter(key => n > 1 && silent(key).length === quiet)
      .sort((a, b) => used.has(themeOf(a)) - used.has(themeOf(b)) || total(at(b)) - total(at(a)))[0];
    if (found) used.add(themeOf(found));
    return found;
  };
  // a silence that the study claims, and that is so, is told before others
  const claimed = model.claims.find(({ asked_direction: direction, asked_theme: theme, asked_documents: [text], recounted }) =>
    direction === "absent" && recounted && silent(theme).length === 1 && silent(theme)[0].doc_id === text);
  const all = choose(senses, 0) ?? choose(model.themes, 0), alone = n > 2 ? choose(keys, n - 1) : undefined;
  const lacks = n > 2 ? claimed?.asked_theme ?? choose(model.themes, 1) ?? choose(keys, 1) : undefined;
  return { all, alone, lacks, claimed, silent, at, senses };
}

function headline(app) {
  const { model } = app, { all, alone, lacks, claimed, silent, at, senses } = findings(app), texts = model.documents, n = texts.length;
  const lead = (key, action, said = model.inside(key)) => html`<a class="t${model.mark(key)}"
    href="#ask=${encodeURIComponent(action)}" data-do="ask ${action}">${said}</a>`;
  const only = texts.find((_, i) => alone && at(alone)[i]), quiet = lacks && silent(lacks)[0];
  const said = [all && html`${n > 12 ? `All ${whole(n)}` : n === 2 ? "Both" : `All ${spelled(n)}`} speak of ${lead(all, all)}.`,
    only && html`The word list finds ${lead(alone, `${alone}/${only.doc_id}`)} only in ${only.short}.`,
    claimed ? lacks && html`${lead(lacks, `claim/${claimed.claim}`, claimed.text)}.`
      : lacks && html`The word list finds nothing on ${lead(lacks, `${lacks}/${quiet.doc_id}`)} in ${quiet.short}.`].filter(Boolean);
  if (!said.length) said.push(`${capital(several(n, "text"))}, ${several(model.themes.length, "theme")}.`);
  const years = texts.map(text => text.year).filter(Boolean).sort(), sentences = total(texts.map(text => text.body.length));
  const longest = [...texts].sort((a, b) => b.body.length - a.body.length)[0], genres = texts.map(text => text.genre).filter(Boolean);
  const everywhere = senses.filter(key => !silent(key).length).length;
  return html`<h1>${said.map(one => html`<span>${one} </span>`)}</h1>${dek(n <= 8 && genres.length === n
    ? capital(listed(genres.map(genre => `${/^[aeiou]/i.test(genre) ? "an" : "a"} ${genre}`), "and", 8)) : capital(several(n, "text")),
  years.length > 0 && `, ${years[0] === years.at(-1) ? years[0] : `${years[0]} to ${years.at(-1)}`}`, html`: <b>${some(sentences, "sentence")}</b>`,
  longest.body.length > sentences / 3 && n > 1 && `, ${whole(longest.body.length)} of them ${owned(longest.short)}`, ".",
  senses.length > 0 && ` Of ${spelled(senses.length)} senses of ${several(model.themes.length, "theme")}, ${
    everywhere ? `${spelled(everywhere)} ${are(everywhere)}` : "none is"} in every text.`)}`;
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

function matrixTitle(app) {
  const { model } = app, { at } = findings(app);
  const [alone] = model.themes.flatMap(theme => model.documents.map(text => {
    const senses = model.sensesOf(theme), n = senses.filter(key => at(key).every((found, i) => (i === text.number) === found > 0)).length;
    return { n, said: `${capital(spelled(n))} of ${spelled(senses.length)} senses of ${model.inside(theme)} ${are(n)} counted in ${text.short} alone` };
  })).filter(one => one.n && model.documents.length > 1).sort((a, b) => b.n - a.n);
  const quiet = text => model.themes.filter(theme => !at(theme)[text.number]), silent = model.documents.find(text => quiet(text).length);
  return alone?.said ?? (silent ? `${silent.short} is silent on ${listed(quiet(silent).map(theme => model.inside(theme)))}`
    : "Every text speaks of every theme");
}

// --- the matrix -----------------------------------------------------------------------------------------------------

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

// --- the claims -----------------------------------------------------------------------------------------------------

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

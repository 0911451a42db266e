// The first page: the finding as a headline, the texts as strips, the senses as a matrix, the claims.
import { capital, html, inside, listed, ofAll, owned, percent, range, ring, saves, soft, some, spelled, swatch, whole } from "./dom.js";
import { themeOf } from "./model.js";
import { claimCounted, claimFacts, claimLine, claimText } from "./claims.js";
import { asks } from "./pane.js";
import { stripsMarkup } from "./strips.js";
import { groupsPart } from "./groups.js";

const WIDE = 9, ROWS = 50; // documents that fit side by side in the matrix; rows that are drawn at once
const CHANCE = 0.2; // a silence that still allows more than this says little

export function argument(app) {
  const { model, state } = app;
  return [html`<header class="head">${headline(app)}<div class="early"><h2>Ask the texts</h2>${asks(app)}</div></header>`,
    html`<section class="part" aria-labelledby="h-texts"><div class="parthead"><h2 id="h-texts"><small>The texts, sentence by sentence</small>${stripsTitle(app)}</h2>
      <div class="keys${state.theme && " some"}" role="group" aria-label="Show one theme">${model.themes.map((theme, t) => html`<button type="button" class="key x${t % 8}"
        aria-pressed="${state.theme === theme}" data-do="theme ${theme}">${swatch(t)}${model.label(theme)}</button>`)}</div></div>
      <div class="parthead"><p class="note">Each theme has a lane of its own. Press or drag over sentences to read what is there.</p><div class="scale"></div></div>
      ${stripsMarkup(app)}${saves({ picture: "strips" })}</section>`,
    html`<section class="part" aria-labelledby="h-senses"><h2 id="h-senses"><small>In what sense</small>${matrixTitle(app)}</h2>
      <p class="note">Sentences of each text that speak of a theme, and their share; a sentence can carry several senses. The thin line is what further
        text of the same kind might show (95 per cent limits).</p>
      <ul class="legend"><li>${ring(false)} silent</li><li>${ring(true)} silent, but the text is so short that more than ${percent(CHANCE)} of further sentences could still speak of it</li></ul>
      ${model.documents.length <= WIDE ? matrix(app) : turnedMatrix(app)}${saves({ table: "senses" })}</section>`,
    groupsPart(app), model.claims.length ? claimsPart(app) : "", model.readings.length ? readingsPart(app) : "",
    model.data.remarks.length ? html`<section class="part"><h2><small>Not in this page</small>What could not be computed</h2>${model.data.remarks.map(remark => html`<p
      class="note">${remark}</p>`)}</section>` : ""];
}

// --- what the page says first ---------------------------------------------------------------------------------------

/** Choose what stands over all: a sense in every text, one that is in a single text, one that a single text lacks. */
const findings = app => app.counted.findings ??= chooseFindings(app);

function chooseFindings(app) {
  const { model, counted } = app, senses = model.themes.flatMap(theme => model.sensesOf(theme)), keys = [...senses, ...model.themes];
  const cells = new Map(keys.map(key => [key, counted.cells.get(key).map(cell => cell.sentences)])), at = key => cells.get(key);
  const total = key => at(key).reduce((a, b) => a + b, 0), silent = key => model.documents.filter((_, i) => !at(key)[i]), n = model.documents.length, used = new Set();
  // the most sentences first; senses say more than themes, and a theme that is not spoken of yet more than one that is
  const choose = (of, quiet) => {
    const found = of.filter(key => n > 1 && silent(key).length === quiet).sort((a, b) => used.has(themeOf(a)) - used.has(themeOf(b)) || total(b) - total(a))[0];
    if (found) used.add(themeOf(found));
    return found;
  };
  // a silence that the study claims is told before others
  const claimed = model.claims.find(claim => claim.asked_direction === "absent" && !claim.given && cells.has(claim.asked_theme) && silent(claim.asked_theme).length === 1);
  const all = choose(senses, 0) ?? choose(model.themes, 0);
  return { all, alone: n > 2 ? choose(keys, n - 1) : undefined, lacks: n > 2 ? claimed?.asked_theme ?? choose(model.themes, 1) ?? choose(keys, 1) : undefined, claimed, silent, at };
}

function headline(app) {
  const { model } = app, found = findings(app), n = model.documents.length;
  const button = (key, action) => html`<a class="u${model.themes.indexOf(themeOf(key)) % 8}" href="#ask=${encodeURIComponent(action)}" data-do="ask ${action}">${inside(model.label(key))}</a>`;
  const parts = [];
  if (found.all) parts.push(html`${n > 12 ? `All ${whole(n)}` : n === 2 ? "Both" : `All ${spelled(n)}`} speak of ${button(found.all, found.all)}.`);
  if (found.alone) {
    const only = model.documents.find((_, i) => found.at(found.alone)[i]);
    parts.push(html`Only ${only.short} speaks of ${button(found.alone, `${found.alone}/${only.doc_id}`)}.`);
  }
  if (found.lacks) {
    const silent = found.silent(found.lacks)[0];
    parts.push(found.claimed ? html`<a class="u${model.themes.indexOf(themeOf(found.lacks)) % 8}" href="#ask=${encodeURIComponent(`claim/${found.claimed.claim}`)}" data-do="ask claim/${found.claimed.claim}">${claimText(app, found.claimed)}</a>.`
      : html`${silent.short} never speaks of ${button(found.lacks, `${found.lacks}/${silent.doc_id}`)}.`);
  }
  if (!parts.length) parts.push(html`${capital(spelled(n))} texts, ${some(model.themes.length, "theme")}.`);
  const years = model.documents.map(document => document.year).filter(Boolean).sort(), sentences = model.documents.reduce((sum, one) => sum + one.body.length, 0);
  const longest = [...model.documents].sort((a, b) => b.body.length - a.body.length)[0];
  const genres = model.documents.map(document => document.genre).filter(Boolean), senses = model.themes.flatMap(theme => model.sensesOf(theme));
  const everywhere = senses.filter(key => !found.silent(key).length);
  return html`<h1>${parts.map(part => html`<span>${part} </span>`)}</h1><p class="dek">${n <= 8 && genres.length === n
    ? `${capital(listed(genres.map(genre => `${/^[aeiou]/i.test(genre) ? "an" : "a"} ${genre}`), "and", 8))}` : `${capital(spelled(n))} texts`}${
    years.length > 0 && `, ${years[0] === years.at(-1) ? years[0] : `${years[0]} to ${years.at(-1)}`}`}: <b>${some(sentences, "sentence")}</b>${
    longest.body.length > sentences / 3 && n > 1 && `, ${whole(longest.body.length)} of them ${owned(longest.short)}`}.${
    senses.length > 0 && ` Of ${spelled(senses.length)} senses of ${spelled(model.themes.length)} themes, ${everywhere.length
      ? `${spelled(everywhere.length)} ${everywhere.length === 1 ? "is" : "are"} in every text` : "none is in every text"}.`}</p>`;
}

function stripsTitle(app) {
  const { model, counted } = app;
  let best = null;
  for (const theme of model.themes) for (const document of model.documents.filter(one => one.titled)) {
    const rows = model.rowsWith(counted, theme, document.number);
    for (const section of document.sections) {
      const own = rows.filter(row => section.rows.includes(row)).length, expected = (rows.length * section.rows.length) / document.body.length;
      if (section.title && rows.length >= 8 && own > rows.length / 2 && own > 1.5 * expected && (!best || own - expected > best.over)) {
        best = { over: own - expected, text: `${whole(own)} of ${owned(document.short)} ${whole(rows.length)} sentences on ${inside(model.label(theme))} stand in “${section.title}”` };
      }
    }
  }
  return best?.text ?? "Where each theme stands";
}

function matrixTitle(app) {
  const { model } = app, found = findings(app);
  let best = null;
  for (const theme of model.themes) for (const document of model.documents) {
    const senses = model.sensesOf(theme), alone = senses.filter(key => found.at(key).every((n, i) => (i === document.number) === n > 0));
    if (alone.length && (!best || alone.length > best.n)) {
      best = { n: alone.length, text: `${capital(spelled(alone.length))} of ${spelled(senses.length)} senses of ${inside(model.label(theme))} ${alone.length === 1 ? "is" : "are"} in ${document.short} alone` };
    }
  }
  if (best) return best.text;
  const quiet = model.documents.map(document => [document, model.themes.filter(theme => !found.at(theme)[document.number])]).filter(([, themes]) => themes.length)[0];
  return quiet ? `${quiet[0].short} is silent on ${listed(quiet[1].map(theme => inside(model.label(theme))))}` : "Every text speaks of every theme";
}

// --- the matrix -----------------------------------------------------------------------------------------------------

function scaleOf(app, keys) {
  const { model, counted } = app;
  const most = Math.max(0.01, ...keys.flatMap(key => model.documents.map((document, i) => counted.cells.get(key)[i].sentences / Math.max(1, document.body.length))));
  return Math.min(1, most * 1.15);
}

function cell(app, key, document, most) {
  const { model, counted } = app, n = document.body.length, found = counted.cells.get(key)[document.number].sentences;
  const limits = model.limits(counted, key, document.number), share = found / Math.max(1, n), t = model.themes.indexOf(themeOf(key)) % 8;
  const at = value => `${Math.min(100, (100 * value) / most).toFixed(1)}%`;
  const said = found ? `${model.label(key)} in ${document.label}: ${ofAll(found, n)}, ${percent(share)}; further text ${range(limits)}`
    : `${model.label(key)} in ${document.label}: silent, none of ${some(n, "sentence")}; the silence allows up to ${percent(limits[1])}`;
  return html`<button type="button" class="cell${!found && " zero"}" data-do="ask ${key}/${document.doc_id}" data-tip="${said}" aria-label="${said}" aria-pressed="false">
    <span class="n">${found || ring(limits[1] > CHANCE)}</span><span class="p">${found ? percent(share) : ""}</span>
    <svg aria-hidden="true">${found > 0 && html`<rect class="m m${t}" x="0" y="2" height="6" width="${at(share)}"/>`}<line class="reach${!found && " dotted"}" x1="${at(limits[0])}"
      x2="${at(limits[1])}" y1="10.5" y2="10.5"/></svg></button>`;
}

function matrix(app) {
  const { model, counted, state } = app, themes = state.theme ? [state.theme] : model.themes;
  const most = scaleOf(app, themes.flatMap(theme => [theme, ...model.sensesOf(theme)]));
  const heading = (key, theme) => html`<th scope="row"><button type="button" data-do="ask ${key}" aria-pressed="false">${key === theme && swatch(model.themes.indexOf(theme))}<span>${soft(model.label(key))}</span></button></th>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="Senses by text"><table class="matrix" style="--columns:${model.documents.length}"><thead><tr><th scope="col"><span class="unseen">sense</span></th>${model.documents.map(document => html`<th scope="col"><b>${soft(document.short)}</b>
    <span>${soft([document.full ? "" : document.year, document.genre].filter(Boolean).join(", "))}</span></th>`)}</tr></thead>${themes.map(theme => {
    const senses = model.sensesOf(theme);
    const hole = document => senses.length > 1 && !counted.cells.get(theme)[document.number].sentences;
    return html`<tbody><tr class="theme x${model.themes.indexOf(theme) % 8}">${heading(theme, theme)}${model.documents.map(document => (hole(document)
      ? html`<td class="hole" rowspan="${senses.length + 1}"><button type="button" class="void x${model.themes.indexOf(theme) % 8}" data-do="ask ${theme}/${document.doc_id}" aria-pressed="false"><b>Silent</b>
        <span>in none of ${some(document.body.length, "sentence")}, ${some(document.n_tokens, "word")}</span></button></td>` : html`<td>${cell(app, theme, document, most)}</td>`))}</tr>
      ${senses.map(key => html`<tr class="sense">${heading(key, theme)}${model.documents.map(document => !hole(document) && html`<td>${cell(app, key, document, most)}</td>`)}</tr>`)}</tbody>`;
  })}</table></div>`;
}

/** Many texts: a row each, the first now; columns of themes, or of the senses of the one theme that is shown. */
function turnedMatrix(app) {
  const { model, state } = app, keys = state.theme ? [state.theme, ...model.sensesOf(state.theme)] : model.themes, most = scaleOf(app, keys);
  app.rowsFrom = from => model.documents.slice(from, from + ROWS).map(document => html`<tr class="sense"><th scope="row">${document.label}</th>${keys.map(key => html`<td>${cell(app, key, document, most)}</td>`)}</tr>`);
  const later = Array.from({ length: Math.ceil(model.documents.length / ROWS) - 1 }, (_, i) => html`<tbody data-from="${(i + 1) * ROWS}"></tbody>`);
  return html`<div class="wide tall" tabindex="0" role="region" aria-label="Themes by text"><table class="matrix turned" data-count="${app.counts}"><thead><tr><th scope="col">text</th>${keys.map(key => html`<th
    scope="col"><button type="button" data-do="ask ${key}" aria-pressed="false">${soft(model.label(key))}</button></th>`)}</tr></thead><tbody>${app.rowsFrom(0)}</tbody>${later}</table></div>`;
}

/** Draw the other rows, some at a time, so that the page stays quick. */
export function drawRows(app) {
  const body = app.root.querySelector("tbody[data-from]");
  if (!body) return app.mark();
  body.innerHTML = app.rowsFrom(Number(body.dataset.from)).join("");
  delete body.dataset.from;
  setTimeout(() => drawRows(app), 30);
}

// --- the claims -----------------------------------------------------------------------------------------------------

function claimsPart(app) {
  const { model, state, edited } = app;
  const known = model.claims.some(claim => typeof claim.direction === "number");
  const shown = model.claims.filter(claim => !state.theme || themeOf(claim.asked_theme) === state.theme)
    .sort((a, b) => (b.direction ?? 0) - (a.direction ?? 0) || (b.support ?? 0) - (a.support ?? 0));
  const drafts = model.claims.every(claim => claim.claim.startsWith("draft-"));
  const exploratory = model.claims.filter(claim => claim.exploratory).length;
  const supported = model.claims.filter(claim => claim.verdict === "supported").length, always = model.claims.filter(claim => claim.direction > 0.9995).length;
  const title = edited ? `${capital(spelled(model.claims.filter(claim => claimCounted(app, claim).holds).length))} of ${spelled(model.claims.length)} claims hold on these pages with the edited list`
    : known ? `${capital(spelled(always))} of ${spelled(model.claims.length)} claims ${always === 1 ? "points" : "point"} one way however measured; ${supported ? `${spelled(supported)} ${supported === 1 ? "is" : "are"}` : "none is"} supported`
      : `${capital(spelled(model.claims.length))} claims; ${supported ? `${spelled(supported)} ${supported === 1 ? "is" : "are"}` : "none is"} supported in general`;
  return html`<section class="part" aria-labelledby="h-claims"><h2 id="h-claims"><small>What can be claimed</small>${title}</h2>
    <div class="three"><div><b>Counted</b>True of these pages, as the word lists count them. No limits, no verdict.</div><div><b>Measured</b>What a reader would mark
      in these same pages. The word lists err; coded sentences say by how much.</div><div><b>General</b>What further text of the same kind would show. Limits and verdicts stand only here.</div></div>
    ${drafts ? html`<p class="note">Nobody has written claims about these texts. These were found in the numbers by which they are then judged: they are drafts.</p>`
      : exploratory > 0 && html`<p class="note">${exploratory === model.claims.length ? "All of them" : capital(spelled(exploratory))} were written after their numbers were seen: they are exploratory.</p>`}
    <ol class="claims">${shown.map(claim => html`<li class="claim${!claimCounted(app, claim).holds && " fails"}"><button type="button" data-do="ask claim/${claim.claim}" aria-pressed="false">${swatch(model.themes.indexOf(themeOf(claim.asked_theme)))}
      ${claimLine(app, claim, known && !edited && claim)}</button>
      <dl class="facts">${claimFacts(app, claim).map(([name, said]) => html`<div><dt>${name}</dt><dd>${said}</dd></div>`)}</dl></li>`)}</ol>${saves({ table: "claims" })}</section>`;
}

/** What somebody who read the texts says of them, bound to counts. */
function readingsPart(app) {
  const { model } = app;
  return html`<section class="part" aria-labelledby="h-readings"><h2 id="h-readings"><small>What a reader finds</small>Written by hand, with numbers from the counts</h2><ol class="readings">${model.readings.map(one => html`<li><button
    type="button" data-do="ask reading/${one.reading}" aria-pressed="false"><b>${one.title}</b></button><p>${one.text}</p>${one.stale && html`<p class="remark">No longer true of the counts: ${one.stale}.</p>`}</li>`)}</ol></section>`;
}

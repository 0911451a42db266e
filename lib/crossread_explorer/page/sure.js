// How sure: each claim in every defensible way of measuring; choices can be taken out, and the shares move.
import { capital, html, percent, saves, some, spelled, swatch } from "./dom.js";
import { themeOf } from "./model.js";
import { claimLine, claimText } from "./claims.js";
import { colours, draw, holder } from "./charts.js";

/** Tell by what a choice is brushed: the family of a lexicon, for its entries are many, else the option itself. */
const brush = (ways, c, option) => (c === 1 ? ways.families[c][option] : ways.options[c][option]);

/** Return what can be brushed, and of each claim the ways of measuring that are left, with direction and support over them. */
export function overWays({ model, state }) {
  const all = model.data.ways?.claims ?? {}, out = new Set(state.without), choices = model.data.ways?.choices ?? [];
  const claims = new Map(Object.entries(all).map(([claim, ways]) => {
    const left = ways.rows.map(row => row.every((option, c) => !out.has(`${choices[c]}/${brush(ways, c, option)}`)));
    return [claim, { ...ways, left, ...shares(ways, weigh(ways, left)) }];
  }));
  const options = choices.map((_, c) => [...new Set(Object.values(all).flatMap(ways => ways.options[c].map((_one, i) => brush(ways, c, i))))]);
  return { choices, options, out, claims };
}

/** Weigh the ways that are left so that each family of a choice weighs the same, however many members it has. */
function weigh(ways, left) {
  const weights = left.map(Number);
  ways.families.forEach((families, c) => {
    const members = new Map();
    ways.rows.forEach((row, i) => { if (left[i]) { const family = families[row[c]]; members.set(family, (members.get(family) ?? new Set()).add(row[c])); } });
    ways.rows.forEach((row, i) => { if (left[i]) weights[i] /= members.size * members.get(families[row[c]]).size; });
  });
  return weights;
}

function shares(ways, weights) {
  const total = weights.reduce((a, b) => a + b, 0), over = flags => (total ? weights.reduce((sum, w, i) => sum + (flags[i] === "1" ? w : 0), 0) / total : NaN);
  return { n: weights.filter(Boolean).length, direction: over(ways.agrees), support: over(ways.holds) };
}

export function sureView(app) {
  const { model } = app, over = overWays(app), known = over.claims.size > 0;
  if (!model.claims.length) return html`<header class="head slim"><h1>How sure are we?</h1><p class="remark">Nobody has made claims about these texts.</p></header>`;
  const own = claim => over.claims.get(claim.claim), many = (n, rest) => `${n ? capital(spelled(n)) : "None"} of ${spelled(model.claims.length)} ${model.claims.length === 1 ? "claim" : "claims"} ${n > 1 ? "are" : "is"} ${rest}`;
  const always = model.claims.filter(claim => own(claim)?.direction > 0.9995).length, supported = model.claims.filter(claim => own(claim)?.support >= 0.5).length;
  const choice = (c, option) => html`<button type="button" class="choice" aria-pressed="${!over.out.has(`${over.choices[c]}/${option}`)}" data-do="way ${over.choices[c]}/${option}">${option}</button>`;
  return html`<header class="head slim"><h1>${known ? `${many(always, "so in every way of measuring")}; ${supported ? spelled(supported) : "none"} ${supported > 1 ? "are" : "is"} supported in half of them` : "How sure are we?"}</h1>
    <p class="dek">A claim can be measured in many ways that could each be defended. <b>Direction</b>: in which share of them the number points as the claim says. <b>Support</b>: in which share it is also supported beyond these pages. Take choices out, and see both move.</p>
    ${app.edited && html`<p class="remark">These are the ways of measuring with the lists as they came: your edits do not change them.</p>`}</header>
    ${known && html`<section class="part" aria-labelledby="h-ways"><h2 id="h-ways"><small>Choices</small>What may count, and how</h2>${over.choices.map((name, c) => html`<fieldset class="choices"><legend>${capital(name)}</legend>${over.options[c].map(option => choice(c, option))}</fieldset>`)}
      ${app.state.without.length > 0 && html`<p class="tools"><button type="button" class="link" data-do="ways">Take all choices back in</button></p>`}
      <p class="note">Families of choices weigh the same: leaving out one entry in turn is one family, segments of any length are one.</p></section>`}
    <section class="part" aria-labelledby="h-how"><h2 id="h-how"><small>Claims</small>Direction and support</h2><ol class="claims">${model.claims.map(claim => html`<li class="claim"><button type="button" data-do="claim ${claim.claim}" aria-pressed="${chosen(app) === claim}">${swatch(model.themes.indexOf(themeOf(claim.asked_theme)))}${claimLine(app, claim, own(claim))}</button></li>`)}</ol></section>
    ${own(chosen(app)) && html`<section class="part" aria-labelledby="h-curve"><h2 id="h-curve"><small>Every way by itself</small>${curveTitle(app, own(chosen(app)))}</h2>${holder("ways", curveTitle(app, own(chosen(app))))}<p class="note">Each dot is a way of measuring, in order of what it finds, as a multiple of the theme’s value in all texts. Filled: supported. Pale: taken out above.</p>${saves({ picture: "ways" })}</section>`}`;
}

const chosen = app => app.model.claims.find(claim => claim.claim === app.state.claim) ?? app.model.claims[0];

function curveTitle(app, own) {
  return own.n ? `${claimText(app, chosen(app))}: so in ${percent(own.direction)} of ${some(own.n, "way")}` : "All ways of measuring are taken out";
}

export function drawWays(app) {
  const place = app.root.querySelector('[data-chart="ways"]'), ways = place && overWays(app).claims.get(chosen(app).claim);
  if (!ways) return;
  const c = colours(app), { choices } = app.model.data.ways;
  const values = ways.rows.map((row, i) => ({
    value: ways.relative[i], sure: ways.holds[i] === "1", out: !ways.left[i],
    said: `${ways.relative[i] === null ? "no value" : `${percent(ways.relative[i]).replace("%", " per cent of the theme’s value")}`}, ${ways.holds[i] === "1" ? "supported" : "not supported"}\n${choices.map((name, k) => `${name}: ${ways.options[k][row[k]]}`).join("\n")}`,
  })).filter(row => row.value !== null).sort((a, b) => a.value - b.value).map((row, order) => ({ ...row, order }));
  draw(app, place, {
    data: { values }, width: Math.max(220, place.clientWidth - 70), height: 190, layer: [
      { data: { values: [{}] }, mark: { type: "rule", color: c.ink }, encoding: { y: { datum: 0 } } },
      { mark: { type: "point", size: 26 }, encoding: {
        x: { field: "order", type: "quantitative", axis: { title: "ways of measuring, the lowest first", labels: false, ticks: false, grid: false }, scale: { nice: false } },
        y: { field: "value", type: "quantitative", axis: { title: "difference / theme’s value", tickCount: 5 } },
        color: { condition: { test: "datum.out", value: c.track }, value: c.c1 }, fill: { condition: { test: "datum.sure && !datum.out", value: c.c1 }, value: "transparent" }, tooltip: { field: "said" } } }],
  });
}

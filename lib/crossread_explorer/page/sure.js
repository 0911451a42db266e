// How sure: each claim in every defensible way of measuring; choices can be taken out, and the shares move.
import { capital, html, listed, percent, some, spelled, whole } from "./dom.js";
import { bar } from "./argument.js";
import { claimCounted, claimText, generalText } from "./claims.js";
import { colours, draw, holder } from "./charts.js";

/** Return the ways of measuring that are left, and direction and support of each claim over them. */
export function overWays(app) {
  const { model, state } = app, ways = model.data.ways;
  if (!ways) return null;
  const out = new Set(state.without), left = ways.options.map((options, c) => options.map(option => !out.has(`${ways.choices[c]}/${option}`)));
  const weights = ways.rows.map(row => (row.every((option, c) => left[c][option]) ? 1 : 0));
  // a family of options weighs the same, however many members it has
  ways.families?.forEach(({ choice, family }) => {
    const size = new Map();
    ways.rows.forEach((row, i) => { if (weights[i]) { const f = family[row[choice]]; size.set(f, (size.get(f) || new Set()).add(row[choice])); } });
    ways.rows.forEach((row, i) => { if (weights[i]) weights[i] /= size.get(family[row[choice]]).size; });
  });
  const total = weights.reduce((a, b) => a + b, 0);
  const share = flags => (total ? weights.reduce((sum, w, i) => sum + (flags[i] ? w : 0), 0) / total : NaN);
  return { n: weights.filter(Boolean).length, left, weights, claims: new Map(model.claims.map((claim, i) => [claim.claim, ways.agrees[i] && { direction: share(ways.agrees[i]), support: share(ways.holds[i]) }])) };
}

export function sureView(app) {
  const { model, state } = app, over = overWays(app), ways = model.data.ways;
  const own = claim => over?.claims.get(claim.claim) ?? (typeof claim.direction === "number" ? claim : null);
  const always = model.claims.filter(claim => own(claim)?.direction >= 0.9995).length, supported = model.claims.filter(claim => own(claim)?.support >= 0.5).length;
  if (!model.claims.length) return html`<header class="head slim"><h1>How sure are we?</h1><p class="remark">Nobody has made claims about these texts.</p></header>`;
  return html`<header class="head slim"><h1>${ways ? `${capital(spelled(always))} of ${spelled(model.claims.length)} claims point one way in every way of measuring; ${supported ? spelled(supported) : "none"} ${supported === 1 ? "is" : "are"} supported in half of them`.replace("none are", "none is") : "How sure are we?"}</h1>
    <p class="dek">A claim can be measured in many ways that could each be defended. <b>Direction</b>: in which share of them the number points as the claim says. <b>Support</b>: in which share it is also supported beyond these pages. Take choices out, and see both move.</p></header>
    ${ways && html`<section class="part" aria-labelledby="h-ways"><h2 id="h-ways"><small>Choices</small>${whole(over.n)} of ${whole(ways.rows.length)} ways of measuring</h2>${ways.choices.map((choice, c) => html`<fieldset class="choices"><legend>${capital(choice)}</legend>${(ways.options[c].length > 12 ? ways.options[c].slice(0, 12) : ways.options[c]).map((option, o) => html`<button
      type="button" class="choice" aria-pressed="${over.left[c][o]}" data-do="way ${choice}/${option}">${option}</button>`)}${ways.options[c].length > 12 && html`<span class="soft">and ${ways.options[c].length - 12} more</span>`}</fieldset>`)}
      ${state.without.length > 0 && html`<p class="tools"><button type="button" class="link" data-do="ways">Take all choices back in</button></p>`}</section>`}
    <section class="part" aria-labelledby="h-how"><h2 id="h-how"><small>Claims</small>Direction and support</h2><ol class="claims">${model.claims.map(claim => html`<li class="claim"><button type="button" data-do="claim ${claim.claim}" aria-pressed="${(state.claim ?? model.claims[0].claim) === claim.claim}"><span></span>
      <span class="said">${claimText(app, claim)}<small>${!claimCounted(app, claim).holds && "Not on these pages: "}${claimCounted(app, claim).text}. In general: ${generalText(app, claim)}.</small></span>
      ${own(claim) && html`${bar("direction", own(claim).direction)}${bar("support", own(claim).support)}`}</button></li>`)}</ol></section>
    ${ways && html`<section class="part" aria-labelledby="h-curve"><h2 id="h-curve"><small>Every way by itself</small>${curveTitle(app)}</h2>${holder("ways", curveTitle(app))}<p class="note">Each dot is a way of measuring, in order of what it finds, as a multiple of the theme’s value in all texts. Filled: supported. Grey: taken out above.</p>
      <p class="tools"><button type="button" class="link" data-do="picture svg ways">Save as SVG</button><button type="button" class="link" data-do="picture png ways">PNG</button></p></section>`}`;
}

const chosen = app => app.model.claims.findIndex(claim => claim.claim === (app.state.claim ?? app.model.claims[0].claim));

function curveTitle(app) {
  const claim = app.model.claims[chosen(app)], ways = app.model.data.ways, i = chosen(app);
  const points = ways.agrees[i].filter(Boolean).length;
  return `${claimText(app, claim)}: so in ${whole(points)} of ${some(ways.rows.length, "way")}`;
}

export function drawWays(app) {
  const place = app.root.querySelector('[data-chart="ways"]'), over = overWays(app);
  if (!place || !over) return;
  const ways = app.model.data.ways, i = chosen(app), c = colours(app);
  const values = ways.rows.map((row, w) => ({
    value: ways.relative[i][w], sure: ways.holds[i][w] ? "supported" : "not supported", out: !over.weights[w],
    said: `${percent(ways.relative[i][w]).replace("%", " per cent of the theme’s value").replace("–", "no value")}\n${ways.choices.map((choice, k) => `${choice}: ${ways.options[k][row[k]]}`).join("\n")}`,
  })).filter(row => row.value !== null).sort((a, b) => a.value - b.value).map((row, order) => ({ ...row, order }));
  draw(app, place, {
    data: { values }, width: Math.max(260, place.clientWidth - 70), height: 190, layer: [
      { data: { values: [{}] }, mark: { type: "rule", color: c.ink }, encoding: { y: { datum: 0 } } },
      { mark: { type: "point", size: 26 }, encoding: {
        x: { field: "order", type: "quantitative", axis: { title: `ways of measuring, ${listed(["lowest first"])}`, labels: false, ticks: false, grid: false }, scale: { nice: false } },
        y: { field: "value", type: "quantitative", axis: { title: "difference / theme’s value", tickCount: 5 } },
        color: { condition: { test: "datum.out", value: c.track }, value: c.c1 }, fill: { condition: { test: "datum.sure === 'supported' && !datum.out", value: c.c1 }, value: "transparent" }, tooltip: { field: "said" } } }],
  });
}

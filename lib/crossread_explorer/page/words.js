// Words of two texts, or of one against the rest: a scatter with limits on hover, and a two-sided list beside it.
import { chooseText, decimal, html, listed, named, range, saves, spelled } from "./dom.js";
import { rowsOf } from "./model.js";
import { colours, draw, holder } from "./charts.js";

const LISTED = 14, NAMED = 16;

/** Return the words of a comparison with both rates; compared the other way round, signs are turned. */
export function comparison(app) {
  const { model, state } = app, [target, reference] = state.pair ?? [firstCompared(model), null];
  const id = number => (number === null ? null : model.documents[number].doc_id);
  const straight = model.data.words.find(one => one.target === id(target) && one.reference === id(reference));
  const turned = !straight && model.data.words.find(one => one.target === id(reference) && one.reference === id(target));
  const tokens = number => (number === null ? model.documents.reduce((sum, one, i) => sum + (i === target ? 0 : one.n_tokens), 0) : model.documents[number].n_tokens);
  if (!straight && !turned) return { target, reference, rows: null };
  const { target: _t, reference: _r, ...columns } = straight || turned;
  const rows = rowsOf(columns).map(row => {
    const [a, b] = straight ? [row.count, row.reference_count] : [row.reference_count, row.count];
    const turn = straight ? [row.log_ratio, row.low, row.high] : [-row.log_ratio, -row.high, -row.low];
    return { term: row.term, a, b, rateA: (1000 * a) / tokens(target), rateB: (1000 * b) / tokens(reference), ratio: turn[0], low: turn[1], high: turn[2], verdict: row.verdict };
  });
  return { target, reference, rows };
}

/** The text that differs in most words from the others is shown first. */
function firstCompared(model) {
  const sure = one => one.verdict.filter(verdict => verdict === "supported").length;
  const most = model.data.words.filter(one => one.reference === null).sort((a, b) => sure(b) - sure(a))[0] ?? model.data.words[0];
  return model.documents.findIndex(document => document.doc_id === most.target);
}

export function wordsView(app) {
  const { model } = app;
  if (!model.data.words.length) {
    return html`<header class="head slim"><h1>Words that differ</h1><p class="remark">${model.documents.length < 2 ? "One text has nothing to be compared with."
      : `Words are compared in corpora of up to forty texts. For these ${model.documents.length}: study.keyness(TARGET) in a notebook.`}</p></header>`;
  }
  const { target, reference, rows } = comparison(app), a = model.documents[target].short, b = reference === null ? "the others" : model.documents[reference].short;
  const controls = html`<p class="controls">${chooseText(model, { name: "target", said: "Words of", chosen: target })} against ${
    chooseText(model, { name: "reference", said: "Against", chosen: reference, none: "all others together" })}</p>`;
  if (!rows) return html`<header class="head slim"><h1>Words that differ</h1>${controls}<p class="remark">This pair was not compared: with so many texts each is compared with all others together.</p></header>`;
  const supported = rows.filter(row => row.verdict === "supported"), more = supported.filter(row => row.ratio > 0).map(row => row.term), less = supported.filter(row => row.ratio < 0).map(row => row.term);
  const quoted = terms => listed(terms.slice(0, 4).map(term => `“${named(term)}”`));
  const title = supported.length ? [more.length && `${a} uses more ${quoted(more)}`, less.length && `${more.length ? "" : `${a} uses `}less ${quoted(less)}`].filter(Boolean).join("; ")
    : `No word sets ${a} apart from ${b} beyond chance`;
  const most = Math.max(1, ...rows.map(row => Math.abs(row.ratio)));
  const common = new Set(model.data.function_words);
  const side = (sign, name) => html`<div><h3>${name}</h3><ol class="sides">${rows.filter(row => sign * row.ratio > 0 && (row.verdict === "supported" || !common.has(row.term))).sort((x, y) => (y.verdict === "supported") - (x.verdict === "supported") || Math.abs(y.ratio) - Math.abs(x.ratio)).slice(0, LISTED)
    .map(row => html`<li class="${row.verdict === "supported" ? "sure" : "unsure"}"><button type="button" class="link" data-do="find ${row.term}">${named(row.term)}</button><span>${row.a} : ${row.b}</span><i style="width:${((100 * Math.abs(row.ratio)) / most).toFixed(0)}%"></i></li>`)}</ol></div>`;
  return html`<header class="head slim"><h1>${title}</h1><p class="dek">Of ${rows.length} words that occur five times or more, ${supported.length < 2 ? `${supported.length ? "one" : "none"} differs` : `${spelled(supported.length)} differ`} beyond chance when whole passages are dealt anew. The grey ones cannot be told apart.</p>${controls}</header>
    <div class="beside"><section class="part" aria-label="Scatter of words">${holder("words", `Scatter of words: rate in ${a} against rate in ${b}. ${title}. The list beside it has the same words.`)}
    <p class="note">Each dot is a word: across, its rate in ${b}; up, in ${a}; both per 1,000 words. Point at a word for its limits, press it for its contexts.</p>${saves({ picture: "words", table: "words" })}</section>
    <section class="part"><h2 class="unseen">The words as lists</h2><div class="twosided">${side(1, `More in ${a}`)}${side(-1, `More in ${b}`)}</div><p class="note">Uses in ${a} : in ${b}. Bars: how many times more often (doublings). Strong bars are supported, pale ones are not; of these, function words are left out here.</p></section></div>`;
}

export function drawWords(app) {
  const place = app.root.querySelector('[data-chart="words"]');
  if (!place) return;
  const { target, reference, rows } = comparison(app), c = colours(app), floor = 0.5;
  const name = number => (number === null ? "the others" : app.model.documents[number].short);
  const smallest = Math.min(...rows.flatMap(row => [row.rateA, row.rateB]).filter(Boolean)) * floor;
  const marked = new Set([...rows].filter(row => row.verdict === "supported").concat([...rows].sort((x, y) => y.rateA + y.rateB - x.rateA - x.rateB).slice(0, 6)).slice(0, NAMED).map(row => row.term));
  const values = rows.map((row, i) => ({
    term: row.term, up: Math.max(row.rateA, smallest) * (row.rateA ? 1 : 1 + (i % 5) / 12), across: Math.max(row.rateB, smallest) * (row.rateB ? 1 : 1 + (i % 5) / 12),
    sure: row.verdict === "supported" ? "beyond chance" : "not distinguishable", named: marked.has(row.term) ? named(row.term) : "",
    said: `${named(row.term)}\n${name(target)} ${row.a} (${decimal(row.rateA)} per 1,000 words), ${name(reference)} ${row.b} (${decimal(row.rateB)})\n${decimal(row.ratio)} doublings, limits ${range([row.low, row.high], decimal)}: ${row.verdict}`,
  }));
  const scale = { type: "log", nice: false, domain: [smallest * 0.8, Math.max(...rows.flatMap(row => [row.rateA, row.rateB])) * 1.5] };
  const axis = title => ({ title, grid: false, values: [0.1, 0.3, 1, 3, 10, 30, 100], format: "~g" });
  const size = Math.max(260, Math.min(place.clientWidth - 60, 640));
  const xy = { x: { field: "across", type: "quantitative", scale, axis: axis(`per 1,000 words of ${name(reference)}`) }, y: { field: "up", type: "quantitative", scale, axis: axis(`per 1,000 words of ${name(target)}`) } };
  draw(app, place, {
    data: { values }, width: size, height: size * 0.86,
    layer: [
      { data: { values: [{ v: scale.domain[0] }, { v: scale.domain[1] }] }, mark: { type: "line", color: c.rule }, encoding: { x: { field: "v", type: "quantitative", scale }, y: { field: "v", type: "quantitative", scale } } },
      { mark: { type: "point", filled: true, cursor: "pointer" }, encoding: { ...xy, color: { condition: { test: "datum.sure === 'beyond chance'", value: c.c1 }, value: c.faint },
        shape: { condition: { test: "datum.sure === 'beyond chance'", value: "diamond" }, value: "circle" }, size: { condition: { test: "datum.sure === 'beyond chance'", value: 90 }, value: 34 },
        opacity: { condition: { test: "datum.sure === 'beyond chance'", value: 1 }, value: 0.55 }, tooltip: { field: "said" } } },
      { transform: [{ filter: "datum.named" }], mark: { type: "text", align: "left", dx: 7, dy: -5, cursor: "pointer" }, encoding: { ...xy, text: { field: "named" }, tooltip: { field: "said" } } },
    ],
  }, datum => datum.term && app.find(datum.term));
}

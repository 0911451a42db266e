// Words of two texts, or of one against the rest: a scatter with limits on hover, and a two-sided list beside it.
import { bar, choose, decimal, dek, head, html, listed, note, piece, press, range, remark, saves, spelled, total } from "./dom.js";
import { apart, colours, draw, holder, plotted } from "./charts.js";
import { pairOf } from "./address.js";

const LISTED = 14, NAMED = 16, COMMON = 6; // words in a list; named in the scatter; the commonest, named too

/** Return the words of the comparison that is shown, with both rates. */
export function comparison({ model, state }) {
  const { words } = model.data, { target, reference, rows } = words.find(one => pairOf(one) === state.pair) ?? words[0];
  const per = id => 1000 / total(model.documents.filter(text => (id ? text.doc_id === id : text.doc_id !== target)).map(text => text.n_tokens));
  const [perA, perB] = [per(target), per(reference)];
  return { target, reference, rows: rows.map(({ term, word, found, count: a, reference_count: b, log_ratio: ratio, low, high, verdict }) =>
    ({ term, word, found: found ?? term, a, b, rateA: a * perA, rateB: b * perB, ratio, low, high, verdict, sure: verdict === "supported" })) };
}

const nameOf = (model, id) => model.byId.get(id)?.short ?? "the others";

export function wordsView(app) {
  const { model } = app, n = model.documents.length, plain = "Words that differ";
  if (!model.data.words.length) return head(plain, remark(n < 2 ? "One text has nothing to be compared with."
    : `Words are compared in corpora of up to forty texts. For these ${n}: study.keyness(TARGET) in a notebook.`));
  const { target, reference, rows } = comparison(app), a = nameOf(model, target), b = nameOf(model, reference);
  const compared = model.data.words.map(one => [pairOf(one), `${nameOf(model, one.target)} and ${nameOf(model, one.reference)}`]);
  const controls = html`<p class="controls">${choose("pair", "Texts that are compared", compared, pairOf({ target, reference }))}</p>`;
  if (!rows.length) return head(plain, controls, remark("No word occurs five times or more in these texts."));
  const quoted = own => listed(own.slice(0, 4).map(row => `“${row.word}”`)), supported = rows.filter(row => row.sure), k = supported.length;
  const more = supported.filter(row => row.ratio > 0), less = supported.filter(row => row.ratio < 0);
  const title = k ? [more.length && `${a} uses more ${quoted(more)}`, less.length && `${more.length ? "" : `${a} uses `}less ${quoted(less)}`]
    .filter(Boolean).join("; ") : `No word sets ${a} apart from ${b} beyond chance`;
  const most = Math.max(1, ...rows.map(row => Math.abs(row.ratio))), common = new Set(model.data.function_words);
  const side = (sign, name) => html`<div><h3>${name}</h3><ol class="sides">${rows.filter(row => sign * row.ratio > 0 && (row.sure || !common.has(row.term)))
    .sort((x, y) => y.sure - x.sure || Math.abs(y.ratio) - Math.abs(x.ratio)).slice(0, LISTED).map(row => html`<li class="${row.sure ? "sure" : "unsure"}">${
    press(`find ${row.found}`, row.word)}<span>${row.a} : ${row.b}</span>${bar(piece("ink", 0, Math.abs(row.ratio), most))}</li>`)}</ol></div>`;
  return html`${head(title, dek(`Of ${rows.length} words that occur five times or more, ${k < 2 ? `${k ? "one" : "none"} differs` : `${spelled(k)} differ`} beyond chance,
    uses in one passage weighing less than uses in many. The grey ones cannot be told apart.`), controls)}
    <div class="beside"><section class="part" aria-label="Scatter of words">${
    holder("words", `Scatter of words: rate in ${a} against rate in ${b}. ${title}. The list beside it has the same words.`)}${
    note(`Each dot is a word: across, its rate in ${b}; up, in ${a}; both per 1,000 words; what one of them never
      uses lies at the edge. Point at a word for its limits, press it for its contexts.`)}${
    saves({ picture: "words", table: "words" })}</section>
    <section class="part"><h2 class="unseen">The words as lists</h2><div class="twosided">${side(1, `More in ${a}`)}${side(-1, `More in ${b}`)}</div>${
    note(`Uses in ${a} : in ${b}. Bars: how many times more often (doublings). Strong bars are supported, pale ones are not; of these, function words are left out here. Spellings of one word are counted together, and names are left to other figures.`)}</section></div>`;
}

export function drawWords(app, place) {
  const { target, reference, rows } = comparison(app), c = colours(app), [a, b] = [target, reference].map(id => nameOf(app.model, id));
  const rates = rows.flatMap(row => [row.rateA, row.rateB]).filter(Boolean), smallest = Math.min(...rates) / 2;
  const commonest = [...rows].sort((x, y) => y.rateA + y.rateB - x.rateA - x.rateB).slice(0, COMMON);
  const marked = new Set([...rows.filter(row => row.sure), ...commonest].slice(0, NAMED).map(row => row.term));
  const values = rows.map(({ term, word, found, a: usesA, b: usesB, rateA, rateB, ratio, low, high, sure, verdict }, i) => {
    const shown = rate => (rate ? Math.max(rate, smallest) : smallest * (1 + (i % 5) / 12)); // what is missing lies at the edge, scattered
    const here = rows.filter(row => marked.has(row.term) && row.a === usesA && row.b === usesB); // one label where dots lie on each other
    return { term, found, up: shown(rateA), across: shown(rateB), sure, named: here[0]?.term === term ? here.map(row => row.word).join(", ") : "",
      said: `${word}\n${a} ${usesA} (${decimal(rateA)} per 1,000 words), ${b} ${usesB} (${decimal(rateB)})\n${
        decimal(ratio)} doublings, limits ${range([low, high], decimal)}: ${verdict}` };
  });
  const size = Math.max(260, Math.min(place.clientWidth - 60, 640)), domain = [smallest * 0.8, Math.max(...rates) * 1.5];
  const pixels = value => (size * Math.log(value / domain[0])) / Math.log(domain[1] / domain[0]);
  const labels = values.filter(one => one.named).sort((x, y) => y.sure - x.sure).map(one => {
    const width = 6.5 * one.named.length + 8;
    return { one, width, x: pixels(one.across) + width / 2, y: 0.86 * pixels(one.up) };
  });
  const clear = apart(labels).map(label => label.one);
  const scale = { type: "log", nice: false, domain };
  const axis = name => ({ title: `per 1,000 words of ${name}`, grid: false, values: [0.1, 0.3, 1, 3, 10, 30, 100], format: "~g" });
  const xy = plotted({ x: "across", y: "up" }, { x: scale, y: scale }, { x: axis(b), y: axis(a) });
  const sure = (value, otherwise) => ({ condition: { test: "datum.sure", value }, value: otherwise });
  draw(app, place, {
    data: { values }, width: size, height: size * 0.86,
    layer: [
      { data: { values: domain.map(v => ({ v })) }, mark: { type: "line", color: c.rule }, encoding: plotted({ x: "v", y: "v" }, { x: scale, y: scale }, {}) },
      { mark: { type: "point", filled: true, cursor: "pointer" }, encoding: { ...xy, color: sure(c.c1, c.faint), shape: sure("diamond", "circle"),
        size: sure(90, 34), opacity: sure(1, 0.55), tooltip: { field: "said" } } },
      { data: { values: clear }, mark: { type: "text", align: "left", dx: 7, dy: -5, cursor: "pointer" },
        encoding: { ...xy, text: { field: "named" }, tooltip: { field: "said" } } },
    ],
  }, datum => datum.found && app.find(datum.found));
}

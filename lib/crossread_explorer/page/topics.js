// Topics and their limits, the intruder quiz, and a map of texts and words.
import { capital, choice, decimal, dek, head, html, listed, note, part, percent, press, pressed, range, remark, saves, table, whole, wide } from "./dom.js";
import { apart, colours, draw, holder, plotted } from "./charts.js";

const NEAREST = 28, MANY_NAMES = 24; // pairs of texts that are listed; names that may lie on one another

export function topicsView(app) {
  const { model, state } = app, fitted = model.data.topics[state.shuffled ? 1 : 0];
  const topic = (terms, i) => html`<div class="topic">${press(`ask topic/${i + 1}`, html`<b>${capital(listed(terms.slice(0, 3)))}</b>`, "", pressed(false))}
    <p>${terms.slice(3).join(", ")}</p></div>`;
  return html`${head(state.shuffled ? "The same method finds topics in shuffled words, too" : "Three topics, to be read with suspicion",
    dek(`A topic is a group of words that stand in the same passages. The method always finds as many as it is asked for. Switch to the words
    shuffled within each text, where there is nothing to find, and see whether you could tell.`))}
    ${!fitted ? remark("These texts have too few passages for a topic model.") : [
    part("Topics", capital(listed(fitted.terms.map(terms => terms[0]))), html`<div class="topics">${fitted.terms.map(topic)}</div>${
      note("Press a topic to read the passages that have most of it.")}`,
    html`<div class="choices" role="group" aria-label="What the topics are fitted to">${
      choice("shuffled", "these texts", !state.shuffled)}${choice("shuffled yes", "shuffled within documents", state.shuffled)}</div>`),
    quiz(app, fitted)]}${model.data.map?.length > 0 && model.data.similarity.length > 0 && mapPart(model)}`;
}

/** Five words of a topic and one that was put in: which? */
function quiz({ state, kept }, fitted) {
  const given = kept.quiz[state.shuffled ? 1 : 0], n = Object.keys(given).length;
  const right = fitted.quiz.filter(([, intruder], i) => given[i] === intruder).length;
  const button = (i, word, intruder) => {
    const told = given[i] !== undefined, is = told && word === intruder;
    return press(`intruder ${i} ${word}`, html`${word}${is && html` <span aria-hidden="true">✓</span><span class="unseen">the intruder</span>`}`,
      `choice${is ? " right" : told && word === given[i] ? " wrong" : ""}`, html`${pressed(given[i] === word)}${told && html` disabled`}`);
  };
  return part("The intruder", "Which word does not belong?", html`${note(`Five words of one topic, and one from another. Topics that mean something let
    people find the intruder; by chance one finds one in six.`)}<ol class="quiz">${fitted.quiz.map(([choices, intruder], i) => html`<li>${
    choices.map(word => button(i, word, intruder))}</li>`)}</ol><p role="status">${n > 0 && `${right} of ${n} found; by chance ${(n / 6).toFixed(1)}.`}</p>`);
}

function mapPart(model) {
  const rows = model.data.similarity, n = model.documents.length, { share_x: across, share_y: up } = model.data.map[0];
  const near = rows.filter(row => row.doc_a !== row.doc_b).sort((a, b) => a.value - b.value), short = id => model.byId.get(id).short;
  const own = new Map(rows.filter(row => row.doc_a === row.doc_b && row.value !== null).map(row => [row.doc_a, row])); // short texts have no halves
  const beyond = near.filter(row => row.low > Math.max(own.get(row.doc_a)?.high, own.get(row.doc_b)?.high)).at(-1);
  const distance = ({ value, low, high }) => html`${value.toFixed(2)} <span>(${range([low, high], v => v.toFixed(2))})</span>`;
  return part("Map", beyond ? `${capital(short(beyond.doc_a))} and ${short(beyond.doc_b)} differ more than halves of one text do`
    : own.size ? "No two texts lie farther apart than halves of one text can" : "Texts too short to be halved: how far apart chance puts them is not known",
  html`<div class="beside"><div>${holder("map", "Map of texts and words by correspondence analysis; the table beside it has the distances.")}${
    note("Texts that share words lie together; ellipses: 95 per cent.", n > MANY_NAMES && " Where names would lie on one another, point at a text for its name.",
      ` Across ${percent(across)}, up ${percent(up)} of what differs.`)}${saves({ picture: "map" })}</div>${
    wide("Distances of texts", html`${table(["texts", "distance, with limits"], near.slice(0, NEAREST).map(row => [`${short(row.doc_a)}, ${short(row.doc_b)}`, distance(row)]))}${
      note(near.length > NEAREST && `The ${NEAREST} nearest of ${whole(near.length)} pairs. `,
        "Burrows’s Delta of the commonest words. Limits that overlap: the order is not known.")}`)}</div>`);
}

/** Return the outline of the region in which a text lies. */
const outline = ({ name, x, y, region_width: width, region_height: height, region_angle: angle }) => Array.from({ length: 41 }, (_, i) => {
  const t = (2 * Math.PI * i) / 40, turn = (angle * Math.PI) / 180, [u, v] = [(width / 2) * Math.cos(t), (height / 2) * Math.sin(t)];
  return { name, i, x: x + u * Math.cos(turn) - v * Math.sin(turn), y: y + u * Math.sin(turn) + v * Math.cos(turn) };
});

export function drawMap(app, place) {
  const rows = app.model.data.map, c = colours(app), texts = rows.filter(row => row.kind === "document");
  const size = Math.max(260, Math.min(place.clientWidth - 20, 620)), label = row => app.model.byId.get(row.name)?.short ?? row.name;
  const outlines = texts.filter(row => row.region_width > 0).flatMap(outline);
  const [[left, right], [low, high]] = ["x", "y"].map(way => [...outlines, ...rows].map(row => row[way])).map(all => [Math.min(...all), Math.max(...all)]);
  const span = Math.max(right - left, high - low) * 1.16, scaleOf = (a, b) => ({ domain: [(a + b - span) / 2, (a + b + span) / 2], nice: false, zero: false });
  const placed = (row, written, letter, above = 0) =>
    ({ row, x: (row.x * size) / span, y: (row.y * size) / span + above, width: written.length * letter + 8 });
  const shown = [], clear = new Set(apart(texts.map(row => placed(row, label(row), 7, 12)), shown).map(one => one.row));
  const words = apart(rows.filter(row => row.kind === "term").map(row => placed(row, row.name, 6)), shown).map(one => one.row);
  const axis = { title: null, labels: false, ticks: false, domain: false, grid: false };
  const xy = plotted({ x: "x", y: "y" }, { x: scaleOf(left, right), y: scaleOf(low, high) }, { x: axis, y: axis });
  const zero = way => ({ data: { values: [{}] }, mark: { type: "rule", color: c.rule }, encoding: { [way]: { ...xy[way], field: undefined, datum: 0 } } });
  const told = { tooltip: { field: "said" } }, written = (mark, more = {}) => ({ mark: { type: "text", ...mark }, encoding: { ...xy, text: { field: "label" }, ...more } });
  draw(app, place, {
    width: size, height: size, layer: [
      zero("x"), zero("y"),
      { data: { values: outlines }, mark: { type: "line", color: c.faint, strokeWidth: 1 }, encoding: { ...xy, order: { field: "i" }, detail: { field: "name" } } },
      { data: { values: words.map(row => ({ ...row, label: row.word, said: `${row.word}\npress for its contexts` })) },
        ...written({ fontSize: 11, color: c.soft, cursor: "pointer" }, told) },
      { data: { values: texts.map(row => ({ ...row, label: clear.has(row) ? label(row) : "", said: `${label(row)}\n${decimal(row.x)} across, ${decimal(row.y)} up` })) }, layer: [
        { mark: { type: "point", filled: true, size: 70, color: c.c1, shape: "diamond" }, encoding: { ...xy, ...told } },
        written({ fontWeight: 650, fontSize: 13, dy: -12, color: c.ink })] },
    ],
  }, datum => datum.kind === "term" && app.find(datum.name));
}

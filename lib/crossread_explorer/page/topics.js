// Topics and their limits, the intruder quiz, and a map of texts and words.
import { capital, decimal, html, listed, named, percent, range, saves, whole } from "./dom.js";
import { rowsOf } from "./model.js";
import { colours, draw, holder } from "./charts.js";

const NEAREST = 28, FEW = 12; // pairs of texts that are listed; texts whose shares are

export function topicsView(app) {
  const { model, state } = app, fitted = model.data.topics[state.shuffled ? 1 : 0];
  const choice = (on, said) => html`<button type="button" class="choice" data-do="shuffled ${on ? "yes" : "no"}" aria-pressed="${state.shuffled === on}">${said}</button>`;
  return html`<header class="head slim"><h1>${state.shuffled ? "The same method finds topics in shuffled words, too" : "Three topics, to be read with suspicion"}</h1>
    <p class="dek">A topic is a group of words that stand in the same passages. The method always finds as many as it is asked for. Switch to the words shuffled within each text, where there is nothing to find, and see whether you could tell.</p></header>
    ${!fitted ? html`<p class="remark">These texts have too few passages for a topic model.</p>` : html`<section class="part" aria-labelledby="h-topics"><div class="parthead"><h2 id="h-topics"><small>Topics</small>${capital(listed(fitted.terms.map(terms => named(terms[0]))))}</h2>
      <div class="choices" role="group" aria-label="What the topics are fitted to">${choice(false, "these texts")}${choice(true, "shuffled within documents")}</div></div>
      <div class="topics">${fitted.terms.map((terms, topic) => html`<div class="topic"><button type="button" data-do="ask topic/${topic + 1}" aria-pressed="false"><b>${capital(listed(terms.slice(0, 3).map(named)))}</b></button>
        <p>${terms.slice(3).map(named).join(", ")}</p>${sharesByText(app, fitted, topic)}</div>`)}</div>
      <p class="note">${model.documents.length <= FEW && "Share of each text, by its passages. "}Press a topic to read the passages that have most of it.</p></section>${quiz(app, fitted)}`}
    ${model.data.map?.name && model.data.similarity?.value ? mapPart(app) : ""}`;
}

function sharesByText(app, fitted, topic) {
  const { model } = app;
  if (model.documents.length > FEW) return "";
  const sums = model.documents.map(() => [0, 0]);
  fitted.units.forEach(([document, segment], i) => {
    const size = model.passages.get(`${document} ${segment}`)?.size ?? 1;
    sums[document][0] += size * (fitted.shares[i][topic] ?? 0);
    sums[document][1] += size;
  });
  return html`<table class="plain tiny"><tbody>${model.documents.map((document, i) => { const share = sums[i][0] / Math.max(1, sums[i][1]); return html`<tr><th scope="row">${document.short}</th><td>${percent(share)}</td><td class="grow"><i class="length" style="width:${(100 * share).toFixed(0)}%"></i></td></tr>`; })}</tbody></table>`;
}

/** Five words of a topic and one that was put in: which? */
function quiz(app, fitted) {
  const given = app.kept.quiz[app.state.shuffled ? 1 : 0];
  const answered = Object.keys(given).length, right = fitted.quiz.filter(([, , intruder], i) => given[i] === intruder).length;
  return html`<section class="part" aria-labelledby="h-quiz"><h2 id="h-quiz"><small>The intruder</small>Which word does not belong?</h2><p class="note">Five words of one topic, and one from another. Topics that mean something let people find the intruder; by chance one finds one in six.</p>
    <ol class="quiz">${fitted.quiz.map(([, choices, intruder], i) => html`<li>${choices.map(word => html`<button type="button" class="choice${given[i] && (word === intruder ? " right" : word === given[i] ? " wrong" : "")}" data-do="intruder ${i} ${word}" aria-pressed="${given[i] === word}"
      ${given[i] !== undefined && html`disabled`}>${named(word)}${given[i] && word === intruder && html` <span aria-hidden="true">✓</span><span class="unseen">the intruder</span>`}</button>`)}</li>`)}</ol>
    <p role="status">${answered > 0 && `${right} of ${answered} found; by chance ${(answered / 6).toFixed(1)}.`}</p></section>`;
}

function mapPart(app) {
  const { model } = app, near = rowsOf(model.data.similarity).filter(row => row.doc_a !== row.doc_b).sort((a, b) => a.value - b.value);
  const own = new Map(rowsOf(model.data.similarity).filter(row => row.doc_a === row.doc_b && row.value !== null).map(row => [row.doc_a, row])); // short texts have no halves
  const short = id => model.documents.find(document => document.doc_id === id).short, shares = rowsOf(model.data.map)[0], texts = model.documents.length;
  const beyond = near.filter(row => own.get(row.doc_a) && own.get(row.doc_b) && row.low > Math.max(own.get(row.doc_a).high, own.get(row.doc_b).high));
  return html`<section class="part" aria-labelledby="h-map"><h2 id="h-map"><small>Map</small>${beyond.length ? `${capital(short(beyond.at(-1).doc_a))} and ${short(beyond.at(-1).doc_b)} differ more than halves of one text do` : own.size ? "No two texts lie farther apart than halves of one text can" : "Texts too short to be halved: how far apart chance puts them is not known"}</h2>
    <div class="beside"><div>${holder("map", "Map of texts and words by correspondence analysis; the table beside it has the distances.")}<p class="note">Texts that share words lie together; ellipses: 95 per cent.${texts > 24 && " Where names would lie on one another, point at a text for its name."} Across ${percent(shares.share_x)}, up ${percent(shares.share_y)} of what differs.</p>${saves({ picture: "map" })}</div>
    <div class="wide" tabindex="0" role="region" aria-label="Distances of texts"><table class="plain"><thead><tr><th scope="col">texts</th><th scope="col">distance, with limits</th></tr></thead><tbody>${near.slice(0, NEAREST).map(row => html`<tr><th scope="row">${short(row.doc_a)}, ${short(row.doc_b)}</th>
      <td>${row.value.toFixed(2)} <span>(${range([row.low, row.high], v => v.toFixed(2))})</span></td></tr>`)}</tbody></table><p class="note">${near.length > NEAREST && `The ${NEAREST} nearest of ${whole(near.length)} pairs. `}Burrows’s Delta of the commonest words. Limits that overlap: the order is not known. ${own.size > 0 && `Random halves of one text: ${listed([...own].slice(0, 7).map(([id, row]) => `${short(id)} ${row.value.toFixed(2)}`), "and", 7)}.`}</p></div></div></section>`;
}

/** Choose rows whose names do not lie on one another, nor on those already shown: the first come first. */
function apart(rows, shown, pixels, name, wide, above = 0) {
  return rows.filter(row => {
    const [x, y, w] = [row.x * pixels, row.y * pixels + above, name(row).length * wide + 8];
    return !shown.some(other => Math.abs(other[0] - x) < (other[2] + w) / 2 && Math.abs(other[1] - y) < 15) && shown.push([x, y, w]);
  });
}

export function drawMap(app) {
  const place = app.root.querySelector('[data-chart="map"]');
  if (!place) return;
  const rows = rowsOf(app.model.data.map), c = colours(app), texts = rows.filter(row => row.kind === "document"), size = Math.max(260, Math.min(place.clientWidth - 20, 620));
  const names = id => app.model.documents.find(document => document.doc_id === id)?.short ?? id;
  const outlines = texts.filter(row => row.region_width > 0).flatMap(row => Array.from({ length: 41 }, (_, i) => {
    const t = (2 * Math.PI * i) / 40, turn = (row.region_angle * Math.PI) / 180, [u, v] = [(row.region_width / 2) * Math.cos(t), (row.region_height / 2) * Math.sin(t)];
    return { name: row.name, i, x: row.x + u * Math.cos(turn) - v * Math.sin(turn), y: row.y + u * Math.sin(turn) + v * Math.cos(turn) };
  }));
  const all = [...outlines, ...texts, ...rows], extent = axis => { const v = all.map(row => row[axis]); return [Math.min(...v), Math.max(...v)]; };
  const [left, right] = extent("x"), [low, high] = extent("y"), span = Math.max(right - left, high - low) * 1.16, scaleOf = (a, b) => ({ domain: [(a + b - span) / 2, (a + b + span) / 2], nice: false, zero: false });
  const shown = [], label = row => names(row.name), clear = new Set(apart(texts, shown, size / span, label, 7, 12));
  const words = apart(rows.filter(row => row.kind === "term"), shown, size / span, row => row.name, 6).map(row => ({ ...row, label: named(row.name), said: `${named(row.name)}\npress for its contexts` }));
  const axis = { title: null, labels: false, ticks: false, domain: false, grid: false };
  const xy = { x: { field: "x", type: "quantitative", scale: scaleOf(left, right), axis }, y: { field: "y", type: "quantitative", scale: scaleOf(low, high), axis } };
  draw(app, place, {
    width: size, height: size, layer: [
      { data: { values: [{}] }, mark: { type: "rule", color: c.rule }, encoding: { x: { datum: 0, type: "quantitative", scale: xy.x.scale, axis } } },
      { data: { values: [{}] }, mark: { type: "rule", color: c.rule }, encoding: { y: { datum: 0, type: "quantitative", scale: xy.y.scale, axis } } },
      { data: { values: outlines }, mark: { type: "line", color: c.faint, strokeWidth: 1 }, encoding: { ...xy, order: { field: "i" }, detail: { field: "name" } } },
      { data: { values: words }, mark: { type: "text", fontSize: 11, color: c.soft, cursor: "pointer" }, encoding: { ...xy, text: { field: "label" }, tooltip: { field: "said" } } },
      { data: { values: texts.map(row => ({ ...row, label: clear.has(row) ? label(row) : "", said: `${label(row)}\n${decimal(row.x)} across, ${decimal(row.y)} up` })) }, layer: [
        { mark: { type: "point", filled: true, size: 70, color: c.c1, shape: "diamond" }, encoding: { ...xy, tooltip: { field: "said" } } },
        { mark: { type: "text", fontWeight: 650, fontSize: 13, dy: -12, color: c.ink }, encoding: { ...xy, text: { field: "label" } } }] },
    ],
  }, datum => datum.kind === "term" && app.find(datum.name));
}

// The texts as strips: a block a sentence, in true length, with a lane for each theme.
import { html, some, swatch, whole } from "./dom.js";

const MANY = 12; // documents: beyond, a text is one line
const GAP = 2, TOP = 7, BOTTOM = 5;

export function linesOf(model) {
  model.lines ??= model.documents.flatMap(document => (model.documents.length <= MANY && document.sections.length
    ? document.sections.map((section, i) => ({ document, title: section.title, rows: section.rows, last: i === document.sections.length - 1 }))
    : [{ document, title: "", rows: document.body, last: true }]));
  return model.lines;
}

const laneHeight = lanes => (lanes <= 1 ? 12 : lanes <= 6 ? 8 : 5);
const round = x => Math.round(x * 10) / 10;
const rect = (x, y, w, h) => `M${round(x)} ${y}h${round(w)}v${h}h${-round(w)}z`;

export function stripsMarkup(app) {
  const { model } = app, lines = linesOf(model).map((line, i) => ({ ...line, i }));
  return html`<div class="strips${!lines.some(line => line.title) && " untitled"}">${model.documents.map(document => html`<div class="doc"><div class="who"><b>${document.label}</b>
    <span>${[document.genre, some(document.n_tokens, "word")].filter(Boolean).join(", ")}</span></div><div>
    ${lines.filter(line => line.document === document).map(line => html`<div class="line"><div class="section">${line.title && html`<button
      type="button" data-do="section ${line.i}">${line.title}</button>`}</div><svg class="strip" data-line="${line.i}" tabindex="0"
      role="application" aria-label="${document.label}${line.title && `, ${line.title}`}: ${some(line.rows.length, "sentence")}. Arrow
      keys move, Shift extends, Enter reads."></svg></div>`)}</div></div>`)}</div>`;
}

/** Lay out one line at so many pixels a word: where each sentence begins and how wide it is. */
function layOut(model, rows, scale) {
  let words = 0;
  return rows.map(row => {
    const x = words * scale, w = Math.max(0.8, model.sentences[row].n * scale - (scale > 0.35 ? 1 : 0.2));
    words += model.sentences[row].n;
    return [x, w];
  });
}

/** Lay the strips out at the width there is, and draw those that can be seen; the others when they come into view. */
export function drawStrips(app, known = 0) {
  const { model, root } = app, lines = linesOf(model), strips = [...root.querySelectorAll(".strip")];
  app.unseen?.disconnect();
  if (!strips.length) return;
  const width = known || strips[0].clientWidth || 600, longest = Math.max(1, ...lines.map(line => line.rows.reduce((sum, row) => sum + model.sentences[row].n, 0)));
  const scale = width / longest, length = [100, 200, 500, 1000, 5000].find(words => words * scale > 40) || 5000;
  const themes = app.state.theme ? [app.state.theme] : model.themes, lane = laneHeight(themes.length);
  app.strips = { themes, lane, height: TOP + themes.length * (lane + GAP) - GAP + BOTTOM, width, places: lines.map(line => layOut(model, line.rows, scale)) };
  root.querySelector(".scale").innerHTML = String(html`<i style="width:${(length * scale).toFixed(0)}px"></i>${whole(length)} words; a block is a sentence`);
  for (const svg of strips) svg.setAttribute("height", app.strips.height);
  if (strips.length <= 3 * MANY) return strips.forEach(svg => drawLine(app, svg));
  app.unseen = new IntersectionObserver(seen => seen.filter(one => one.isIntersecting).forEach(({ target }) => {
    app.unseen.unobserve(target);
    drawLine(app, target);
    flagLine(app, target);
  }), { rootMargin: "300px" });
  strips.forEach(svg => { svg.replaceChildren(); app.unseen.observe(svg); });
}

/** Draw what has not come into view yet: for paper, and for a picture. */
export function drawRest(app) {
  for (const svg of app.root.querySelectorAll(".strip:empty")) { drawLine(app, svg); flagLine(app, svg); }
}

/** Draw one line: blocks, marks and counts. */
function drawLine(app, svg) {
  const { model, counted } = app, { themes, lane, width } = app.strips, line = linesOf(model)[svg.dataset.line], places = app.strips.places[svg.dataset.line];
  let paper = "";
  const marks = themes.map(() => "");
  line.rows.forEach((row, i) => themes.forEach((theme, t) => {
    const [x, w] = places[i], y = TOP + t * (lane + GAP);
    paper += rect(x, y, w, lane);
    if (counted.rows.get(theme)?.has(row)) marks[t] += rect(x + 0.6, y + 0.6, Math.max(0.5, w - 1.2), lane - 1.2);
  }));
  const end = places.length ? places.at(-1)[0] + places.at(-1)[1] : 0, n = line.document.body.length;
  const tally = line.last && width - end > 70 && lane + GAP > 7 ? themes.map((theme, t) => {
    const found = counted.cells.get(theme)[line.document.number].sentences;
    return html`<text class="x${model.themes.indexOf(theme) % 8}" x="${round(end + 8)}" y="${TOP + t * (lane + GAP) + lane - 0.5}"
      style="font-size:${Math.min(11, lane + GAP + 0.5)}px">${found ? `${found} of ${n}` : "silent"}</text>`;
  }) : "";
  svg.innerHTML = String(html`<path class="paper" d="${paper}"/>${marks.map((d, t) => d && html`<path
    class="m m${model.themes.indexOf(themes[t]) % 8}" d="${d}"/>`)}${tally}<path class="flags"/><path class="now"/><path class="cursor"/>`);
}

/** Show where the sentences stand that are asked for, and which of them is read. */
export function flagStrips(app) {
  app.wanted = new Map(app.evidence.flatMap((one, i) => one.rows.map(row => [row, i])));
  app.root.querySelector(".strips")?.classList.toggle("asked", app.evidence.length > 0);
  for (const svg of app.root.querySelectorAll(".strip")) if (svg.firstChild) flagLine(app, svg);
}

function flagLine(app, svg) {
  const own = app.strips.places[svg.dataset.line], bottom = app.strips.height - BOTTOM;
  let flags = "", now = "";
  linesOf(app.model)[svg.dataset.line].rows.forEach((row, i) => {
    const found = app.wanted?.get(row), [x, w] = own[i];
    if (found === undefined) return;
    flags += `${rect(x, bottom + 1.5, Math.max(1.5, w), 3)}M${round(x + w / 2 - 3)} 0h6l-3 5z`;
    if (found === app.state.at) now += rect(x - 1.2, TOP - 1.8, w + 2.4, bottom - TOP + 3.6);
  });
  svg.querySelector(".flags").setAttribute("d", flags);
  svg.querySelector(".now").setAttribute("d", now);
}

function placeAt(app, svg, clientX) {
  const x = clientX - svg.getBoundingClientRect().left;
  const found = app.strips.places[svg.dataset.line].findIndex(([from, w]) => x < from + w + 1);
  return found < 0 ? null : found;
}

function showCursor(app, svg, from, to) {
  const height = app.strips.height - BOTTOM, places = app.strips.places[svg.dataset.line], [a, b] = [Math.min(from, to), Math.max(from, to)];
  svg.querySelector(".cursor")?.setAttribute("d", rect(places[a][0] - 1, TOP - 1.5, places[b][0] + places[b][1] - places[a][0] + 2, height - TOP + 3));
}

/** Say what is in a sentence, without its words. */
function sentenceFacts(app, row) {
  const { model, counted } = app, sentence = model.sentences[row], document = model.documents[sentence.document];
  const themes = model.themes.filter(theme => counted.rows.get(theme)?.has(row));
  const section = model.sectionOf(row);
  return html`<b>${document.label}</b>, sentence ${sentence.number} of ${document.body.length}${section?.title && html`<br><i>${section.title}</i>`}
    <br>${some(sentence.n, "word")}${themes.map(theme => html`<br>${swatch(model.themes.indexOf(theme))} ${model.label(theme)}`)}`;
}

/** Let strips be pressed, dragged over and walked through. */
export function listenToStrips(app) {
  const { root } = app;
  let from = null, cursor = null;
  const strip = event => event.target.closest?.(".strip");
  const ask = (svg, a, b) => {
    const line = linesOf(app.model)[svg.dataset.line], place = line.document.place;
    const rows = line.rows.slice(Math.min(a, b), Math.max(a, b) + 1);
    app.ask({ kind: "stretch", document: line.document.number, from: place.get(rows[0]), to: place.get(rows.at(-1)) });
  };
  root.addEventListener("pointerdown", event => {
    const svg = strip(event), place = svg ? placeAt(app, svg, event.clientX) : null;
    from = place === null ? null : { svg, place };
  });
  root.addEventListener("pointermove", event => {
    const svg = strip(event);
    if (event.pointerType === "touch" || (!svg && !from)) return;
    const place = placeAt(app, from?.svg ?? svg, event.clientX);
    if (place === null) return app.tip(null);
    if (from && event.buttons) { showCursor(app, from.svg, from.place, place); return app.tip(null); }
    const row = linesOf(app.model)[svg.dataset.line].rows[place];
    return app.tip(sentenceFacts(app, row), event.clientX, svg.getBoundingClientRect().bottom - 4);
  });
  root.addEventListener("pointerup", event => {
    if (from && (strip(event) || event.pointerType === "mouse")) ask(from.svg, from.place, placeAt(app, from.svg, event.clientX) ?? from.place);
    from = null;
  });
  root.addEventListener("pointercancel", () => { from = null; });
  root.addEventListener("focusin", event => {
    const svg = strip(event);
    cursor = svg && svg.matches(":focus-visible") ? { svg, at: 0, anchor: 0 } : null;
    if (cursor) showCursor(app, svg, 0, 0);
  });
  root.addEventListener("focusout", event => strip(event)?.querySelector(".cursor")?.setAttribute("d", ""));
  root.addEventListener("keydown", event => {
    const svg = strip(event), step = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
    if (!svg) return;
    const rows = linesOf(app.model)[svg.dataset.line].rows;
    if (cursor?.svg !== svg) cursor = { svg, at: 0, anchor: 0 };
    if (step) {
      event.preventDefault();
      cursor.at = Math.max(0, Math.min(rows.length - 1, cursor.at + step));
      if (!event.shiftKey) cursor.anchor = cursor.at;
      showCursor(app, svg, cursor.anchor, cursor.at);
      app.say(sentenceFacts(app, rows[cursor.at]).text.replace(/<[^>]*>/g, " "));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      ask(svg, cursor.anchor, cursor.at);
    }
  });
}

/** Return a picture of the strips that stands by itself. */
export function stripsPicture(app) {
  const { root, model } = app, lines = linesOf(model), style = getComputedStyle(app.shell);
  drawRest(app);
  const colour = name => style.getPropertyValue(name).trim();
  const svgs = [...root.querySelectorAll(".strip")], width = svgs[0].clientWidth + 260;
  let y = 34 + 18 * model.themes.length, body = "";
  svgs.forEach((svg, i) => {
    const line = lines[i], height = Number(svg.getAttribute("height"));
    if (!i || lines[i - 1].document !== line.document) body += String(html`<text x="10" y="${y + 14}" font-weight="bold">${line.document.label}</text>`);
    if (line.title) body += String(html`<text x="10" y="${y + (i && lines[i - 1].document === line.document ? 14 : 28)}" font-style="italic">${line.title}</text>`);
    body += `<g transform="translate(250 ${y})">${svg.innerHTML}</g>`;
    y += Math.max(height, line.title ? 32 : 18) + 4;
  });
  const legend = model.themes.map((theme, t) => html`<rect class="m m${t % 8}" x="250" y="${24 + 18 * t}" width="14" height="10"/>
    <text x="272" y="${33 + 18 * t}">${model.label(theme)}</text>`);
  const rules = ["paper", "flags", "now", "cursor"].map(name => `.${name}{fill:${{ paper: colour("--track"), flags: colour("--ink") }[name] || "none"}}`).join("");
  const marks = model.themes.map((_, t) => { const own = t % 8; return `.m${own}{fill:${own % 3 === 2 ? colour(`--w${own}`) : `url(#p${own})`};stroke:${colour(`--c${own}`)};stroke-width:.8}.x${own}{fill:${colour(`--x${own}`)}}`; }).join("");
  const patterns = app.root.querySelector("defs").innerHTML.replace(/var\((--\w+)\)/g, (_, name) => colour(name));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y + 10}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="${colour("--ink")}">
    <defs>${patterns}</defs><style>${rules}${marks}text{stroke:none}</style><rect width="100%" height="100%" fill="${colour("--sheet")}"/>
    <text x="10" y="18" font-weight="bold">${html`${app.model.data.title}`}</text>${legend.join("")}${body}</svg>`;
}


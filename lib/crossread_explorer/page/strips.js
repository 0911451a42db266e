// The texts as strips: a block a sentence, in true length, with a lane for each theme.
import { html, press, pressed, some, themeName, total, whole } from "./dom.js";

const MANY = 12; // documents: beyond, a text is one line
const GAP = 2, TOP = 7, BOTTOM = 5;

const linesOf = model => model.lines ??= model.documents.flatMap(text => {
  const sections = model.documents.length <= MANY && text.sections.length ? text.sections : [{ title: "", rows: text.body }];
  return sections.map(({ title, rows }, i) => ({ text, title, rows, first: !i, last: i === sections.length - 1 }));
}).map((line, i) => ({ ...line, i }));

const lineOf = (app, svg) => linesOf(app.model)[svg.dataset.line];
const round = x => Math.round(x * 10) / 10;
const rect = (x, y, w, h) => `M${round(x)} ${y}h${round(w)}v${h}h${-round(w)}z`;

export function stripsMarkup({ model }) {
  const lines = linesOf(model), strip = ({ text, title, rows, i }) => html`<div class="line"><div class="section">${
    title && press(`ask ${stretch(text, rows[0], rows.at(-1))}`, title, "", pressed(false))}</div><svg class="strip" data-line="${i}" tabindex="0" role="application" aria-label="${
    text.label}${title && `, ${title}`}: ${some(rows.length, "sentence")}. Arrow keys move, Shift extends, Enter reads."></svg></div>`;
  return html`<div class="strips${!lines.some(line => line.title) && " untitled"}">${model.documents.map(text => html`<div class="doc"><div
    class="who"><b>${text.label}</b> <span>${[text.genre, some(text.n_tokens, "word")].filter(Boolean).join(", ")}</span></div><div>${
    lines.filter(line => line.text === text).map(strip)}</div></div>`)}</div>`;
}

/** Write the question for a stretch of a text, from one of its sentences to another. */
const stretch = ({ place, doc_id: id }, ...ends) => `${ends.map(row => place.get(row) + 1).sort((a, b) => a - b).join("-")}/${id}`;

/** Lay the strips out at the width there is, and draw them. */
export function drawStrips(app) {
  const { model, shell, state } = app, lines = linesOf(model), strips = [...shell.querySelectorAll(".strip")];
  if (!strips.length) return;
  const width = strips[0].clientWidth || 600, words = row => model.sentences[row].n;
  const scale = width / Math.max(1, ...lines.map(line => total(line.rows.map(words)))), themes = state.theme ? [state.theme] : model.themes;
  const length = [100, 200, 500, 1000, 5000].find(n => n * scale > 40) || 5000, gap = scale > 0.35 ? 1 : 0.2;
  const lane = themes.length <= 1 ? 12 : themes.length <= 6 ? 8 : 5, places = lines.map(line => {
    let x = 0;
    return line.rows.map(row => [x, Math.max(0.8, words(row) * scale - gap), x += words(row) * scale]);
  });
  app.strips = { themes, lane, height: TOP + themes.length * (lane + GAP) - GAP + BOTTOM, width, places };
  app.$(".scale").innerHTML = String(html`<i style="width:${(length * scale).toFixed(0)}px"></i>${whole(length)} words; a block is a sentence`);
  for (const svg of strips) drawLine(app, svg);
}

/** Draw one line: blocks, marks and counts. */
function drawLine(app, svg) {
  const { model, counted } = app, { themes, lane, width } = app.strips, line = lineOf(app, svg), places = app.strips.places[line.i];
  const end = places.length ? places.at(-1)[0] + places.at(-1)[1] : 0, tallied = line.last && width - end > 70 && lane + GAP > 7;
  let paper = "", tally = [];
  const marks = themes.map((theme, t) => {
    const y = TOP + t * (lane + GAP), n = counted.cells.get(theme)[line.text.number].sentences;
    let marked = "";
    places.forEach(([x, w], i) => {
      paper += rect(x, y, w, lane);
      if (counted.rows.get(theme)?.has(line.rows[i])) marked += rect(x + 0.6, y + 0.6, Math.max(0.5, w - 1.2), lane - 1.2);
    });
    if (tallied) tally.push(html`<text class="x${model.mark(theme)}" x="${round(end + 8)}" y="${y + lane - 0.5}"
      style="font-size:${Math.min(11, lane + GAP + 0.5)}px">${n ? `${n} of ${line.text.body.length}` : "silent"}</text>`);
    return marked && html`<path class="m m${model.mark(theme)}" d="${marked}"/>`;
  });
  svg.setAttribute("height", app.strips.height);
  svg.innerHTML = String(html`<path class="paper" d="${paper}"/>${marks}${tally}<path class="flags"/><path class="now"/><path class="cursor"/>`);
}

/** Show where the sentences stand that are asked for, and which of them is read. */
export function flagStrips(app) {
  const wanted = new Map(app.evidence.flatMap((one, i) => one.rows.map(row => [row, i])));
  app.$(".strips")?.classList.toggle("asked", app.evidence.length > 0);
  for (const svg of app.shell.querySelectorAll(".strip")) {
    const { rows, i: number } = lineOf(app, svg), bottom = app.strips.height - BOTTOM;
    let flags = "", now = "";
    rows.forEach((row, i) => {
      const found = wanted.get(row), [x, w] = app.strips.places[number][i];
      if (found === undefined) return;
      flags += `${rect(x, bottom + 1.5, Math.max(1.5, w), 3)}M${round(x + w / 2 - 3)} 0h6l-3 5z`;
      if (found === app.state.at) now += rect(x - 1.2, TOP - 1.8, w + 2.4, bottom - TOP + 3.6);
    });
    svg.querySelector(".flags").setAttribute("d", flags);
    svg.querySelector(".now").setAttribute("d", now);
  }
}

function placeAt(app, svg, clientX) {
  const x = clientX - svg.getBoundingClientRect().left;
  const found = app.strips.places[svg.dataset.line].findIndex(([from, w]) => x < from + w + 1);
  return found < 0 ? null : found;
}

/** Say what is in a sentence, without its words. */
function sentenceFacts({ model, counted }, row) {
  const { number, n } = model.sentences[row], text = model.textOf(row), title = model.sectionOf(row)?.title;
  const themes = model.themes.filter(theme => counted.rows.get(theme)?.has(row));
  return html`<b>${text.label}</b>, sentence ${number} of ${text.body.length}${title && html`<br><i>${title}</i>`}
    <br>${some(n, "word")}${themes.map(theme => html`<br>${themeName(model, theme)}`)}`;
}

/** Let strips be pressed, dragged over and walked through. */
export function listenToStrips(app) {
  let held = null, pulled = false; // a strip with two of its places: where a stretch begins, and where it ends
  const listen = (type, act) => app.shell.addEventListener(type, event => act(event, event.target.closest?.(".strip")));
  const ask = () => {
    const { text, rows } = lineOf(app, held.svg);
    app.ask(stretch(text, rows[held.anchor], rows[held.at]));
  };
  const hold = (svg, anchor, at) => {
    const places = app.strips.places[svg.dataset.line], [from, to] = [places[Math.min(anchor, at)], places[Math.max(anchor, at)]];
    held = { svg, anchor, at };
    svg.querySelector(".cursor").setAttribute("d", rect(from[0] - 1, TOP - 1.5, to[0] + to[1] - from[0] + 2, app.strips.height - BOTTOM - TOP + 3));
  };
  listen("pointerdown", (event, svg) => {
    const at = svg ? placeAt(app, svg, event.clientX) : null;
    pulled = at !== null;
    if (pulled) held = { svg, anchor: at, at };
  });
  listen("pointermove", (event, svg) => {
    if (event.pointerType === "touch" || !(svg || pulled)) return;
    const at = placeAt(app, pulled ? held.svg : svg, event.clientX), drawn = pulled && event.buttons && at !== null;
    if (drawn) hold(held.svg, held.anchor, at);
    if (drawn || at === null || !svg) app.tip(null);
    else app.tip(sentenceFacts(app, lineOf(app, svg).rows[at]), event.clientX, svg.getBoundingClientRect().bottom - 4);
  });
  listen("pointerup", (event, svg) => {
    if (pulled && (svg || event.pointerType === "mouse")) {
      held.at = placeAt(app, held.svg, event.clientX) ?? held.at;
      ask();
    }
    pulled = false;
  });
  listen("pointercancel", () => { pulled = false; });
  listen("focusin", (_event, svg) => { if (svg?.matches(":focus-visible")) hold(svg, 0, 0); });
  listen("focusout", (_event, svg) => svg?.querySelector(".cursor")?.setAttribute("d", ""));
  listen("keydown", (event, svg) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
    if (!svg || !(step || event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    if (held?.svg !== svg) hold(svg, 0, 0);
    if (!step) return ask();
    const { rows } = lineOf(app, svg), at = Math.max(0, Math.min(rows.length - 1, held.at + step));
    hold(svg, event.shiftKey ? held.anchor : at, at);
    app.say(sentenceFacts(app, rows[at]));
  });
}

/** Return a picture of the strips that stands by itself. */
export function stripsPicture(app) {
  const { shell, model } = app, style = getComputedStyle(shell), colour = name => style.getPropertyValue(name).trim();
  const svgs = [...shell.querySelectorAll(".strip")];
  let y = 34 + 18 * model.themes.length;
  const body = svgs.map(svg => {
    const { text, title, first } = lineOf(app, svg), top = y;
    y += Math.max(app.strips.height, title ? 32 : 18) + 4;
    return `${html`${first && html`<text x="10" y="${top + 14}" font-weight="bold">${text.label}</text>`}${title && html`<text x="10" y="${
      top + (first ? 28 : 14)}" font-style="italic">${title}</text>`}`}<g transform="translate(250 ${top})">${svg.innerHTML}</g>`;
  });
  const legend = model.themes.map((theme, t) => html`<rect class="m m${t % 8}" x="250" y="${24 + 18 * t}" width="14" height="10"/>
    <text x="272" y="${33 + 18 * t}">${model.label(theme)}</text>`);
  const marks = model.themes.map(theme => model.mark(theme)).map(mark => `.m${mark}{fill:${mark % 3 === 2 ? colour(`--w${mark}`)
    : `url(#p${mark})`};stroke:${colour(`--c${mark}`)};stroke-width:.8}.x${mark}{fill:${colour(`--x${mark}`)}}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${app.strips.width + 260}" height="${y + 10}" font-family="Helvetica, Arial, sans-serif"
    font-size="12" fill="${colour("--ink")}"><defs>${app.$("defs").innerHTML.replace(/var\((--\w+)\)/g, (_, name) => colour(name))}</defs>
    <style>.paper{fill:${colour("--track")}}.flags{fill:${colour("--ink")}}.now,.cursor{fill:none}${marks.join("")}text{stroke:none}</style>
    <rect width="100%" height="100%" fill="${colour("--sheet")}"/><text x="10" y="18" font-weight="bold">${html`${model.data.title}`}</text>${
    legend.join("")}${body.join("")}</svg>`;
}

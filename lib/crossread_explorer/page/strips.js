// The texts as strips: a block a sentence, in true length, with a lane for each theme.
import { html, press, pressed, some, themeName, total, whole } from "./dom.js";
import { colours } from "./charts.js";

const MANY = 12, COUNTED = 6; // documents: beyond, a text is one line; themes: beyond, lanes are too thin for their counts

const linesOf = model => model.lines ??= model.documents.flatMap(text => {
  const sections = model.documents.length <= MANY && text.sections.length ? text.sections : [{ title: "", rows: text.body }];
  return sections.map(({ title, rows }, i) =>
    ({ text, title, rows, last: i === sections.length - 1, words: total(rows.map(row => model.sentences[row].n)) }));
});

/** Write the question for a stretch of a text, from one of its sentences to another. */
const stretch = ({ place, doc_id: id }, ...ends) => `${ends.map(row => place.get(row) + 1).sort((a, b) => a - b).join("-")}/${id}`;

export function stripsMarkup({ model, counted, state }) {
  const lines = linesOf(model), themes = state.theme ? [state.theme] : model.themes, most = Math.max(1, ...lines.map(line => line.words));
  const part = words => `width:${((100 * words) / most).toFixed(2)}%`, length = [100, 200, 500, 1000].find(n => 12 * n > most) ?? 5000;
  const marks = row => themes.map((theme, t) => counted.rows.get(theme).has(row) && html`<b class="m t${model.mark(theme)}" style="--at:${t}"></b>`);
  const sentence = row => html`<i id="b${row}" style="flex-grow:${model.sentences[row].n}">${marks(row)}</i>`;
  const tallies = ({ number, body }) => themes.map(theme => [theme, counted.cells.get(theme)[number].sentences])
    .map(([theme, n]) => html`<span class="x t${model.mark(theme)}">${n ? `${n} of ${body.length}` : "silent"}</span>`);
  const line = ({ text, title, rows, last, words }) => html`<div class="line"><div class="section">${
    title && press(`ask ${stretch(text, rows[0], rows.at(-1))}`, title, "", pressed(false))}</div><div><div class="strip" tabindex="0" role="application"
    style="${part(words)};--n:${rows.length}" aria-label="${text.label}${title && `, ${title}`}: ${some(rows.length, "sentence")}. Arrow
    keys move, Shift extends, Enter reads.">${rows.map(sentence)}</div></div><div class="tally">${last && themes.length <= COUNTED && tallies(text)}</div></div>`;
  const texts = model.documents.map(text => html`<div class="doc"><div class="who"><b>${text.label}</b> <span>${
    [text.genre, some(text.n_tokens, "word")].filter(Boolean).join(", ")}</span></div><div>${lines.filter(one => one.text === text).map(line)}</div></div>`);
  const lane = themes.length < 2 ? 12 : themes.length <= COUNTED ? 8 : 5;
  return html`<div class="strips${!lines.some(one => one.title) && " untitled"}" style="--lanes:${themes.length};--lane:${lane}px">${texts}<div
    class="doc"><div></div><div class="line"><div class="section"></div><div class="scale"><i style="${part(length)}"></i>${
    whole(length)} words; a block is a sentence</div></div></div></div>`;
}

/** Show where the sentences stand that are asked for, and which of them is read. */
export function flagStrips({ evidence, shell, state }) {
  if (!shell.querySelector(".strip")) return;
  for (const one of shell.querySelectorAll(".strip .asked")) one.classList.remove("asked", "now");
  evidence.forEach(({ rows }, i) => {
    for (const row of rows) shell.querySelector(`#b${row}`)?.classList.add("asked", i === state.at ? "now" : "asked");
  });
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
  let held = [], pulled = false; // the sentences of a strip where a stretch begins and where it ends
  const row = one => Number(one.id.slice(1)), ask = () => app.ask(stretch(app.model.textOf(row(held[0])), ...held.map(row)));
  const hold = (...ends) => {
    const all = [...ends[0].parentElement.children], [from, to] = ends.map(one => all.indexOf(one)).sort((a, b) => a - b);
    for (const one of app.shell.querySelectorAll(".held")) one.classList.remove("held");
    for (const one of all.slice(from, to + 1)) one.classList.add("held");
    held = ends;
  };
  const listen = (type, act) => app.shell.addEventListener(type, event => {
    const strip = event.target.closest?.(".strip");
    act(event, strip, strip && event.target.closest("i"));
  });
  listen("pointerdown", (_event, _strip, one) => {
    pulled = Boolean(one);
    if (one) hold(one, one);
  });
  listen("pointerover", ({ pointerType, buttons }, strip, one) => {
    if (pointerType === "touch" || !one) return;
    const { left, width, bottom } = one.getBoundingClientRect(), drawn = pulled && buttons;
    if (drawn && strip === held[0].parentElement) hold(held[0], one);
    app.tip(!drawn && sentenceFacts(app, row(one)), left + width / 2, bottom);
  });
  listen("pointerup", ({ pointerType }, strip) => {
    if (pulled && (strip || pointerType === "mouse")) ask();
    pulled = false;
  });
  listen("pointercancel", () => { pulled = false; });
  listen("focusin", (_event, strip) => { if (strip?.matches(":focus-visible")) hold(strip.firstChild, strip.firstChild); });
  listen("focusout", (_event, strip) => { for (const one of strip?.children ?? []) one.classList.remove("held"); });
  listen("keydown", (event, strip) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
    if (!strip || !(step || event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    if (held[0]?.parentElement !== strip) hold(strip.firstChild, strip.firstChild);
    if (!step) return ask();
    const all = [...strip.children], at = all[Math.max(0, Math.min(all.length - 1, all.indexOf(held[1]) + step))];
    hold(event.shiftKey ? held[0] : at, at);
    app.say(sentenceFacts(app, row(at)));
  });
}

/** Return the strips as a chart that stands by itself. */
export function stripsChart(app) {
  const { model, counted } = app, lines = linesOf(model), c = colours(app), themes = model.themes.map(theme => model.label(theme));
  const hits = lines.flatMap(({ rows }, i) => {
    let from = 0;
    return rows.flatMap(row => {
      const place = { i, from, to: from += model.sentences[row].n };
      return model.themes.filter(theme => counted.rows.get(theme).has(row)).map(theme => ({ ...place, theme: model.label(theme) }));
    });
  });
  const names = lines.map(({ text, title }) => `${text.label}${title && `: ${title}`}`), x = field => ({ field, type: "quantitative", title: "words" });
  const y = { field: "i", type: "ordinal", sort: null, axis: { title: null, labelLimit: 300, labelExpr: "names[datum.value]" } };
  const colour = { field: "theme", type: "nominal", legend: { title: null, orient: "top" },
    scale: { domain: themes, range: model.themes.map(theme => c[`c${model.mark(theme)}`]) } };
  return { width: 900, height: lines.length * (8 * themes.length + 8), params: [{ name: "names", value: names }], layer: [
    { data: { values: lines.map(({ words }, i) => ({ i, words })) }, mark: { type: "bar", color: c.track }, encoding: { x: x("words"), y } },
    { data: { values: hits }, mark: "bar", encoding: { x: x("from"), x2: { field: "to" }, y, color: colour,
      yOffset: { field: "theme", type: "nominal", scale: { domain: themes } } } },
  ] };
}

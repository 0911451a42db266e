// Changing a word list, with before and after of counts, scores and claims.
import { html, note, opens, option, percent, press, range, some, swatch, table, themeName, whole } from "./dom.js";
import { entryText, grouped } from "./patterns.js";
import { themeOf } from "./model.js";
import { claimCounted, generalText } from "./claims.js";

const MOST_CHANGED = 40;

export function editPanel(app) {
  const { model, counted, state } = app, theme = state.edit, keys = model.keysOf(theme);
  const hits = grouped(keys.flatMap(key => counted.hits.get(key) ?? []), hit => hit[3]), n = entry => hits.get(entry)?.length ?? 0;
  const line = entry => html`<li><span class="n">${n(entry)}</span><span><code>${entryText(entry)}</code>${entry.reason && html`<small>${entry.reason}</small>`}</span>
    ${press(`drop ${entry.key}/${entryText(entry)}`, "Take out", "link", html` aria-label="Take out ${entryText(entry)}"`)}</li>`;
  const list = key => {
    const own = counted.entries.filter(entry => entry.key === key).sort((a, b) => n(b) - n(a));
    return html`<div class="more"><h3>${model.label(key)}<span>${some(own.length, "line")}</span></h3><ul class="entries">${own.map(line)}</ul></div>`;
  };
  const form = (what, said, example, most, more, button) => html`<form class="adding" data-do="${what}"><label>${said} <input name="text" required
    maxlength="${most}" autocomplete="off" spellcheck="false" placeholder="for instance: ${example}"></label>${more}<button type="submit">${button}</button></form>`;
  const to = keys.length > 1 ? html`<label>to <select name="key">${keys.map(key => option(key, model.label(key)))}</select></label>`
    : html`<input type="hidden" name="key" value="${keys[0]}">`;
  const disabled = off => off && html` disabled`;
  return html`<div class="kick"><span>${swatch(model, theme)} Word list</span>${press("close", "Close")}</div><h2 id="pane-title">${model.label(theme)}</h2>
    <p class="tools">${press("undo", "Undo", "link", disabled(!state.edits.length))}${press("redo", "Redo", "link", disabled(!app.undone.length))}
      ${press("save lexicon", "Save lexicon")}${opens("Open lexicon")}</p>
    ${app.editProblem && html`<p class="remark" role="alert">${app.editProblem}</p>`}${model.mode === "texts"
    ? [form("add", "Add a word, a phrase or a pattern", "levy, or cost* ~5 allies", 300, to, "Add"),
      form("word", "Take a word out of every list", "partner*", 60, "", "Take out")]
    : note("Without the texts entries can be taken out, and everything is counted anew; to add words the texts are needed, for where a new word stands is not known here.")}
    ${state.edits.length > 0 && beforeAndAfter(app)}${keys.map(list)}`;
}

/** Show what the edits change: sentences of each text, scores, claims. */
function beforeAndAfter(app) {
  const { model, counted, state, judged } = app, before = model.original, cells = (from, theme) => from.cells.get(theme);
  const differs = (theme, part) => cells(counted, theme).flatMap((cell, i) => (cell[part] === cells(before, theme)[i][part] ? [] : [model.documents[i]]));
  const touched = model.themes.filter(theme => differs(theme, "sentences").length || differs(theme, "hits").length);
  const changed = touched.flatMap(theme => differs(theme, "sentences").map(text => [theme, text]));
  const arrow = (was, is) => (was === is ? html`${is}` : html`${was} → <b>${is}</b>`);
  const edit = ({ what, text }, i) => html`<li><span class="n">${i + 1}</span><span>${{ add: "added", drop: "taken out", word: "taken out of every list" }[what]}:
    <code>${text}</code></span></li>`;
  const scored = theme => {
    const was = model.scoresOf(before, theme), is = model.scoresOf(counted, theme);
    const moved = part => html`${arrow(percent(was[part][0]), percent(is[part][0]))} (${range(is[part].slice(1))})`;
    return was && note(html`<b>${model.label(theme)}</b> against the codes: rightly marked ${moved("precision")}, found ${moved("recall")}.`);
  };
  const claimed = claim => {
    const was = claimCounted(app, claim, before).holds, { holds, text } = claimCounted(app, claim, counted);
    const now = was === holds ? (holds ? "Still so on these pages" : "Still not so") : holds ? "Now so on these pages" : "No longer so on these pages";
    return note(html`<b>${claim.text}.</b> ${now}: ${text}. In general: ${generalText(app, claim)}.`);
  };
  const row = ([theme, text]) => [themeName(model, theme), text.short, html`${arrow(cells(before, theme)[text.number].sentences,
    cells(counted, theme)[text.number].sentences)} <span>of ${text.body.length}</span>`];
  return html`<div class="more changes" role="status"><h3>Before and after<span>${some(state.edits.length, "edit")}</span></h3><ul class="entries">${state.edits.map(edit)}</ul>
    ${touched.length ? table(["theme", "text", "sentences"], changed.slice(0, MOST_CHANGED).map(row)) : note("No count changes.")}
    ${changed.length > MOST_CHANGED && note(`${whole(MOST_CHANGED)} of ${whole(changed.length)} changes; all counts are in the saved table of senses.`)}
    ${touched.map(scored)}${model.claims.filter(claim => claim.recounted && touched.includes(themeOf(claim.asked_theme))).map(claimed)}
    ${note(!judged ? "Verdicts are being computed." : judged.length > 0
    && "Verdicts on pairs of texts were computed in this page, by the method of the library.")}</div>`;
}

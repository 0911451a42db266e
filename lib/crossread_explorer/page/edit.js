// Changing a word list, with before and after of counts, scores and claims.
import { capital, html, percent, range, some, swatch, whole } from "./dom.js";
import { entryText } from "./patterns.js";
import { themeOf } from "./model.js";
import { claimCounted, claimText, claimVerdict, generalText, verdictText } from "./claims.js";

const MOST_CHANGED = 40;

/** Let a long pattern break after its bars. */
const broken = text => text.split("|").map((part, i) => html`${i > 0 && html`|<wbr>`}${part}`);

export function editPanel(app) {
  const { model, counted, state } = app, theme = state.edit, t = model.themes.indexOf(theme);
  const entries = counted.entries.filter(entry => themeOf(entry.key) === theme), keys = [...new Set(model.lexicon.entries.map(entry => entry.key).filter(key => themeOf(key) === theme))];
  const hits = new Map();
  for (const key of keys) for (const hit of counted.hits.get(key) || []) hits.set(hit[3], (hits.get(hit[3]) || 0) + 1);
  return html`<div class="kick"><span>${swatch(t)} Word list</span><button type="button" class="link" data-do="edit">Close</button></div><h2 id="pane-title">${model.label(theme)}</h2>
    <p class="tools"><button type="button" class="link" data-do="undo"${!state.edits.length && html` disabled`}>Undo</button><button type="button" class="link" data-do="redo"${!app.undone.length && html` disabled`}>Redo</button>
      <button type="button" class="link" data-do="save lexicon">Save lexicon</button><button type="button" class="link" data-do="open lexicon">Open lexicon</button></p>
    ${app.editProblem && html`<p class="remark" role="alert">${app.editProblem}</p>`}
    ${model.mode === "texts" ? html`<form class="adding" data-form="entry"><label>Add a word, a phrase or a pattern <input name="text" required maxlength="300" autocomplete="off" spellcheck="false" placeholder="for instance: levy, or cost* ~5 allies"></label>
      ${keys.length > 1 ? html`<label>to <select name="key">${keys.map(key => html`<option value="${key}">${model.label(key)}</option>`)}</select></label>` : html`<input type="hidden" name="key" value="${keys[0]}">`}<button type="submit">Add</button></form>
      <form class="adding" data-form="word"><label>Take a word out of every list <input name="text" required maxlength="60" autocomplete="off" spellcheck="false" placeholder="for instance: partner*"></label><button type="submit">Take out</button></form>`
      : html`<p class="note">Without the texts entries can be taken out, and everything is counted anew; to add words the texts are needed, for where a new word stands is not known here.</p>`}
    ${state.edits.length > 0 && beforeAndAfter(app)}
    ${keys.map(key => html`<div class="more"><h3>${model.label(key)}<span>${some(entries.filter(entry => entry.key === key).length, "line")}</span></h3><ul class="entries">${entries.filter(entry => entry.key === key)
      .sort((a, b) => (hits.get(b) || 0) - (hits.get(a) || 0)).map(entry => html`<li><span class="n">${hits.get(entry) || 0}</span><span><code>${broken(entryText(entry))}</code>${entry.reason && html`<small>${entry.reason}</small>`}</span>
      <button type="button" class="link" data-do="drop ${entry.key}/${entryText(entry)}" aria-label="Take out ${entryText(entry)}">Take out</button></li>`)}</ul></div>`)}`;
}

/** Show what the edits change: sentences of each text, scores, claims. */
function beforeAndAfter(app) {
  const { model, counted, state } = app, before = model.original;
  const touched = model.themes.filter(theme => model.documents.some((_, i) => counted.cells.get(theme)[i].sentences !== before.cells.get(theme)[i].sentences || counted.cells.get(theme)[i].hits !== before.cells.get(theme)[i].hits));
  const changed = touched.flatMap(theme => model.documents.map((document, i) => [theme, document, before.cells.get(theme)[i].sentences, counted.cells.get(theme)[i].sentences])).filter(([, , was, is]) => was !== is);
  const arrow = (was, is) => (was === is ? html`${is}` : html`${was} → <b>${is}</b>`);
  return html`<div class="more changes" role="status"><h3>Before and after<span>${some(state.edits.length, "edit")}</span></h3><ul class="entries">${state.edits.map((edit, i) => html`<li><span class="n">${i + 1}</span><span>${{ add: "added", drop: "taken out", word: "taken out of every list" }[edit.what]}:
      <code>${edit.text}</code></span><button type="button" class="link" data-do="revert ${i}" aria-label="Undo ${edit.text}">Undo</button></li>`)}</ul>
    ${touched.length ? html`<table class="plain"><thead><tr><th scope="col">theme</th><th scope="col">text</th><th scope="col">sentences</th></tr></thead><tbody>${changed.slice(0, MOST_CHANGED).map(([theme, document, was, is]) => html`<tr><th
      scope="row">${swatch(model.themes.indexOf(theme))} ${model.label(theme)}</th><td>${document.short}</td><td>${arrow(was, is)} <span>of ${document.body.length}</span></td></tr>`)}</tbody></table>${changed.length > MOST_CHANGED && html`<p
      class="note">${whole(MOST_CHANGED)} of ${whole(changed.length)} changes; all counts are in the saved table of senses.</p>`}` : html`<p class="note">No count changes.</p>`}
    ${touched.map(theme => [theme, model.scoresOf(before, theme), model.scoresOf(counted, theme)]).filter(([, was]) => was).map(([theme, was, is]) => html`<p class="note"><b>${model.label(theme)}</b> against the codes: rightly marked ${arrow(percent(was.precision[0]), percent(is.precision[0]))} (${range(is.precision.slice(1))}),
      found ${arrow(percent(was.recall[0]), percent(is.recall[0]))} (${range(is.recall.slice(1))}).</p>`)}
    ${model.claims.filter(claim => touched.includes(themeOf(claim.asked_theme))).map(claim => { const was = claimCounted(app, claim, before), is = claimCounted(app, claim, counted); return html`<p class="note"><b>${claimText(app, claim)}.</b> ${was.holds === is.holds ? (is.holds ? "Still so on these pages" : "Still not so") : is.holds ? "Now so on these pages" : "No longer so on these pages"}: ${is.text}.
      In general${claimVerdict(app, claim).verdict === claim.verdict ? " as before: " : `: ${verdictText(claim.verdict)} → `}${generalText(app, claim)}.</p>`; })}
    <p class="note">${capital(app.judged ? "verdicts of the edited lists were computed in this page, by the method of the library" : "verdicts are being computed")}${app.judged?.draws ? `, with ${whole(app.judged.draws)} draws` : ""}.</p></div>`;
}

// The reading pane: what is asked, in three statements that are never mixed, and the sentences behind it.
import { capital, html, inside, listed, named, ofAll, percent, range, saves, some, spelled, swatch, whole } from "./dom.js";
import { rowsOf, themeOf } from "./model.js";
import { withoutWord } from "./finder.js";
import { entriesOf, markedSentence, nothingFound, numbersOf, sentenceBar, wordsOf } from "./evidence.js";
import { claimFacts, claimText, ratioText } from "./claims.js";

const MOST_LISTED = 60;

export function paneMarkup(app) {
  const { state } = app;
  if (!state.ask) return questions(app);
  const { kick, title, facts } = about(app);
  return html`<div class="kick"><span>${kick}</span><button type="button" class="link" data-do="close">Close</button></div>
    <h2 id="pane-title">${title}</h2><dl class="facts">${facts.map(([name, said]) => html`<dt>${name}</dt><dd>${said}</dd>`)}</dl>
    ${evidenceList(app)}${extras(app)}`;
}

function about(app) {
  const { model, state, counted, evidence } = app, ask = state.ask;
  if (ask.kind === "key") return aboutKey(app, ask);
  if (ask.kind === "claim") {
    const claim = model.claims.find(one => one.claim === ask.id), t = model.themes.indexOf(themeOf(claim.asked_theme));
    return { kick: html`${swatch(t)} Claim`, title: claimText(app, claim), facts: claimFacts(app, claim) };
  }
  if (ask.kind === "stretch") {
    const document = model.documents[ask.document], rows = document.body.slice(ask.from, ask.to + 1), section = model.sectionOf(rows[0]);
    const all = section && section.rows.length === rows.length && section.rows[0] === rows[0];
    return {
      kick: `A stretch of ${document.label}`, title: all && section.title ? section.title : capital(numbersOf(model, rows)),
      facts: [["Length", `${some(rows.length, "sentence")}, ${wordsOf(model, rows)}`],
        ...model.themes.map((theme, t) => {
          const n = rows.filter(row => counted.rows.get(theme)?.has(row)).length;
          return [html`${swatch(t)} ${model.label(theme)}`, n ? html`<b>${n}</b> of ${rows.length}` : "none"];
        })],
    };
  }
  if (ask.kind === "reading") {
    const one = model.readings.find(reading => reading.reading === ask.id);
    return { kick: "Reading", title: one.title, facts: [["Says", one.text], ["Rests on", evidence.length ? "the sentences below." : "the counts alone."]] };
  }
  if (ask.kind === "topic") {
    const fitted = model.data.topics[state.shuffled ? 1 : 0];
    return {
      kick: state.shuffled ? "Topic of shuffled words" : "Topic", title: capital(listed(fitted.terms[ask.topic].slice(0, 3).map(named))),
      facts: [["Words", fitted.terms[ask.topic].map(named).join(", ")], ["Below", state.shuffled
        ? "Shuffled words stand in no passage: there is nothing to read, and that is the point."
        : `The ${spelled(evidence.length)} passages with the largest share of it.`]],
    };
  }
  return aboutSearch(app);
}

function aboutKey(app, ask) {
  const { model, counted } = app, theme = themeOf(ask.key), t = model.themes.indexOf(theme), label = model.label(ask.key);
  const cells = counted.cells.get(ask.key), kick = html`${swatch(t)} ${ask.key === theme ? "Theme" : model.label(theme)}`;
  if (ask.document === null) {
    const silent = model.documents.filter((_, i) => !cells[i].sentences), n = cells.reduce((sum, cell) => sum + cell.sentences, 0);
    return { kick, title: label, facts: [
      ["Counted", n ? html`<b>${some(n, "sentence")}</b> in ${ofAll(model.documents.length - silent.length, model.documents.length, "text")}.
        ${silent.length > 0 && `Silent: ${listed(silent.map(document => document.short))}.`}` : html`<b>Silent</b>: none of ${some(model.documents.length, "text")} speaks of it.`],
      ["General", pairsSaid(app, ask.key)],
    ] };
  }
  const document = model.documents[ask.document], cell = cells[ask.document], n = document.body.length, rate = model.rate(ask.key, ask.document);
  const limits = model.limits(counted, ask.key, ask.document);
  const measured = app.edited ? "Not for an edited list." : rate.measured == null
    ? (model.data.codes?.themes.includes(ask.key) ? "See the scores of the word list." : "No reader has coded sentences for this.")
    : rate.measured_low === rate.measured_high ? `Readers marked ${rate.measured ? percent(rate.measured) : "none"} of the sentences; all were read.`
    : `Readers would mark ${percent(rate.measured)} of the sentences (${range([rate.measured_low, rate.measured_high])}).`;
  return { kick, title: `${label} in ${document.short}`, facts: [
    ["Counted", cell.sentences ? html`<b>${ofAll(cell.sentences, n)}</b>, ${percent(cell.sentences / n)}.`
      : html`<b>Silent</b>: none of ${some(n, "sentence")}, ${some(document.n_tokens, "word")}.`],
    ["Measured", measured],
    ["General", cell.sentences ? `Further text of the kind: ${range(limits)}${rate.n_effective ? `; ${some(n, "sentence")} tell as much as ${whole(rate.n_effective)} apart` : ""}.`
      : `The silence still allows up to ${percent(limits[1])} of the sentences of further text.`],
  ] };
}

/** Say which pairs of texts differ in general, by the verdicts that stand. */
function pairsSaid(app, key) {
  const { model } = app;
  if (themeOf(key) !== key) return "Verdicts are given for themes, not for senses.";
  if (!app.verdicts) return "Being computed.";
  const rows = app.verdicts.filter(row => row.key === key);
  if (!rows.length) return model.documents.length < 2 ? "One text cannot be compared." : "Not in this page, with so many texts: study.contrasts() has the verdicts.";
  const counts = ["supported", "not distinguishable", "too few units"].map(verdict => [verdict, rows.filter(row => row.verdict === verdict).length]).filter(([, n]) => n);
  const edge = rows.filter(row => row.edge).length;
  const said = ([verdict, n]) => `${n === 1 ? "is" : "are"} ${verdict === "too few units" ? "between texts with too few units" : verdict}`;
  return html`${counts.length < 2 ? `${rows.length > 1 ? "All " : ""}${some(rows.length, "difference")} ${said(counts[0])}` : `Of ${some(rows.length, "difference")} ${listed(counts.map(one => `${spelled(one[1])} ${said(one)}`))}`}.${
    edge > 0 && ` ${capital(some(edge, "difference"))} at the edge of .05.`}`;
}

/** List the pairs, those first that are supported; what cannot be distinguished has the smallest ratio that could have been seen. */
function pairsTable(app, key) {
  const rows = (app.verdicts ?? []).filter(row => row.key === key), short = id => app.model.documents.find(document => document.doc_id === id)?.short ?? id;
  if (!rows.length) return "";
  const rank = row => ["supported", "not distinguishable", "too few units"].indexOf(row.verdict), shown = [...rows].sort((a, b) => rank(a) - rank(b) || Math.abs(b.difference) - Math.abs(a.difference)).slice(0, 30);
  const upper = row => (row.difference >= 0 ? [row.doc_a, row.doc_b] : [row.doc_b, row.doc_a]);
  const limits = row => (row.low == null ? "" : html` <span>(${range(row.difference >= 0 ? [row.low, row.high] : [-row.high, -row.low], points)})</span>`);
  return html`<details class="more"><summary>${rows.length > shown.length ? `The first ${shown.length} of ${some(rows.length, "difference")}` : "The differences one by one"}</summary><table class="plain"><thead><tr><th scope="col">more, less</th><th scope="col">points, limits</th><th
    scope="col">in general</th></tr></thead><tbody>${shown.map(row => html`<tr><th scope="row">${short(upper(row)[0])}, ${short(upper(row)[1])}</th><td>${points(Math.abs(row.difference))}${limits(row)}</td>
    <td>${row.verdict}${row.edge && ", at the edge"}${row.verdict === "not distinguishable" && html`<span>: ${ratioText(row.minimum_ratio)}</span>`}</td></tr>`)}</tbody></table></details>`;
}

const points = share => `${share < 0 ? "−" : ""}${Math.round(Math.abs(100 * share))}`;

function aboutSearch(app) {
  const { model, state, found } = app, kick = "Search";
  const title = html`<span class="typed">${state.find.length > 60 ? `${state.find.slice(0, 60)}…` : state.find}</span>`;
  if (!found || found.refused) return { kick, title, facts: [["Help", found?.refused ?? ""]] };
  const n = found.per.reduce((sum, one) => sum + one, 0), silent = model.documents.filter((_, i) => !found.per[i]);
  const forms = [...found.forms].sort((a, b) => b[1] - a[1]);
  return { kick, title, facts: [
    ["Counted", n ? html`<b>${some(n, "use")}</b> in ${ofAll(model.documents.length - silent.length, model.documents.length, "text")}.`
      : nothingFound(app)],
    ...(silent.length && n ? [["Silent", listed(silent.map(document => document.short))]] : []),
    ...(forms.length > 1 ? [["Forms", html`${forms.slice(0, 10).map(([form, times], i) => html`${i > 0 && ", "}${form} <b>${times}</b>`)}${forms.length > 10 && ` and ${forms.length - 10} more`}`]] : []),
  ] };
}

/** List the sentences behind the question by document; the one that is read stands among its neighbours. */
function evidenceList(app) {
  const { model, state, evidence } = app;
  if (!evidence.length) return state.ask.kind === "key" || state.ask.kind === "claim"
    ? html`<p class="remark">There is no sentence to list: that is the finding.</p>` : "";
  const unit = evidence.some(one => one.rows.length > 1) ? "passage" : evidence.some(one => model.sentences[one.rows[0]].kind) ? "place" : "sentence"; // headings and notes are no sentences
  const longest = Math.max(40, ...evidence.flatMap(one => one.rows.map(row => model.sentences[row].n)));
  const first = Math.max(0, Math.min(state.at - 20, evidence.length - MOST_LISTED)), shown = evidence.slice(first, first + MOST_LISTED);
  let before = null;
  return html`<div class="stepper"><span>${state.at + 1} of ${some(evidence.length, unit)}</span>
    <button type="button" class="link" data-do="reader ${evidence[state.at]?.rows[0]}">Read there</button>
    <button type="button" data-do="step -1" aria-label="Previous ${unit}">↑</button><button type="button" data-do="step 1" aria-label="Next ${unit}">↓</button></div>
    <ol class="items" start="${first + 1}">${shown.map((one, i) => {
      const document = model.documents[model.sentences[one.rows[0]].document], head = document !== before;
      before = document;
      return html`<li>${head && html`<h3>${document.label}<span>${perDocument(app, document, unit)}</span></h3>`}
        ${item(app, one, first + i, longest)}</li>`;
    })}</ol>${evidence.length > shown.length && html`<p class="remark">${some(shown.length, unit)} of ${evidence.length} are listed around the one that is read; all of them are in the saved table.</p>`}${saves({ table: "hits" })}`;
}

function perDocument(app, document, unit) {
  app.evidence.perDocument ??= app.evidence.reduce((counts, one) => { counts[app.model.sentences[one.rows[0]].document]++; return counts; }, app.model.documents.map(() => 0));
  const n = app.evidence.perDocument[document.number];
  return unit === "sentence" ? ofAll(n, document.body.length) : some(n, unit);
}

function item(app, one, i, longest) {
  const { model, state } = app, current = i === state.at, section = model.sectionOf(one.rows[0])?.title;
  const texts = one.rows.every(row => model.sentences[row].text !== null);
  const { body, place: places } = model.documents[model.sentences[one.rows[0]].document], place = places.get(one.rows[0]) ?? -1;
  const neighbour = step => {
    const row = body[place + step];
    return current && texts && one.rows.length === 1 && place >= 0 && row !== undefined && html`<span class="near">${model.sentences[row].text} </span>`;
  };
  return html`<button type="button" class="item" data-do="at ${i}" aria-current="${current ? "true" : "false"}">
    <span class="where"><b>${numbersOf(model, one.rows)}</b>${section && html`<em>${section}</em>`}<span>${one.share !== undefined
      ? `${percent(one.share)} of it` : one.n ? some(one.n, "use") : wordsOf(model, one.rows)}</span></span>
    ${texts ? html`<span class="text">${neighbour(-1)}${one.rows.map(row => html`${markedSentence(app, row, one.hits.filter(hit => hit[0] === row))} `)}${neighbour(1)}</span>`
      : html`${one.rows.length === 1 ? sentenceBar(app, one.rows[0], one.hits, longest) : ""}<span class="patterns">${one.forms?.join(", ")}${entriesOf(app, one.hits)}</span>`}</button>`;
}

function extras(app) {
  const { model, state } = app, ask = state.ask, parts = [];
  if (ask.kind === "find" && app.found && !app.found.refused) parts.push(addToTheme(app, state.find));
  if (ask.kind === "key") {
    if (ask.document === null) parts.push(pairsTable(app, ask.key));
    const theme = themeOf(ask.key), company = model.data.company?.[ask.key];
    if (company?.length && ask.document === null && !app.edited) {
      parts.push(html`<div class="more"><h3>In the company of “${model.label(ask.key)}”</h3><p>${company.slice(0, 8).map(([term, n, expected], i) => html`${i > 0 && ", "}<button
        type="button" class="link" data-do="find ${term}">${term}</button> <span class="soft">${n}</span>`)}</p>
        <p class="note">Words within five of a hit, three times or more and more often than chance puts them there (G² above 10.8); the theme’s own words and function words are left out.</p></div>`);
    }
    parts.push(html`<p class="tools"><button type="button" class="link" data-do="edit ${theme}">Change this word list</button></p>`);
  }
  if (model.mode === "counts") parts.push(attachNote(app));
  return parts;
}

export function attachNote(app) {
  return app.model.mode === "hits" ? html`<p class="note foot">This corpus is large: the page holds counts, and of the texts only the sentences with a hit. Searches
    are answered by document, for words that occur five times or more.</p>` : html`<p class="note foot">The texts are their publishers’ and are not in this page: it holds counts and places. With your own copies,
    <code>python3 run.py attach FOLDER</code> and then <code>python3 run.py explore ${app.model.data.name}</code> make a page with the sentences.</p>`;
}

export function addToTheme(app, text) {
  const { model } = app;
  return html`<form class="adding" data-form="add"><label>Add “${text.length > 30 ? `${text.slice(0, 30)}…` : text}” to
    <select name="key">${model.themes.map(theme => (model.sensesOf(theme).length ? html`<optgroup label="${model.label(theme)}">${model.sensesOf(theme).map(key => html`<option
      value="${key}">${model.label(key)}</option>`)}</optgroup>` : html`<option value="${theme}">${model.label(theme)}</option>`))}</select></label>
    <input type="hidden" name="text" value="${text}"><button type="submit">Add</button></form>
    ${wordsOfLists(app, text)}`;
}

/** Say in how many lines of the word lists a word stands, and lead to what changes without it; without texts, to what could. */
function wordsOfLists({ model, counted }, typed) {
  let changed = [];
  try { ({ changed } = withoutWord(counted.entries, typed)); } catch { return ""; } // no word of a list
  if (!changed.length) return "";
  const said = `“${typed}” stands in ${changed.length === 1 ? "one line" : `${changed.length} lines`} of the word lists`;
  if (model.mode === "texts") return html`<p class="note">${said}. <button type="button" class="link" data-do="word ${typed}">See what changes without it</button></p>`;
  const lines = new Set(changed), hitsOf = (theme, test) => counted.hits.get(theme).filter(test).length;
  const most = model.themes.map(theme => [theme, hitsOf(theme, hit => lines.has(hit[3]))]).filter(([, n]) => n).map(([theme, n]) => `${whole(n)} of ${some(hitsOf(theme, () => true), "hit")} of ${inside(model.label(theme))}`);
  return html`<p class="note">${said}. ${most.length ? `Without it at most ${listed(most)} would go; which of them, only the texts can tell.` : "They have no hits here: nothing would change."}</p>`;
}

/** Questions to begin with: a sense of each theme where one text stands out, then whole themes, then a silence. */
export function asks(app) {
  const { model, counted } = app, found = [], used = new Set();
  const stands = key => model.documents[sharesOf(app, key).reduce((best, share, i, all) => (share > all[best] ? i : best), 0)];
  for (const key of model.themes.flatMap(theme => model.sensesOf(theme)).sort((a, b) => spread(app, b) - spread(app, a))) {
    if (used.has(themeOf(key)) || used.size === 3) continue;
    used.add(themeOf(key));
    found.push([`What does ${stands(key).short} say of ${inside(model.label(key))}?`, `ask ${key}/${stands(key).doc_id}`]);
  }
  const total = key => counted.cells.get(key).reduce((sum, cell) => sum + cell.sentences, 0);
  for (const theme of [...model.themes].sort((a, b) => total(b) - total(a)).slice(0, 7 - found.length - 1)) found.push([`Who speaks of ${inside(model.label(theme))}, and where?`, `ask ${theme}`]);
  const silence = model.themes.flatMap(theme => model.documents.filter((_, i) => !counted.cells.get(theme)[i].sentences).map(document => [theme, document]))[0];
  if (silence) found.push([`Is ${silence[1].short} really silent on ${inside(model.label(silence[0]))}?`, `ask ${silence[0]}/${silence[1].doc_id}`]);
  return html`<ul class="asks">${found.map(([question, action]) => html`<li><button type="button" data-do="${action}">${question}</button></li>`)}</ul>`;
}

const sharesOf = (app, key) => app.counted.cells.get(key).map((cell, i) => cell.sentences / Math.max(1, app.model.documents[i].body.length));

function spread(app, key) {
  const [most, next] = sharesOf(app, key).sort((a, b) => b - a);
  return most - (next ?? 0);
}

function questions(app) {
  const { model } = app;
  return html`<div class="kick"><span>Reading pane</span></div><h2 id="pane-title">Ask the texts</h2>${asks(app)}
    <p class="note">Or press any number, claim, sentence or section, or drag over a stretch: the evidence lights up and is listed here.</p>
    ${trust(app)}${model.mode !== "texts" && attachNote(app)}`;
}

/** How well the word lists find what coders marked: on sentences that nobody who wrote them had seen, and on those that guided them. */
function trust(app) {
  const { model, counted } = app, rows = model.themes.map(theme => [theme, model.scoresOf(counted, theme)]).filter(([, own]) => own);
  if (!rows.length) return html`<div class="more"><h3>How well the word lists read</h3><p class="note">Nobody has coded sentences of these texts: no one knows.</p></div>`;
  const scores = new Map(rowsOf(model.data.scores).map(row => [row.key, row])), first = scores.get(rows[0][0]);
  const blind = app.edited ? [] : rows.map(([theme]) => scores.get(theme)).filter(row => row?.blind_n);
  const name = theme => html`<th scope="row" class="x${model.themes.indexOf(theme) % 8}">${model.label(theme)}</th>`, head = html`<thead><tr><th scope="col">theme</th><th scope="col">rightly marked</th><th scope="col">found</th></tr></thead>`;
  return html`<div class="more"><h3>How well the word lists read</h3>${blind.length > 0 && html`<p class="note">On ${whole(blind[0].blind_n)} sentences that nobody who wrote the lists had seen (${blind[0].blind_texts})${
    blind[0].lexicon_changed && ", by the lists as they were then"}:</p><table class="plain">${head}<tbody>${blind.map(row => html`<tr>${name(row.key)}<td>${percent(row.blind_precision)}</td><td>${percent(row.blind_recall)}</td></tr>`)}</tbody></table>`}
    <p class="note">Against ${whole(rows[0][1].n)} sentences of these texts coded by ${listed(model.data.codes.coders)}${first?.guided && ", which guided the lists"}; limits in brackets:</p>
    <table class="plain">${head}<tbody>${rows.map(([theme, own]) => html`<tr>${name(theme)}
      <td>${percent(own.precision[0])} <span>(${range(own.precision.slice(1))})</span></td><td>${percent(own.recall[0])} <span>(${range(own.recall.slice(1))})</span></td></tr>`)}
    </tbody></table></div>`;
}

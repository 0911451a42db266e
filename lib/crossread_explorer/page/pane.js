// The reading pane: what is asked, in three statements that are never mixed, and the sentences behind it.
import { capital, html, listed, note, ofAll, option, percent, points, press, range, remark, saves, several, short, some, swatch,
  table, themeName, total, whole } from "./dom.js";
import { themeOf } from "./model.js";
import { entryText, grouped, tried, withoutWord } from "./patterns.js";
import { entriesOf, markedSentence, nothingFound, numbersOf, sentenceBar, stepper, wordsOf } from "./evidence.js";
import { claimFacts, ratioText } from "./claims.js";

const MOST_LISTED = 60, MOST_PAIRS = 30, MOST_SAID = 8, MOST_BESIDE = 6; // sentences, pairs, texts and senses that are listed
const VERDICTS = ["supported", "not distinguishable", "too few units"];

export function paneMarkup(app) {
  if (!app.question) return questions(app);
  const { kick, title, facts } = ABOUT[app.question.kind](app, app.question);
  return html`<div class="kick"><span>${kick}</span>${press("close", "Close")}</div><h2 id="pane-title">${title}</h2>
    <dl class="facts">${facts.map(([name, said]) => html`<dt>${name}</dt><dd>${said}</dd>`)}</dl>${evidenceList(app)}${extras(app)}`;
}

/** What the pane says of each kind of question: what it is about, its title, and facts by name. */
const ABOUT = {
  key: (app, { key, text }) => (text ? aboutCell(app, key, text) : aboutKey(app, key)),
  claim: (app, { id }) => {
    const claim = app.model.claims.find(one => one.claim === id);
    return { kick: html`${swatch(app.model, claim.asked_theme)} Claim`, title: claim.text, facts: claimFacts(app, claim) };
  },
  stretch: ({ model, counted }, { text, rows }) => {
    const section = model.sectionOf(rows[0]);
    const all = section?.title && section.rows.length === rows.length && section.rows[0] === rows[0];
    const themes = model.themes.map(theme => {
      const n = rows.filter(row => counted.rows.get(theme)?.has(row)).length;
      return [themeName(model, theme), n ? html`<b>${n}</b> of ${rows.length}` : "none"];
    });
    return { kick: `A stretch of ${text.label}`, title: all ? section.title : capital(numbersOf(model, rows)),
      facts: [["Length", `${some(rows.length, "sentence")}, ${wordsOf(model, rows)}`], ...themes] };
  },
  topic: ({ model, state, evidence }, { topic }) => {
    const words = model.data.topics[state.shuffled ? 1 : 0].terms[topic];
    return { kick: state.shuffled ? "Topic of shuffled words" : "Topic", title: capital(listed(words.slice(0, 3))),
      facts: [["Words", words.join(", ")], ["Below", state.shuffled
        ? "Shuffled words stand in no passage: there is nothing to read, and that is the point."
        : `${capital(several(evidence.length, "passage"))} with the largest share of it.`]] };
  },
  find: app => {
    const { model, state, found } = app, about = { kick: "Search", title: short(state.find) };
    if (!found || found.refused) return { ...about, facts: [["Help", found?.refused ?? ""]] };
    const n = total(found.per), forms = [...found.forms].sort((a, b) => b[1] - a[1]), silent = model.documents.filter((_, i) => !found.per[i]);
    return { ...about, facts: [["Counted", n ? inTexts(model, some(n, "use"), silent) : nothingFound(app)],
      silent.length && n && ["Silent", listed(silent.map(text => text.short))],
      forms.length > 1 && ["Forms", html`${forms.slice(0, 10).map(([form, times], i) => html`${i > 0 && ", "}${form} <b>${times}</b>`)}${
        forms.length > 10 && ` and ${forms.length - 10} more`}`]].filter(Boolean) };
  },
};

const inTexts = ({ documents }, n, silent) => html`<b>${n}</b> in ${ofAll(documents.length - silent.length, documents.length, "text")}.`;

const kickOf = (model, key) => html`${swatch(model, key)} ${key === themeOf(key) ? "Theme" : model.label(themeOf(key))}`;

function aboutKey(app, key) {
  const { model, counted } = app, cells = counted.cells.get(key), n = total(cells.map(cell => cell.sentences));
  const silent = model.silent(counted, key), spoken = model.rowsWith(counted, key);
  const beside = model.senses.filter(other => themeOf(other) !== themeOf(key)).map(other => [other, spoken.filter(row => counted.rows.get(other).has(row)).length]).filter(([, own]) => own)
    .sort((a, b) => b[1] - a[1]).slice(0, MOST_BESIDE).map(([other, own]) => html`${press(`ask ${other}`, model.inside(other))} ${own}`);
  return { kick: kickOf(model, key), title: model.label(key), facts: [
    ["Counted", n ? html`${inTexts(model, some(n, "sentence"), silent)} ${model.documents.length <= MOST_SAID && `${listed(cells.flatMap(({ sentences, share }, i) =>
      (sentences ? [`${model.documents[i].short} ${sentences} of ${model.documents[i].body.length} (${percent(share)})`] : [])), "and", MOST_SAID)}. `}${
      silent.length > 0 && `Silent: ${listed(silent.map(text => text.short))}.`}`
      : html`<b>Silent</b>: none of ${some(model.documents.length, "text")} speaks of it.`],
    ...(beside.length ? [["Beside it", [beside.map((one, i) => html`${i > 0 && ", "}${one}`), " of the same sentences."]]] : []),
    ["General", pairsSaid(app, key)],
  ] };
}

function aboutCell(app, key, text) {
  const { model, counted } = app, { sentences, share } = counted.cells.get(key)[text.number], n = text.body.length;
  const rate = model.rate(key, text.number), limits = model.limits(counted, key, text.number);
  const measured = app.edited ? "Not for an edited list." : rate.measured == null
    ? (model.data.codes?.themes.includes(key) ? "See the scores of the word list." : "Nobody has coded sentences for this.")
    : rate.measured_low === 0 && rate.measured_high === 1 ? "No sentence of this text is coded."
    : rate.measured_low === rate.measured_high ? `Coders marked ${rate.measured ? percent(rate.measured) : "none"} of the sentences; all were coded.`
    : `Coders would mark ${percent(rate.measured)} of the sentences (${range([rate.measured_low, rate.measured_high])}).`;
  const apart = rate.n_effective ? `; ${some(n, "sentence")} tell as much as ${whole(rate.n_effective)} apart` : "";
  return { kick: kickOf(model, key), title: `${model.label(key)} in ${text.short}`, facts: [
    ["Counted", sentences ? html`<b>${ofAll(sentences, n)}</b>, ${percent(share)}.`
      : html`<b>Silent</b>: none of ${some(n, "sentence")}, ${some(text.n_tokens, "word")}.`],
    ["Measured", measured],
    ["General", sentences ? `Further text of the kind: ${range(limits)}${apart}.`
      : `The silence still allows up to ${percent(limits[1])} of the sentences of further text.`],
  ] };
}

const verdictsOf = (app, key) => (app.verdicts ?? []).filter(row => row.key === key);

/** Say which pairs of texts differ in general, by the verdicts that stand. */
function pairsSaid(app, key) {
  if (themeOf(key) !== key) return "Verdicts are given for themes, not for senses.";
  if (!app.counted.parts.get(key).own.length) return "Its word list is empty.";
  if (!app.verdicts) return "Being computed.";
  const rows = verdictsOf(app, key), n = rows.length, edge = rows.filter(row => row.edge).length;
  if (!n) return app.model.documents.length < 2 ? "One text cannot be compared."
    : "Not in this page, with so many texts: study.contrasts() has the verdicts.";
  const counts = VERDICTS.map(verdict => [rows.filter(row => row.verdict === verdict).length, verdict]).filter(([own]) => own);
  return `${some(n, "difference")} of two texts: ${listed(counts.map(one => one.join(" ")))}${edge ? `; ${edge} at the edge of .05` : ""}.`;
}

/** List the pairs, those first that are supported; what cannot be distinguished has the smallest ratio that was sure to be seen. */
function pairsTable(app, key) {
  const rank = row => VERDICTS.indexOf(row.verdict), name = id => app.model.byId.get(id)?.short ?? id;
  const rows = verdictsOf(app, key).sort((a, b) => rank(a) - rank(b) || Math.abs(b.difference) - Math.abs(a.difference));
  const shown = rows.slice(0, MOST_PAIRS);
  return rows.length > 0 && html`<details class="more"><summary>${rows.length > shown.length
    ? `The first ${shown.length} of ${some(rows.length, "difference")}` : "The differences one by one"}</summary>${table(
    ["more, less", "points, limits", "in general"], shown.map(({ doc_a: a, doc_b: b, difference, low, high, verdict, edge, minimum_ratio: ratio }) => {
      const rising = difference >= 0, limits = rising ? [low, high] : [-high, -low];
      return [rising ? `${name(a)}, ${name(b)}` : `${name(b)}, ${name(a)}`,
        html`${points(Math.abs(difference))}${low != null && html` <span>(${range(limits, points)})</span>`}`,
        html`${verdict}${edge && ", at the edge"}${verdict === "not distinguishable" && html`<span>: ${ratioText(ratio)}</span>`}`];
    }))}</details>`;
}

/** What the evidence is: headings and notes are no sentences. */
export const unitOf = ({ model, evidence }) => (evidence.some(one => one.rows.length > 1) ? "passage"
  : evidence.some(one => model.sentences[one.rows[0]].kind) ? "place" : "sentence");

/** List the sentences behind the question by document; the one that is read stands among its neighbours. */
function evidenceList(app) {
  const { model, state, evidence } = app, n = evidence.length;
  if (!n) return ["key", "claim"].includes(app.question.kind) && remark("There is no sentence to list: that is the finding.");
  const unit = unitOf(app);
  const longest = Math.max(40, ...evidence.flatMap(one => one.rows.map(row => model.sentences[row].n)));
  const first = Math.max(0, Math.min(state.at - 20, n - MOST_LISTED)), shown = evidence.slice(first, first + MOST_LISTED);
  const textOf = one => model.textOf(one.rows[0]), all = grouped(evidence, textOf), firsts = new Set([...all.values(), shown].map(([own]) => own));
  const heading = one => firsts.has(one) && html`<h3>${textOf(one).label}<span>${unit === "sentence"
    ? ofAll(all.get(textOf(one)).length, textOf(one).body.length) : some(all.get(textOf(one)).length, unit)}</span></h3>`;
  return html`<div class="stepper"><span>${state.at + 1} of ${some(n, unit)}</span>
    ${press(`reader ${evidence[state.at].rows[0]}`, "Read there")}${stepper(unit)}</div>
    <ol start="${first + 1}">${shown.map((one, i) => html`<li>${heading(one)}${
      item(app, one, first + i, longest)}</li>`)}</ol>${n > shown.length && remark(`${some(shown.length, unit)} of ${n} are
      listed around the one that is read; all of them are in the saved table.`)}${saves({ table: "hits" })}`;
}

function item(app, one, i, longest) {
  const { model, state } = app, { rows, hits } = one, section = model.sectionOf(rows[0])?.title;
  const { body, place } = model.textOf(rows[0]), texts = rows.every(row => model.sentences[row].text !== null);
  const neighbour = step => {
    const row = i === state.at && rows.length === 1 && place.has(rows[0]) ? body[place.get(rows[0]) + step] : undefined;
    return row !== undefined && html`<span class="near">${model.sentences[row].text} </span>`;
  };
  const size = one.share !== undefined ? `${percent(one.share)} of it` : one.n ? some(one.n, "use") : wordsOf(model, rows);
  return press(`at ${i}`, html`<span class="where"><b>${numbersOf(model, rows)}</b>${section && html`<em>${section}</em>`}<span>${size}</span></span>
    ${texts ? html`<span class="text">${neighbour(-1)}${rows.map(row => html`${markedSentence(app, row, hits.filter(hit => hit[0] === row))} `)}${neighbour(1)}</span>`
      : html`${rows.length === 1 && sentenceBar(app, rows[0], hits, longest)}<span class="patterns">${one.forms?.join(", ")}${entriesOf(app, hits)}</span>`}`,
  "item", html` aria-current="${String(i === state.at)}"`);
}

function extras(app) {
  const { model, found } = app, { kind, key, text } = app.question, company = !app.edited && model.data.company?.[key];
  return [
    kind === "find" && found && !found.refused && addToTheme(app, entryText(found.entry)),
    kind === "key" && !text && pairsTable(app, key),
    kind === "key" && !text && company?.length > 0 && html`<div class="more"><h3>In the company of “${model.label(key)}”</h3>
      <p>${company.slice(0, 8).map(([term, n], i) => html`${i > 0 && ", "}${press(`find ${term}`, term)} <span class="soft">${n}</span>`)}</p>
      ${note("Words within five of a hit, three times or more and more often than chance puts them there (G² above 10.8); the theme’s own words and function words are left out.")}</div>`,
    kind === "key" && html`<p class="tools">${press(`edit ${themeOf(key)}`, "Change this word list")}</p>`,
    model.mode === "counts" && attachNote(app),
  ];
}

export const attachNote = ({ model }) => html`<p class="note more">${model.mode === "hits" ? `This corpus is large: the page holds counts, and of the
  texts only the sentences with a hit. Searches are answered by document, for words that occur five times or more.`
  : html`The texts are their publishers’ and are not in this page: it holds counts and places. With your own copies, <code>python3 run.py attach FOLDER</code>
    and then <code>python3 run.py explore ${model.data.name}</code> make a page with the sentences.`}</p>`;

export function addToTheme(app, text) {
  const { model } = app, labelled = key => option(key, model.label(key));
  return html`${model.mode === "texts" && html`<form class="adding" data-do="add"><label>Add “${short(text)}” to
    <select name="key">${model.themes.map(theme => (model.sensesOf(theme).length
      ? html`<optgroup label="${model.label(theme)}">${model.sensesOf(theme).map(labelled)}</optgroup>` : labelled(theme)))}</select></label>
    <input type="hidden" name="text" value="${text}"><button type="submit">Add</button></form>`}${wordsOfLists(app, text)}`;
}

/** Say in how many lines of the word lists a word, in all its forms, stands, and lead to what changes without it; without texts, to what could. */
function wordsOfLists({ model, counted }, typed) {
  const word = /^\p{L}+$/u.test(typed) ? `${typed}*` : typed, lines = tried(() => withoutWord(counted.entries, word).changed, () => []);
  const said = `“${word}” stands in ${several(lines.length, "line")} of the word lists. `;
  if (!lines.length) return null;
  if (model.mode === "texts") return note(said, press(`word ${word}`, `See what changes without ${word}`));
  const most = model.themes.flatMap(theme => {
    const hits = counted.hits.get(theme), n = hits.filter(hit => lines.includes(hit[3])).length;
    return n ? [`${whole(n)} of ${some(hits.length, "hit")} of ${model.inside(theme)}`] : [];
  });
  return note(said, `Without it at most ${listed(most) || "nothing"} would go; which of them, only the texts can tell.`);
}

/** Questions to begin with: a sense of each theme where one text stands out, then whole themes, then a silence. */
export function asks({ model, counted }) {
  const cells = key => counted.cells.get(key), said = key => model.inside(key), sentences = theme => total(cells(theme).map(cell => cell.sentences));
  const most = (a, b) => b.share - a.share, leads = model.senses.flatMap(key => model.documents.map(text => ({ key, text, share: cells(key)[text.number].share }))).sort(most);
  const found = [...grouped(leads, one => themeOf(one.key)).values()].filter(([one]) => one.share).slice(0, 3).map(([{ key, text }]) =>
    [`In which sentences of ${text.short} is “${model.label(key)}” found?`, `ask ${key}/${text.doc_id}`]);
  const spoken = model.themes.filter(sentences).sort((a, b) => sentences(b) - sentences(a)).slice(0, 6 - found.length);
  const [silence] = model.themes.flatMap(theme => model.silent(counted, theme).map(text => [theme, text]));
  found.push(...spoken.map(theme => [`Who speaks of ${said(theme)}, and where?`, `ask ${theme}`]));
  if (silence) found.push([`Is ${silence[1].short} really silent on ${said(silence[0])}?`, `ask ${silence[0]}/${silence[1].doc_id}`]);
  return html`<ul class="asks">${found.map(([question, action]) => html`<li>${press(action, question, "")}</li>`)}</ul>`;
}

const questions = app => html`<div class="kick"><span>Reading pane</span></div><h2 id="pane-title">Ask the texts</h2>${asks(app)}
  ${note("Or press any number, claim, sentence or section, or drag over a stretch: the evidence lights up and is listed here.")}
  <div class="more"><h3>How well the word lists read</h3>${trust(app)}</div>${app.model.mode !== "texts" && attachNote(app)}`;

/** How well the word lists find what coders marked: on sentences that nobody who wrote them had seen, and on those that guided them. */
function trust({ model, counted, edited }) {
  const own = model.themes.map(theme => [theme, model.scoresOf(counted, theme)]).filter(([, scores]) => scores);
  if (!own.length) return note("Nobody has coded sentences of these texts: no one knows.");
  const scores = model.data.scores.filter(row => own.some(([theme]) => theme === row.key)), heads = ["theme", "rightly marked", "found"];
  const blind = edited ? [] : scores.filter(row => row.blind_n), name = theme => themeName(model, theme);
  const limited = ([value, ...limits]) => html`${percent(value)} <span>(${range(limits)})</span>`;
  return html`${blind.length > 0 && html`${note(`On ${whole(blind[0].blind_n)} sentences that nobody who wrote the lists had seen (${blind[0].blind_texts}; coded by ${blind[0].blind_coders})${
    blind[0].lexicon_changed ? ", by the lists as they were then" : ""}:`)}${
    table(heads, blind.map(row => [name(row.key), percent(row.blind_precision), percent(row.blind_recall)]))}
      ${note("Coders also marked what only touches a theme, and that a list easily misses.")}`}
    ${note(`Against ${whole(own[0][1].n)} sentences of these texts coded by ${listed(model.data.codes.coders)}${
      scores[0]?.guided ? ", which guided the lists" : ""}; limits in brackets:`)}
    ${table(heads, own.map(([theme, { precision, recall }]) => [name(theme), limited(precision), limited(recall)]))}`;
}

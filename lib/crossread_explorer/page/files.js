// What leaves the page as a file, and what comes back.
import { entryText, grouped } from "./patterns.js";
import { drawn, embed } from "./charts.js";
import { stripsChart } from "./strips.js";
import { concordance } from "./search.js";
import { comparison } from "./words.js";
import { claimCounted, generalText } from "./claims.js";
import { START, write } from "./address.js";

/** Write rows as CSV. What a spreadsheet would take for a formula gets an apostrophe. */
function csv(header, rows) {
  const cell = value => {
    let text = String(value ?? "");
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header.split(" "), ...rows].map(row => row.map(cell).join(",")).join("\n") + "\n";
}

function download(app, name, href) {
  const file = `${app.model.data.name.replace(/[^\w-]+/g, "-")}-${name}`;
  Object.assign(document.createElement("a"), { href, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
  app.say(`Saved ${file}.`);
}

const TABLES = {
  senses: ({ model, counted }) => csv("key label doc_id sentences_with_hit n_sentences share share_low share_high hits n_tokens",
    model.themes.flatMap(theme => [theme, ...model.sensesOf(theme)]).flatMap(key => model.documents.map((text, i) => {
      const { sentences, share, hits } = counted.cells.get(key)[i];
      return [key, model.label(key), text.doc_id, sentences, text.body.length, share, ...model.limits(counted, key, i), hits, text.n_tokens];
    }))),
  claims: app => csv("claim text counted holds_on_these_pages general direction support", app.model.claims.map(claim => {
    const { text, holds } = claimCounted(app, claim);
    return [claim.claim, claim.text, text, holds, generalText(app, claim), claim.direction, claim.support];
  })),
  hits: ({ model, evidence }) => csv("sentence_id doc_id section n_tokens key entry uses text", evidence.flatMap(one => one.rows.map(row => {
    const own = one.hits.filter(hit => hit[0] === row), entries = own.map(hit => hit[3]).filter(Boolean), { n, text } = model.sentences[row];
    const joined = write => [...new Set(entries.map(write))].join("; ");
    return [model.idOf(row), model.textOf(row).doc_id, model.sectionOf(row)?.title ?? "", n, joined(entry => entry.key), joined(entryText), one.n ?? own.length, text ?? ""];
  }))),
  counts: ({ model, state, found: { per, limits } }) => csv("doc_id query uses n_tokens per_1000 low high", model.documents.map((text, i) =>
    [text.doc_id, state.find, per[i], text.n_tokens, (1000 * per[i]) / Math.max(1, text.n_tokens), ...limits[i]])),
  contexts: app => csv("doc_id sentence_id left match right", concordance(app, app.found).map(({ row, left, match, stop, right }) =>
    [app.model.textOf(row).doc_id, app.model.idOf(row), left, match, stop + right])),
  words: app => {
    const { target, reference, rows } = comparison(app);
    return csv("target reference term count reference_count per_1000 reference_per_1000 log_ratio low high verdict", rows.map(row =>
      [target, reference ?? "all others", row.term, row.a, row.b, row.rateA, row.rateB, row.ratio, row.low, row.high, row.verdict]));
  },
};

export function save(app, what) {
  const { model, state, kept } = app, file = (ending, text) => download(app, `${what}.${ending}`, URL.createObjectURL(new Blob([text]))), json = own => JSON.stringify(own, null, 1);
  if (what === "lexicon") file("yml", json(lexiconFile(model, state.edits)));
  else if (what in TABLES) file("csv", TABLES[what](app));
  else file("json", json({ crossread: "analysis", corpus: model.data.name, address: write(state), ...kept }));
}

/** Save strips or a chart as a picture. */
export async function savePicture(app, type, name) {
  const view = name === "strips" ? await embed(app, document.createElement("div"), stripsChart(app)) : drawn.get(app.$(`[data-chart="${name}"]`))?.view;
  if (view) download(app, `${name}.${type}`, await view.toImageURL(type, 2)); else app.say("The picture is not drawn yet.");
}

/** Return a lexicon as the library reads it: nested keys, the entries of each in a list; JSON is YAML. `_page` is for the page. */
function lexiconFile(model, edits) {
  const entries = model.entriesAfter(edits), isLeft = ([key]) => entries.some(entry => `${entry.key}.`.startsWith(`${key}.`));
  const labels = Object.entries(model.data.lexicon.named).filter(isLeft); // the library refuses names of nothing
  const file = { __proto__: null, _page: write({ ...START, edits }), _labels: labels.length ? Object.fromEntries(labels) : undefined };
  for (const [key, own] of grouped(entries, entry => entry.key)) {
    const place = key.split(".").reduce((held, name) => held[name] ??= Object.create(null), file);
    place.__ = own.map(({ pattern, near, within, blocked, tier, reason, source }) => ({ pattern, with: near.length ? near : undefined,
      within: within ?? undefined, not: blocked.length ? blocked : undefined, tier, reason: reason || undefined, source: source || undefined }));
  }
  return file;
}

/** Tell whether a file is the lexicon that some edits make: then it is opened as these edits. */
export const isLexiconOf = (model, saved, edits) => JSON.stringify(saved) === JSON.stringify(lexiconFile(model, edits));

// Claims in words: what is counted, what is measured, and what may be said in general.
import { capital, html, listed, ofAll, percent, range, some, whole } from "./dom.js";

export const VERDICTS = { supported: "supported", "not distinguishable": "not distinguishable", contradicted: "the opposite is supported", "not judged": "not judged" };
export const verdictText = verdict => VERDICTS[verdict] ?? "too few units";

/** Write the claim with the names of its texts. */
export function claimText(app, claim) {
  const names = claim.asked_documents.map(id => documentOf(app, id).short);
  return claim.asked_text.replace(/\{([a-z])\}/g, (_, letter) => names[letter.charCodeAt(0) - 97] ?? "?").replace(/'/g, "’");
}

const documentOf = (app, id) => app.model.documents.find(document => document.doc_id === id);

/** Return what is counted of a claim in a text; a claim on another lexicon has the counts that Python gave. */
function cellOf(claim, document, counted) {
  return counted.cells.get(claim.asked_theme)?.[document.number] ?? { sentences: claim.asked_cells?.[document.number] ?? 0, hits: claim.asked_cells?.[document.number] ?? 0 };
}

function valueOf(app, claim, document, counted) {
  const cell = cellOf(claim, document, counted);
  return claim.asked_measure === "share" ? cell.sentences / Math.max(1, document.body.length) : (1000 * cell.hits) / Math.max(1, document.n_tokens);
}

const written = (claim, value) => (claim.asked_measure === "share" ? percent(value) : `${value.toFixed(1)} per 1,000 words`);

function numberText(app, claim, document, counted) {
  const cell = cellOf(claim, document, counted);
  return claim.asked_measure === "share" ? `${ofAll(cell.sentences, document.body.length)} (${percent(cell.sentences / Math.max(1, document.body.length))})`
    : `${some(cell.hits, "use")} in ${some(document.n_tokens, "word")} (${written(claim, valueOf(app, claim, document, counted))})`;
}

/** Return what the pages themselves show: the sentence, and whether they show what the claim says. */
export function claimCounted(app, claim, counted = app.counted) {
  const [first, second] = claim.asked_documents.map(id => documentOf(app, id)), value = document => valueOf(app, claim, document, counted);
  if (claim.asked_direction === "absent") {
    const cell = cellOf(claim, first, counted);
    return { holds: !cell.hits, text: cell.hits ? `${ofAll(cell.sentences, first.body.length)}`
      : `None of ${some(first.body.length, "sentence")}, none of ${some(first.n_tokens, "word")}` };
  }
  if (claim.asked_direction === "first") {
    const next = app.model.documents.filter(document => document !== first).sort((a, b) => value(b) - value(a))[0];
    return { holds: value(first) > value(next), text: `${numberText(app, claim, first, counted)} against ${numberText(app, claim, next, counted)}, ${next.short}, the next` };
  }
  const gap = value(first) - value(second), pair = `${numberText(app, claim, first, counted)} against ${numberText(app, claim, second, counted)}`;
  if (claim.asked_direction === "no difference") {
    const points = claim.asked_measure === "share" ? `${whole(100 * Math.abs(gap))} points` : `${Math.abs(gap).toFixed(1)} per 1,000 words`;
    return { holds: Math.abs(gap) <= claim.asked_margin, text: `${pair}, ${points} apart` };
  }
  return { holds: claim.asked_direction === "lower" ? gap < 0 : gap > 0, text: pair };
}

/** Return the verdict that stands: Python's, or for an edited list that of the worker. */
export function claimVerdict(app, claim) {
  if (app.counted === app.model.original) return { verdict: claim.verdict ?? "not judged", edge: false };
  return app.judged?.claims.find(one => one.claim === claim.claim) ?? { verdict: null, edge: false };
}

export function generalText(app, claim) {
  const { verdict, edge } = claimVerdict(app, claim);
  if (verdict === null) return "being computed …";
  const words = verdictText(verdict);
  const ratio = verdict === "not distinguishable" && claim.minimum_ratio ? ` (a ratio of ${claim.minimum_ratio < 1e200 ? claim.minimum_ratio.toFixed(1) : "any size"} ${claim.minimum_ratio < 1e200 ? "or more could have been seen" : "could not have been seen"})` : "";
  return `${words}${app.counted === app.model.original ? ratio : " for the edited list"}${edge ? ", at the edge of .05" : ""}`;
}

export function claimFacts(app, claim) {
  const unit = claim.asked_measure === "share" ? percent : value => value.toFixed(1);
  const measured = claim.asked_documents.map(id => {
    const rate = app.model.rate(claim.asked_theme, documentOf(app, id).number);
    return rate.measured == null ? null : `${documentOf(app, id).short} ${percent(rate.measured)} (${range([rate.measured_low, rate.measured_high])})`;
  });
  const facts = [["Counted", html`<b>${claimCounted(app, claim).text}</b>.`]];
  facts.push(["Measured", app.counted !== app.model.original ? "Not for an edited list."
    : measured.every(Boolean) ? `What readers would mark: ${listed(measured)}.` : "See how well the word list reads."]);
  const limits = app.counted === app.model.original && claim.estimate != null && claim.low != null && claim.asked_direction !== "absent"
    ? ` Difference ${signed(claim.estimate, unit)}, limits ${signed(claim.low, unit)} to ${signed(claim.high, unit)}.` : "";
  facts.push(["General", html`<b>${capital(generalText(app, claim))}</b>.${limits}`]);
  if (claim.direction != null && typeof claim.direction === "number") {
    facts.push(["Measured otherwise", `Points this way in ${percent(claim.direction)} of the ways of measuring; supported in ${percent(claim.support)}. See “How sure”.`]);
  }
  return facts;
}

const signed = (value, unit) => (Math.abs(value) > 1e200 ? "no limit" : (value > 0 ? "+" : value < 0 ? "−" : "") + unit(Math.abs(value)).replace("%", " points"));

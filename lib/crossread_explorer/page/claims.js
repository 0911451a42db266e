// Claims in words: what is counted, what is measured, and what may be said in general.
import { capital, html, ofAll, percent, some, whole } from "./dom.js";

const VERDICTS = { supported: "supported", "not distinguishable": "not distinguishable", contradicted: "the opposite is supported", "not judged": "not judged" };
export const verdictText = verdict => VERDICTS[verdict] ?? "too few units";

/** Write the claim with the names of its texts. */
export function claimText(app, claim) {
  const names = claim.asked_documents.map(id => documentOf(app, id).short);
  return claim.asked_text.replace(/\{([a-z])\}/g, (_, letter) => names[letter.charCodeAt(0) - 97] ?? "?").replace(/'/g, "’");
}

const documentOf = (app, id) => app.model.documents.find(document => document.doc_id === id);

/** Return what is counted of a claim in a text; of one on another lexicon the counts do not change with an edit. */
const cellOf = (claim, document, counted) => (claim.given ?? counted.cells.get(claim.asked_theme) ?? [])[document.number] ?? { sentences: 0, hits: 0 };

function valueOf(app, claim, document, counted) {
  const cell = cellOf(claim, document, counted);
  return claim.asked_measure === "share" ? cell.sentences / Math.max(1, document.body.length) : (1000 * cell.hits) / Math.max(1, document.n_tokens);
}

const written = (claim, value) => (claim.asked_measure === "share" ? percent(value) : `${value.toFixed(1)} per 1,000 words`);

function numberText(app, claim, document, counted) {
  const cell = cellOf(claim, document, counted);
  return claim.asked_measure === "share" ? `${ofAll(cell.sentences, document.body.length)}${cell.sentences ? ` (${percent(cell.sentences / document.body.length)})` : ""}`
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
    return { holds: value(first) > value(next), text: `${numberText(app, claim, first, counted)} ${value(next) ? `against ${numberText(app, claim, next, counted)}, ${next.short}, the next` : "against none in the others"}` };
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
  if (!app.edited) return { verdict: claim.verdict ?? "not judged", minimum_ratio: claim.minimum_ratio, edge: false };
  return app.judged ? app.judged.claims.find(one => one.claim === claim.claim) ?? { verdict: "not judged" } : { verdict: null };
}

/** Say which ratio could have been seen: it stands beside each difference that cannot be distinguished. */
export const ratioText = ratio => (ratio === undefined ? "the smallest ratio that could have been seen is being computed"
  : ratio !== null && ratio < 1e200 ? `a ratio under ${ratio < 20 ? ratio.toFixed(1) : whole(ratio)} could not have been seen` : "no ratio, however large, would have been sure to be seen");

export function generalText(app, claim) {
  const { verdict, edge, minimum_ratio: ratio } = claimVerdict(app, claim);
  if (verdict === null) return "being computed";
  return `${verdictText(verdict)}${verdict === "not distinguishable" ? ` (${ratioText(ratio)})` : ""}${app.edited ? " for the edited list" : ""}${edge ? ", at the edge of .05" : ""}`;
}

export function claimFacts(app, claim) {
  const unit = claim.asked_measure === "share" ? percent : value => value.toFixed(1), { edited } = app;
  const facts = [["Counted", html`<b>${capital(claimCounted(app, claim).text)}</b>.`]];
  facts.push(["Measured", edited ? "Not for an edited list." : claim.measured ? `${capital(claim.measured)}.` : "Nobody has coded sentences for this."]);
  const limits = !edited && claim.estimate != null && claim.low != null && claim.asked_direction !== "absent"
    ? ` Difference ${signed(claim.estimate, unit)}, limits ${signed(claim.low, unit)} to ${signed(claim.high, unit)}, for all claims together.` : "";
  facts.push(["General", html`<b>${capital(generalText(app, claim))}</b>.${limits}`]);
  if (typeof claim.direction === "number" && !edited) {
    facts.push(["How sure", `Points this way in ${percent(claim.direction)} of the ways of measuring; supported in ${percent(claim.support)}.`]);
  }
  if (claim.exploratory) facts.push(["Written", claim.claim.startsWith("draft-") ? "By the program, from the numbers by which it is judged: a draft." : "After its numbers were seen: exploratory."]);
  return facts;
}

/** Write a claim with what stands behind it, and over the ways of measuring where they are known. */
export const claimLine = (app, claim, ways) => html`<span class="said">${claimText(app, claim)}<small>${!claimCounted(app, claim).holds && "Not on these pages: "}${claimCounted(app, claim).text}. In general: ${generalText(app, claim)}.</small></span>
  ${ways && html`${bar("direction", ways.direction)}${bar("support", ways.support)}`}`;

const bar = (name, share) => html`<span class="meter ${name}"><span>${name} <b>${percent(share)}</b></span><i><i style="width:${(100 * (share ?? 0)).toFixed(0)}%"></i></i></span>`;

const signed = (value, unit) => (Math.abs(value) > 1e200 ? "no limit" : (value > 0 ? "+" : value < 0 ? "−" : "") + unit(Math.abs(value)).replace("%", " points"));

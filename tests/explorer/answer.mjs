// Answers questions as the page does: a JSON of data and questions comes in, a JSON of answers goes out.
import { readFileSync } from "node:fs";
import { Model } from "../../lib/crossread_explorer/page/model.js";
import { entryText, parseEntry, Refusal, tokenise } from "../../lib/crossread_explorer/page/patterns.js";
import { judge } from "../../lib/crossread_explorer/page/judge.js";
import { claimCounted, overWays } from "../../lib/crossread_explorer/page/claims.js";
import * as stats from "../../lib/crossread_explorer/page/stats.js";

const asked = JSON.parse(readFileSync(0, "utf8")), model = new Model(asked.data);
const tried = answer => { try { return answer(); } catch (error) { if (error instanceof Refusal) return { refused: error.message }; throw error; } };
const cells = counted => Object.fromEntries([...counted.cells].map(([key, own]) => [key, own.map(cell => [cell.sentences, cell.hits])]));

console.log(JSON.stringify({
  tokens: (asked.texts ?? []).map(text => tokenise(text).map(([word]) => word)),
  entries: (asked.entries ?? []).map(text => tried(() => entryText(parseEntry(text)))),
  searches: (asked.queries ?? []).map(text => tried(() => {
    const entry = parseEntry(text), { hits, per, limits, passages } = model.mode === "texts" ? model.searchTexts(entry) : model.searchCounts(entry);
    return { hits: hits ?? passages.map(one => [one.passage.document, model.sentences[one.passage.rows[0]].segment, one.n]), per, limits };
  })),
  edits: (asked.edits ?? []).map(edits => tried(() => {
    const counted = model.countEdited(edits);
    return { cells: cells(counted), scores: model.themes.map(theme => model.scoresOf(counted, theme)), entries: counted.entries.length };
  })),
  judged: (asked.judged ?? []).map(edits => judge(model.toJudge(model.countEdited(edits)))),
  limits: (asked.limits ?? []).map(edits => { const counted = model.countEdited(edits);
    return [...counted.cells.keys()].map(key => [key, model.documents.map((_, i) => model.limits(counted, key, i))]); }),
  claims: model.claims.map(claim => [claim.claim, claimCounted({ model, counted: model.original }, claim)]),
  ways: [...overWays({ model, state: { without: [] } }).claims].map(([claim, { direction, support }]) => [claim, direction, support]),
  counted: cells(model.original),
  numbers: (asked.numbers ?? []).map(([name, ...values]) => stats[name](...values)),
}));

// Documents put together by a column of their table: what each group says, and which groups differ.
import { capital, html, inside, limitsLine, listed, ofAll, percent, range, ring, some, spelled, swatch } from "./dom.js";
import { rowsOf } from "./model.js";
import { ratioText } from "./claims.js";
import { betweenDocuments } from "./judge.js";
import { jeffreysLimits, normal, studentInv } from "./stats.js";

/** Return the grouping that is shown: the one asked for, or the first. */
const shownGroups = app => app.model.data.groups.find(one => one.by === app.state.by) ?? app.model.data.groups[0];

/** Count the sentences of each group, and those with a hit, with limits: [with a hit, all, low, high] each. */
export function countGroups(model, counted, groups, key) {
  const hits = counted.cells.get(key).map(cell => cell.sentences), units = model.documents.map(document => document.body.length);
  const totals = groups.names.map((_, g) => [hits, units].map(values => values.reduce((sum, value, i) => sum + (groups.of[i] === g ? value : 0), 0)));
  const clumping = betweenDocuments(hits, units, groups.of, groups.names.length);
  return totals.map(([found, all], g) => [found, all, ...(all && clumping[g].inflation < Infinity
    ? jeffreysLimits(found, all, { inflation: clumping[g].inflation, tail: normal(studentInv(0.025, clumping[g].freedom)) }) : [0, 1])]);
}

export function groupsPart(app) {
  const { model, counted, state, edited } = app;
  if (!model.data.groups?.length) return "";
  const groups = shownGroups(app), themes = state.theme ? [state.theme] : model.themes;
  const sizes = groups.names.map((_, g) => groups.of.filter(one => one === g).length), totals = new Map(themes.map(theme => [theme, countGroups(model, counted, groups, theme)]));
  const most = Math.max(0.02, ...[...totals.values()].flat().map(([, , , high]) => high));
  const cell = (theme, g, [found, all, low, high]) => {
    const share = found / Math.max(1, all), said = `${model.label(theme)}, ${groups.names[g]}: ${ofAll(found, all)}, ${percent(share)}; further texts ${range([low, high])}`;
    return html`<td><b>${found || ring(all < 20)}</b> <span>of ${all}, ${percent(share)}</span>${limitsLine(share, [low, high], most, said)}</td>`;
  };
  const left = groups.of.filter(group => group < 0).length;
  return html`<section class="part" aria-labelledby="h-groups"><div class="parthead"><h2 id="h-groups"><small>Groups of texts</small>${groupsTitle(app, groups)}</h2><label class="note">By <select data-change="by">${model.data.groups.map(one => html`<option
    value="${one.by}"${one === groups && html` selected`}>${one.by}</option>`)}</select></label></div>
    <p class="note">Sentences that speak of a theme, of all sentences of a group. The line is what further texts of such a group might show: whole texts are drawn, so that one text cannot speak for its group.${left > 0 && ` ${capital(some(left, "text"))} without this fact left out.`}${
    edited && " The verdicts are of the edited lists, computed in this page by the method of the library."}</p>
    <div class="wide" tabindex="0" role="region" aria-label="Themes by group"><table class="plain groups"><thead><tr><th scope="col">theme</th>${groups.names.map((name, g) => html`<th scope="col">${name} <span>${some(sizes[g], "text")}</span></th>`)}</tr></thead><tbody>${themes.map(theme => html`<tr><th scope="row"><button type="button" data-do="ask ${theme}" aria-pressed="false">${swatch(model.themes.indexOf(theme))} ${model.label(theme)}</button></th>${
    totals.get(theme).map((total, g) => cell(theme, g, total))}</tr><tr><td class="soft" colspan="${groups.names.length + 1}">In general: ${differences(app, groups, theme)}.</td></tr>`)}</tbody></table></div></section>`;
}

/** Return the verdicts that stand: the library's, for edited lists the worker's, null while it computes. */
const verdictsOn = (app, groups) => (app.edited ? app.judged?.groups[groups.by] ?? null : rowsOf(groups.contrasts));

/** Say which groups differ on a theme in general. */
function differences(app, groups, theme) {
  const rows = verdictsOn(app, groups)?.filter(row => row.key === theme), of = verdict => rows.filter(row => row.verdict === verdict);
  if (!rows) return "being computed";
  if (!rows.length) return "they were not compared";
  const supported = of("supported"), open = of("not distinguishable").map(row => row.minimum_ratio), smallest = open.length ? Math.min(...open.map(ratio => ratio ?? Infinity)) : null;
  const above = row => (row.difference > 0 ? `${row.group_a} above ${row.group_b}` : `${row.group_b} above ${row.group_a}`);
  return [supported.length ? `${listed(supported.map(above), "and", 3)} (supported)` : "", open.length ? `${spelled(open.length)} ${open.length === 1 ? "difference" : "differences"} not distinguishable (${ratioText(smallest)})` : "",
    of("too few units").length ? `${spelled(of("too few units").length)} with too few units` : "", rows.some(row => row.edge) ? "at the edge of .05" : ""].filter(Boolean).join("; ");
}

function groupsTitle(app, groups) {
  const { model } = app, rows = verdictsOn(app, groups);
  if (!rows) return `The texts by ${groups.by}`;
  const themes = [...new Set(rows.filter(row => row.verdict === "supported").map(row => row.key))];
  return themes.length ? `By ${groups.by} a difference is supported on ${listed(themes.map(theme => inside(model.label(theme))))}` : `By ${groups.by} no difference is supported`;
}

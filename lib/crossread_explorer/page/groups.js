// Documents put together by a column of their table: what each group says, and which groups differ.
import { capital, html, inside, limitsLine, listed, ofAll, percent, range, ring, some, spelled, swatch } from "./dom.js";
import { rowsOf } from "./model.js";
import { ratioText } from "./claims.js";

/** Return the grouping that is shown: the one asked for, or the first. */
const shownGroups = app => app.model.data.groups.find(one => one.by === app.state.by) ?? app.model.data.groups[0];

/** Count the sentences of each group, and those with a hit: [with a hit, all] each. */
export function countGroups(model, counted, groups, key) {
  const totals = groups.names.map(() => [0, 0]);
  groups.of.forEach((group, i) => {
    if (group < 0) return;
    totals[group][0] += counted.cells.get(key)[i].sentences;
    totals[group][1] += model.documents[i].body.length;
  });
  return totals;
}

export function groupsPart(app) {
  const { model, counted, state } = app;
  if (!model.data.groups?.length) return "";
  const groups = shownGroups(app), themes = state.theme ? [state.theme] : model.themes, edited = counted !== model.original;
  const rates = new Map(rowsOf(groups.rates).map(row => [`${row.key} ${row.group}`, row])), sizes = groups.names.map((_, g) => groups.of.filter(one => one === g).length);
  const most = Math.max(0.02, ...themes.flatMap(theme => groups.names.map(name => rates.get(`${theme} ${name}`)?.share_high ?? 0)));
  const cell = (theme, g, [found, all]) => {
    const rate = rates.get(`${theme} ${groups.names[g]}`), share = found / Math.max(1, all), limits = [rate?.share_low ?? 0, rate?.share_high ?? 1];
    const said = `${model.label(theme)}, ${groups.names[g]}: ${ofAll(found, all)}${edited ? "" : `, ${percent(share)}; further texts ${range(limits)}`}`;
    return html`<td><b>${found || ring(all < 20)}</b> <span>of ${all}, ${percent(share)}</span>${edited ? "" : limitsLine(share, limits, most, said)}</td>`;
  };
  const left = groups.of.filter(group => group < 0).length;
  return html`<section class="part" aria-labelledby="h-groups"><div class="parthead"><h2 id="h-groups"><small>Groups of texts</small>${groupsTitle(app, groups)}</h2><label class="note">By <select data-change="by">${model.data.groups.map(one => html`<option
    value="${one.by}"${one === groups && html` selected`}>${one.by}</option>`)}</select></label></div>
    <p class="note">Sentences that speak of a theme, of all sentences of a group. The line is what further texts of such a group might show: whole texts are drawn, so that one text cannot speak for its group.${left > 0 && ` ${capital(some(left, "text"))} without this fact left out.`}${
    edited && " For an edited list the counts follow, limits and verdicts of groups do not: study.contrasts(by=…) has them."}</p>
    <div class="wide" tabindex="0" role="region" aria-label="Themes by group"><table class="plain groups"><thead><tr><th scope="col">theme</th>${groups.names.map((name, g) => html`<th scope="col">${name} <span>${some(sizes[g], "text")}</span></th>`)}${!edited && html`<th
    scope="col">in general</th>`}</tr></thead><tbody>${themes.map(theme => html`<tr><th scope="row"><button type="button" data-do="ask ${theme}" aria-pressed="false">${swatch(model.themes.indexOf(theme))} ${model.label(theme)}</button></th>${
    countGroups(model, counted, groups, theme).map((total, g) => cell(theme, g, total))}${!edited && html`<td class="soft">${differences(groups, theme)}</td>`}</tr>`)}</tbody></table></div></section>`;
}

/** Say which groups differ on a theme in general. */
function differences(groups, theme) {
  const rows = rowsOf(groups.contrasts).filter(row => row.key === theme), of = verdict => rows.filter(row => row.verdict === verdict);
  if (!rows.length) return "not compared";
  const supported = of("supported"), open = of("not distinguishable").map(row => row.minimum_ratio), smallest = open.length ? Math.min(...open.map(ratio => ratio ?? Infinity)) : null;
  const above = row => (row.difference > 0 ? `${row.group_a} above ${row.group_b}` : `${row.group_b} above ${row.group_a}`);
  return [supported.length ? `supported: ${listed(supported.map(above), "and", 3)}` : "", open.length ? `${spelled(open.length)} not distinguishable (${ratioText(smallest)})` : "",
    of("too few units").length ? `${spelled(of("too few units").length)} with too few units` : ""].filter(Boolean).join("; ");
}

function groupsTitle(app, groups) {
  const { model, counted } = app;
  if (counted !== model.original) return `The texts by ${groups.by}`;
  const themes = [...new Set(rowsOf(groups.contrasts).filter(row => row.verdict === "supported").map(row => row.key))];
  return themes.length ? `By ${groups.by} the texts differ on ${listed(themes.map(theme => inside(model.label(theme))))}` : `By ${groups.by} no difference is supported`;
}

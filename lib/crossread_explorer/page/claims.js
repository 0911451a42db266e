// Claims: what is counted, what is measured, what may be said in general, and over all ways of measuring.
import { are, bar, capital, choice, decimal, dek, head, html, note, ofAll, part, percent, piece, points, press, pressed, range, remark, several, some,
  spelled, swatch, total, whole } from "./dom.js";
import { grouped } from "./patterns.js";

/** Return what the pages themselves show: the sentence, and whether they show what the claim says. */
export function claimCounted({ model, counted: now }, claim, counted = now) {
  if (!claim.recounted) return { holds: claim.so_counted, text: claim.counted };
  const [first, second] = claim.asked_documents.map(id => model.byId.get(id));
  const cellOf = text => counted.cells.get(claim.asked_theme)[text.number];
  const said = text => {
    const { sentences, share } = cellOf(text);
    return ofAll(sentences, text.body.length) + (sentences ? ` (${percent(share)})` : "");
  };
  if (claim.asked_direction === "absent") {
    const { sentences, hits } = cellOf(first), n = first.body.length;
    return { holds: !hits, text: hits ? ofAll(sentences, n) : `None of ${some(n, "sentence")}, none of ${some(first.n_tokens, "word")}` };
  }
  if (claim.asked_direction === "first") {
    const next = model.documents.filter(text => text !== first).sort((a, b) => cellOf(b).share - cellOf(a).share)[0];
    const rest = cellOf(next).share ? `against ${said(next)}, ${next.short}, the next` : "against none in the others";
    return { holds: cellOf(first).share > cellOf(next).share, text: `${said(first)} ${rest}` };
  }
  const gap = cellOf(first).share - cellOf(second).share;
  return { holds: claim.asked_direction === "lower" ? gap < 0 : gap > 0, text: `${said(first)} against ${said(second)}` };
}

/** Say which ratio was sure to be seen: it stands beside each difference that cannot be distinguished. */
export const ratioText = ratio => (ratio !== null && ratio < 1e200
  ? `only a ratio of ${ratio < 20 ? ratio.toFixed(1) : whole(ratio)} or more was sure to be seen` : "no ratio can be named that was sure to be seen");

export const generalText = ({ edited }, { verdict, minimum_ratio: ratio }) => `${
  verdict === "contradicted" ? "the opposite is supported" : verdict}${verdict === "not distinguishable" ? ` (${ratioText(ratio)})` : ""}${
  edited ? ", by the lists as they came" : ""}`;

export function claimFacts(app, claim) {
  const { edited } = app, { estimate, low, high } = claim, [write, unit] = claim.asked_measure === "share" ? [points, " points"] : [decimal, ""];
  const limits = !edited && estimate != null && low != null && claim.asked_direction !== "absent"
    && ` Difference ${write(estimate)}${unit}, limits ${range([low, high], write)}, for all claims together.`;
  const measured = edited ? "Not for an edited list." : claim.measured ? `${capital(claim.measured)}.` : "Nobody has coded sentences for this.";
  const written = claim.claim.startsWith("draft-") ? "By the program, from the numbers by which it is judged: a draft."
    : "After its numbers were seen: exploratory.";
  return [["Counted", html`<b>${capital(claimCounted(app, claim).text)}</b>.`], ["Measured", measured],
    ["General", html`<b>${capital(generalText(app, claim))}</b>.${limits}`],
    typeof claim.direction === "number" && !edited
      && ["How sure", `Points this way in ${percent(claim.direction)} of the ways of measuring; supported in ${percent(claim.support)}.`],
    claim.exploratory && ["Written", written]].filter(Boolean);
}

/** Write a claim with what stands behind it, and over the ways of measuring where they are known. */
export function claimLine(app, claim, ways) {
  const { holds, text } = claimCounted(app, claim);
  const meter = name => html`<span class="meter ${name}"><span>${name} <b>${percent(ways[name])}</b></span>${
    bar(piece("track", 0, 1), piece("ink", 0, ways[name] || 0))}</span>`;
  return press(`ask claim/${claim.claim}`, html`${swatch(app.model, claim.asked_theme)}<span class="said">${claim.text}<small>${
    !holds && "Not on these pages: "}${text}. In general: ${generalText(app, claim)}.</small></span>
    ${ways && [meter("direction"), meter("support")]}`, "", pressed(false));
}

/** Return what can be brushed, and of each claim direction and support over the ways of measuring that are left. */
export function overWays({ model, state }) {
  const { rows = [], choices = {} } = model.data.ways, out = new Set(state.without);
  const left = rows.filter(way => !Object.keys(choices).some(choice => out.has(`${choice}/${way[choice]}`)));
  const claims = new Map([...grouped(left, way => way.claim)].map(([claim, own]) => {
    const over = part => total(own.map(way => way[part])) / total(own.map(way => way.weight));
    return [claim, { direction: over("agrees"), support: over("holds") }];
  }));
  const options = Object.entries(choices).map(([choice, said]) => ({ choice, said, all: [...new Set(rows.map(way => way[choice]))] }));
  return { options, out, claims };
}

/** Say how many claims are so in every way of measuring, and how many are supported in half of them. */
export function overWaysSaid(claims, ways) {
  const [always, supported] = [({ direction }) => direction > 0.9995, ({ support }) => support >= 0.5].map(test => claims.filter(test).length);
  return `${always ? capital(spelled(always)) : "None"} of ${several(claims.length, "claim")} ${are(always || 1)} so in every way ${ways}; ${
    supported ? spelled(supported) : "none"} ${are(supported || 1)} supported in half of them`;
}

export function sureView(app) {
  const { model, state } = app, over = overWays(app), own = claim => over.claims.get(claim.claim), known = over.options.length > 0;
  if (!model.claims.length) return head("How sure are we?", remark("Nobody has made claims about these texts."));
  const title = overWaysSaid(model.claims.map(claim => own(claim) ?? {}), over.out.size ? "that is left" : "of measuring");
  return html`${head(known ? title : "How sure are we?", dek(html`A claim can be measured in many ways that could each be defended.
    <b>Direction</b>: in which share of them the number points as the claim says. <b>Support</b>: in which share it is also supported
    beyond these pages. Take choices out, and see both move.`),
    app.edited && remark("These are the ways of measuring with the lists as they came: your edits do not change them."))}
    ${known && part("Choices", "What may count, and how", html`${over.options.map(({ choice: name, said, all }) => html`<fieldset class="choices"><legend>${
      capital(said)}</legend>${all.map(one => choice(`way ${name}/${one}`, one, !over.out.has(`${name}/${one}`)))}</fieldset>`)}
      ${state.without.length > 0 && html`<p class="tools">${press("ways", "Take all choices back in")}</p>`}
      ${note("Families of choices weigh the same: leaving out one entry in turn is one family, segments of any length are one. What is left keeps its weight.")}`)}
    ${part("Claims", "Direction and support", html`<ol class="claims">${model.claims.map(claim => html`<li class="claim">${
      claimLine(app, claim, own(claim))}</li>`)}</ol>`)}`;
}

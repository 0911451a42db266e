// Markup that cannot be broken out of, what the views write alike, and how the page writes numbers and names.

class Markup {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = text => String(text).replace(/[&<>"']/g, character => ENTITIES[character]);
const show = value => (value === null || value === undefined || value === false ? ""
  : value instanceof Markup ? value.text : Array.isArray(value) ? value.map(show).join("") : escape(value));

/** Write markup; everything put into it is escaped unless it is markup itself. */
export const html = (parts, ...values) => new Markup(parts.reduce((text, part, i) => text + show(values[i - 1]) + part));

const english = new Intl.NumberFormat("en");
export const whole = number => english.format(Math.round(number));
export const some = (n, word) => `${whole(n)} ${word}${n === 1 ? "" : "s"}`;
export const ofAll = (n, all, word = "sentence") => `${n ? whole(n) : "none"} of ${some(all, word)}`;
export const are = n => (n === 1 ? "is" : "are");
export const total = numbers => numbers.reduce((sum, number) => sum + number, 0);

/** Write a share in per cent: whole numbers, small ones as less than one. */
export const percent = share => (share >= 0 ? `${share > 0 && share < 0.005 ? "<1" : Math.round(100 * share)}%` : "–");
export const range = ([low, high], write = percent) =>
  `${write(low).replace("%", "")} to ${high > 1e200 ? "no limit" : write(high)}`;
export const points = share => `${share < 0 ? "−" : ""}${Math.round(Math.abs(100 * share))}`;
export const decimal = number => (Math.abs(number) > 1e200 ? "no limit" : number.toFixed(1).replace("-", "−"));

export function listed(names, word = "and", most = 6) {
  if (names.length > most + 1) names = [...names.slice(0, most), `${names.length - most} more`];
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
}

const NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split(" ");
export const spelled = n => NUMBERS[n] ?? whole(n);
export const several = (n, word) => `${spelled(n)} ${word}${n === 1 ? "" : "s"}`;
export const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
export const short = text => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
export const owned = label => `${label}’${/s$/.test(label) ? "" : "s"}`;

/** What can be pressed: an action, as App.act knows it, what it says, how it looks, and more attributes. */
export const press = (action, said, kind = "link", more = "") =>
  html`<button${kind && html` class="${kind}"`} data-do="${action}"${more}>${said}</button>`;
export const pressed = on => html` aria-pressed="${String(Boolean(on))}"`;
export const choice = (action, said, on) => press(action, said, "choice", pressed(on));

export const head = (title, ...more) => html`<header class="head slim"><h1>${title}</h1>${more}</header>`;
export const dek = (...said) => html`<p class="dek">${said}</p>`;
export const note = (...said) => html`<p class="note">${said}</p>`;
export const remark = said => html`<p class="remark">${said}</p>`;

/** A part of a view: what it is about, what it says, what stands beside that, and what it shows. */
export function part(kick, title, shown, beside = null) {
  const id = `h-${kick.toLowerCase().replace(/\W+/g, "-")}`, heading = html`<h2 id="${id}"><small>${kick}</small>${title}</h2>`;
  return html`<section class="part" aria-labelledby="${id}">${beside
    ? html`<div class="parthead">${heading}${beside}</div>` : heading}${shown}</section>`;
}

/** A table whose rows begin with what they are about. */
export const table = (heads, rows, { kind = "", unseen = false } = {}) => html`<table class="plain${kind && ` ${kind}`}">${
  heads && html`<thead${unseen && html` class="unseen"`}><tr>${heads.map(one => html`<th scope="col">${one}</th>`)}</tr></thead>`}
  <tbody>${rows.map(([first, ...cells]) => html`<tr${first?.on && html` class="on"`}><th scope="row">${first?.said ?? first}</th>${
    cells.map(cell => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`;

/** What may be wider than the page, and is moved by itself. */
export const wide = (said, shown, kind = "") =>
  html`<div class="wide${kind && ` ${kind}`}" tabindex="0" role="region" aria-label="${said}">${shown}</div>`;

/** The mark of the theme of a key: a colour and a texture of its own; what is no theme of the list has none. */
export const swatch = (model, key) => html`<i class="swatch${model.mark(key) !== null && ` m t${model.mark(key)}`}"></i>`;
export const themeName = (model, theme) => html`${swatch(model, theme)} ${model.label(theme)}`;
export const ring = few => html`<i class="ring${few && " few"}"></i>`;

/** A bar of pieces, and a piece that reaches from one value to another on a scale that ends at most. */
export const bar = (...pieces) => html`<span class="bar" aria-hidden="true">${pieces}</span>`;
export const piece = (kind, from, to, most = 1) => {
  const at = value => Math.max(0, Math.min(100, (100 * value) / most));
  return html`<i class="${kind}" style="left:${at(from).toFixed(1)}%;width:${(at(to) - at(from)).toFixed(1)}%"></i>`;
};

/** Offer what is shown as a file: a picture, a table, or both. */
export const saves = ({ picture, table: name }) => html`<p class="tools">${picture && [
  press(`picture svg ${picture}`, "Save as SVG"), press(`picture png ${picture}`, "PNG")]}${name && press(`save ${name}`, "Save as table")}</p>`;

/** Offer to open a file. */
export const opens = said => html`<label class="link">${said}<input class="unseen" type="file" accept=".json,.yml" data-do="open"></label>`;

export const option = (value, said, on) => html`<option value="${value}"${on && html` selected`}>${said}</option>`;

/** A choice from a list of values with what they say; `about` names it for who does not see it. */
export const choose = (name, about, options, chosen) => html`<select data-do="${name}"${about && html` aria-label="${about}"`}>${
  options.map(([value, said]) => option(value, said, value === chosen))}</select>`;

/** A choice among the texts, and perhaps none of them. */
export const chooseText = (model, name, about, chosen, none) => choose(name, about,
  [...(none ? [["", none]] : []), ...model.documents.map(text => [text.doc_id, text.label])], chosen);

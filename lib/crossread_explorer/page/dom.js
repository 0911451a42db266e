// Markup that cannot be broken out of, and how the page writes numbers and names.

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

/** Write a share in per cent: whole numbers, small ones as less than one. */
export function percent(share) {
  if (!(share >= 0)) return "–";
  const rounded = Math.round(100 * share);
  return `${share > 0 && !rounded ? "<1" : rounded}%`;
}
export const range = ([low, high], write = percent) => `${write(low).replace("%", "")} to ${high > 1e200 ? "no limit" : write(high)}`;
export const decimal = number => (Math.abs(number) > 1e200 ? "no limit" : number.toFixed(1).replace("-", "−"));

export function listed(names, word = "and", most = 6) {
  if (names.length > most + 1) names = [...names.slice(0, most), `${names.length - most} more`];
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
export const spelled = n => NUMBERS[n] ?? whole(n);
export const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
/** Words that the lexicon writes with a capital: China, NATO. */
export const properNames = new Set(["U.S.", "U.K."]);
/** Write a label inside a sentence: its first letter small, unless the word is a name. */
export const inside = label => {
  if (/:| (?:is|are) /.test(label)) return `“${label}”`; // more than a name
  const first = label.match(/^\p{L}+/u)?.[0] ?? "";
  return /^\p{Lu}\p{Ll}*$/u.test(first) && !properNames.has(first) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
};
/** Write folded words with the capitals that names have. */
export const named = term => term.split(" ").map(word => [capital(word), word.toUpperCase()].find(form => properNames.has(form)) ?? word).join(" ");
export const owned = label => `${label}’${/s$/.test(label) ? "" : "s"}`;

/** Let a long word break between two consonants, where it has to. */
export const soft = text => text.replace(/\p{L}{9,}/gu, word => word.replace(/([aeiouy][^aeiouy\W])(?=[^aeiouy\W][aeiouy])/gi, "$1\u00ad"));

/** The mark of a theme: a colour and a texture of its own; what is no theme of the list has none. */
export function swatch(theme, width = 14, height = 10) {
  return theme < 0 ? html`<span class="swatch"></span>` : html`<svg class="swatch" width="${width}" height="${height}" aria-hidden="true"><rect class="m m${theme % 8}"
    x=".75" y=".75" width="${width - 1.5}" height="${height - 1.5}"/></svg>`;
}
export const ring = few => html`<svg class="ring" width="11" height="11" viewBox="0 0 11 11" aria-hidden="true"><circle cx="5.5"
  cy="5.5" r="4" ${few ? html`stroke-dasharray="1.7 1.7"` : ""}/></svg>`;

/** Offer what is shown as a file: a picture, a table, or both. */
export const saves = ({ picture, table }) => html`<p class="tools">${picture && html`${link(`picture svg ${picture}`, "Save as SVG")}${link(`picture png ${picture}`, "PNG")}`}${table && link(`save ${table}`, "Save as table")}</p>`;
const link = (action, said) => html`<button type="button" class="link" data-do="${action}">${said}</button>`;

/** A choice among the texts, and perhaps none of them. */
export const chooseText = (model, { name, said, chosen, none }) => html`<select data-change="${name}" aria-label="${said}">${none && html`<option value="">${none}</option>`}${model.documents.map((document, i) => html`<option
  value="${document.doc_id}"${chosen === i && html` selected`}>${document.label}</option>`)}</select>`;

/** A line of limits with its estimate, on a scale from 0 to most. */
export function limitsLine(value, [low, high], most, said) {
  const at = v => `${Math.max(0, Math.min(100, (100 * v) / most)).toFixed(1)}%`;
  return html`<svg class="limits" role="img" aria-label="${said}"><line class="track" x1="0" x2="100%" y1="7" y2="7"/>
    <line x1="${at(low)}" x2="${at(high)}" y1="7" y2="7"/><circle cx="${at(value)}" cy="7" r="3.5"/></svg>`;
}

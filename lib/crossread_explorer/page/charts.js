// Charts by Vega-Lite. Its script lies packed in the page and is unpacked when the first chart is shown.
import { html } from "./dom.js";

let loading = null;
export const drawn = new WeakMap();

/** Unpack base64 that was packed with gzip. */
export async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

const load = app => loading ??= app.vega().then(source => {
  const script = document.createElement("script");
  script.textContent = source;
  document.head.append(script);
  script.remove();
  return window.vegaEmbed;
});

export const holder = (name, said) => html`<div class="chart" data-chart="${name}" role="img" aria-label="${said}"><p class="note">Drawing …</p></div>`;

/** Return the colours that the page has now, by their names. */
export function colours(app) {
  const style = getComputedStyle(app.shell), names = ["ink", "soft", "faint", "rule", "track", "sheet", ...[..."01234567"].map(mark => `c${mark}`)];
  return Object.fromEntries(names.map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Return two quantitative axes: fields, scales and axes for x and y. */
export const plotted = (fields, scales, axes) => Object.fromEntries(["x", "y"].map(way =>
  [way, { field: fields[way], type: "quantitative", scale: scales[way], axis: axes[way] }]));

/** Choose labels, with their middle and width in pixels, that do not lie on one another: the first come first. */
export const apart = (labels, shown = []) => labels.filter(({ x, y, width }) =>
  !shown.some(other => Math.abs(other.x - x) < (other.width + width) / 2 && Math.abs(other.y - y) < 15) && shown.push({ x, y, width }));

/** Draw a chart into its place; what is already drawn stays as it is. */
export async function draw(app, place, spec, onPress) {
  const key = JSON.stringify(spec) + app.scheme + place.clientWidth;
  if (drawn.get(place)?.key === key) return;
  drawn.set(place, { key });
  await load(app);
  if (drawn.get(place)?.key !== key || !place.isConnected) return;
  const view = await embed(app, place, spec);
  drawn.get(place).view = view;
  if (onPress) view.addEventListener("click", (_event, item) => item?.datum && onPress(item.datum));
  place.dataset.ready = "yes";
}

/** Make a chart in the colours that the page has now, and return its view. */
export async function embed(app, place, spec) {
  const { ink, soft, faint, rule, sheet } = colours(app), vegaEmbed = await load(app);
  const axis = { labelColor: soft, titleColor: ink, gridColor: rule, domainColor: faint, tickColor: faint, labelFontSize: 12, titleFontSize: 12.5,
    titleFontWeight: 500, titlePadding: 8, aria: false };
  // the place itself says what the chart shows: its hundred marks need no names
  const config = { background: sheet, font: getComputedStyle(app.shell).fontFamily.replaceAll('"', "'"), view: { stroke: null }, axis,
    mark: { aria: false }, text: { color: ink, fontSize: 12 } };
  return (await vegaEmbed(place, { ...spec, $schema: "https://vega.github.io/schema/vega-lite/v6.json", config }, {
    actions: false, renderer: "svg", ast: true, loader: { load: () => Promise.reject(new Error("nothing is fetched")) },
    tooltip: (_handler, event, _item, said) => app.tip(said && tipText(said), event.clientX, event.clientY),
  })).view;
}

const tipText = said => html`${said.split("\n").map((line, i) => (i ? html`<br>${line}` : html`<b>${line}</b>`))}`;

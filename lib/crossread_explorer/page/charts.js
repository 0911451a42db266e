// Charts by Vega-Lite. Its script lies packed in the page and is unpacked when the first chart is shown.
import { html } from "./dom.js";

let loading = null;
const drawn = new WeakMap();

/** Unpack base64 that was packed with gzip. */
export async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

function load(app) {
  loading ??= app.vega().then(source => {
    const script = document.createElement("script");
    script.textContent = source;
    document.head.append(script);
    script.remove();
    return window.vegaEmbed;
  });
  return loading;
}

export const holder = (name, said) => html`<div class="chart" data-chart="${name}" role="img" aria-label="${said}"><p class="note">Drawing …</p></div>`;

/** Draw a chart into its place; what is already drawn stays as it is. */
export async function draw(app, place, spec, onPress) {
  const key = JSON.stringify(spec) + app.scheme + place.clientWidth;
  if (drawn.get(place)?.key === key) return;
  drawn.set(place, { key });
  const embed = await load(app), style = getComputedStyle(app.shell), colour = name => style.getPropertyValue(name).trim();
  if (drawn.get(place)?.key !== key || !place.isConnected) return;
  const axis = { labelColor: colour("--soft"), titleColor: colour("--ink"), gridColor: colour("--rule"), domainColor: colour("--faint"), tickColor: colour("--faint"),
    labelFontSize: 12, titleFontSize: 12.5, titleFontWeight: 500, titlePadding: 8 };
  const config = { background: null, font: style.fontFamily.replaceAll('"', "'"), view: { stroke: null }, axis, legend: { labelColor: colour("--ink"), titleColor: colour("--soft"), labelFontSize: 12 },
    header: { labelColor: colour("--ink"), labelFontSize: 12.5 }, text: { color: colour("--ink"), fontSize: 12 } };
  const result = await embed(place, { ...spec, $schema: "https://vega.github.io/schema/vega-lite/v6.json", config: { ...config, ...spec.config } },
    { actions: false, renderer: "svg", ast: true, tooltip: (_handler, event, _item, value) => app.tip(value ? tipText(value) : null, event.clientX, event.clientY), loader: { load: () => Promise.reject(new Error("nothing is fetched")) } });
  drawn.get(place).view = result.view;
  if (onPress) result.view.addEventListener("click", (_event, item) => item?.datum && onPress(item.datum));
  // the place itself says what the chart shows; its hundred marks need no names
  for (const mark of place.querySelectorAll("svg, svg *")) for (const name of ["role", "aria-roledescription", "aria-label"]) mark.removeAttribute(name);
  place.dataset.ready = "yes";
}

const tipText = value => (typeof value === "string" ? html`${value.split("\n").map((line, i) => (i ? html`<br>${line}` : html`<b>${line}</b>`))}`
  : html`${Object.entries(value).map(([name, said]) => html`${name}: ${said}<br>`)}`);

/** Return a drawn chart as SVG text. */
export const chartPicture = place => drawn.get(place)?.view?.toSVG();

export function colours(app) {
  const style = getComputedStyle(app.shell), names = ["ink", "soft", "faint", "rule", "track", "sheet", "c0", "c1", "c2", "c3"];
  return Object.fromEntries(names.map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
}

// What leaves the page as a file, and what comes back.
import { entryText, parseEntry, Refusal } from "./patterns.js";
import { chartPicture } from "./charts.js";
import { stripsPicture } from "./strips.js";
import { concordance } from "./search.js";
import { comparison } from "./words.js";
import { claimCounted, claimText, generalText } from "./claims.js";
import { themeOf } from "./model.js";
import { answers } from "./seminar.js";
import { write } from "./address.js";

/** Write rows as CSV. What a spreadsheet would take for a formula gets an apostrophe. */
function csv(header, rows) {
  const cell = value => {
    let text = String(value ?? "");
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header.split(" "), ...rows].map(row => row.map(cell).join(",")).join("\n") + "\n";
}

function download(app, name, content, type) {
  const link = document.createElement("a"), address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.href = address;
  link.download = `${app.model.data.name.replace(/[^\w-]+/g, "-")}-${name}`;
  app.shell.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  app.say(`Saved ${link.download}.`);
}

const TABLES = {
  senses: ({ model, counted }) => csv("key label doc_id sentences_with_hit n_sentences share share_low share_high hits n_tokens",
    model.themes.flatMap(theme => [theme, ...model.sensesOf(theme)]).flatMap(key => model.documents.map((text, i) => {
      const { sentences, share, hits } = counted.cells.get(key)[i];
      return [key, model.label(key), text.doc_id, sentences, text.body.length, share, ...model.limits(counted, key, i), hits, text.n_tokens];
    }))),
  claims: app => csv("claim text counted holds_on_these_pages general direction support", app.model.claims.map(claim => {
    const { text, holds } = claimCounted(app, claim);
    return [claim.claim, claimText(app, claim), text, holds, generalText(app, claim), claim.direction, claim.support];
  })),
  hits: ({ model, evidence }) => csv("sentence_id doc_id section n_tokens key entry uses text", evidence.flatMap(one => one.rows.map(row => {
    const own = one.hits.filter(hit => hit[0] === row), entries = own.map(hit => hit[3]).filter(Boolean), { n, text } = model.sentences[row];
    const joined = write => [...new Set(entries.map(write))].join("; ");
    return [model.idOf(row), model.textOf(row).doc_id, model.sectionOf(row)?.title ?? "", n, joined(entry => entry.key), joined(entryText), one.n ?? own.length, text ?? ""];
  }))),
  counts: ({ model, state, found: { per, limits } }) => csv("doc_id query uses n_tokens per_1000 low high", model.documents.map((text, i) =>
    [text.doc_id, state.find, per[i], text.n_tokens, (1000 * per[i]) / Math.max(1, text.n_tokens), ...limits[i]])),
  contexts: app => csv("doc_id sentence_id left match right", concordance(app, app.found).map(({ row, left, match, stop, right }) =>
    [app.model.textOf(row).doc_id, app.model.idOf(row), left, match, stop + right])),
  words: app => {
    const { target, reference, rows } = comparison(app), id = number => app.model.documents[number]?.doc_id ?? "all others";
    return csv("target reference term count reference_count per_1000 reference_per_1000 log_ratio low high verdict", rows.map(row =>
      [id(target), id(reference), row.term, row.a, row.b, row.rateA, row.rateB, row.ratio, row.low, row.high, row.verdict]));
  },
};

export function save(app, what) {
  const { model } = app, json = () => JSON.stringify({ crossread: "analysis", format: 1, address: write(app.state, model),
    ...(model.replaced && { lexicon: writeLexicon(model, model.lexicon.entries) }), ...answers(app) }, null, 1);
  if (what === "lexicon") download(app, "lexicon.yml", writeLexicon(model, app.counted.entries), "application/yaml");
  else if (what in TABLES) download(app, `${what}.csv`, TABLES[what](app), "text/csv");
  else download(app, `${what}.json`, json(), "application/json");
}

/** Save strips or a chart as a picture. */
export async function savePicture(app, type, name) {
  const svg = name === "strips" ? stripsPicture(app) : await chartPicture(app.$(`[data-chart="${name}"]`));
  if (!svg) return app.say("The picture is not drawn yet.");
  if (type === "svg") return download(app, `${name}.svg`, svg, "image/svg+xml");
  const image = new Image(), size = /width="([\d.]+)"[^>]*height="([\d.]+)"/.exec(svg), canvas = document.createElement("canvas");
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  [canvas.width, canvas.height] = [2 * size[1], 2 * size[2]];
  const context = canvas.getContext("2d");
  context.fillStyle = getComputedStyle(app.shell).getPropertyValue("--sheet");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toBlob(blob => download(app, `${name}.png`, blob), "image/png");
}

/** Let the reader choose a file, and return its text. */
export function chooseFile(app, accept) {
  return new Promise(done => {
    const input = Object.assign(document.createElement("input"), { type: "file", accept, hidden: true });
    input.addEventListener("change", async () => { done(input.files[0] ? await input.files[0].text() : null); input.remove(); });
    input.addEventListener("cancel", () => { done(null); input.remove(); });
    app.shell.append(input);
    input.click();
  });
}

// --- lexicons -------------------------------------------------------------------------------------------------------

const NOTES = ["tier", "reason", "source"];

/** Write a lexicon as YAML that the library reads: keys as blocks, entries as JSON on a line each. */
function writeLexicon(model, entries) {
  const lines = [`# Saved from a page of crossread on “${model.data.name.replace(/\n/g, " ")}”.`], keys = [...new Set(entries.map(entry => entry.key))];
  const labelled = Object.entries(model.lexicon.labels).filter(([key]) => model.named(key) && keys.some(own => own === key || themeOf(own) === key));
  if (labelled.length) lines.push("_labels:", ...labelled.map(([key, label]) => `  ${JSON.stringify(key)}: ${JSON.stringify(label)}`));
  keys.forEach((key, i) => {
    const [theme, ...sense] = key.split(".");
    if (!i || themeOf(keys[i - 1]) !== theme) lines.push(`${JSON.stringify(theme)}:`);
    lines.push(`  ${JSON.stringify(sense.join(".") || "__")}:`);
    for (const { pattern, near, within, blocked, ...own } of entries.filter(one => one.key === key)) {
      const notes = NOTES.filter(name => own[name] && own[name] !== "core").map(name => [name, own[name]]);
      lines.push(`    - ${JSON.stringify({ pattern, ...(near.length && { with: near }), ...(within !== null && { within }),
        ...(blocked.length && { not: blocked }), ...Object.fromEntries(notes) })}`);
    }
  });
  return `${lines.join("\n")}\n`;
}

/** Read a lexicon that a page or the library has saved; what is beyond this dialect of YAML is refused with its line. */
export function readLexicon(text) {
  const entries = [], labels = {}, path = [], anchors = {};
  let open = null; // an entry over several lines
  const scalar = raw => {
    raw = raw.replace(/\s+#.*$/, "").trim();
    const [, name, value] = /^&(\w+)\s+(.*)$/.exec(raw) ?? [];
    if (name) return anchors[name] = scalar(value);
    if (/^\*\w+$/.test(raw) && anchors[raw.slice(1)] !== undefined) return anchors[raw.slice(1)];
    if (/^(["{]|\[")/.test(raw)) return JSON.parse(raw);
    if (raw.startsWith("'")) return raw.slice(1, -1).replaceAll("''", "'");
    return raw.startsWith("[") ? raw.slice(1, -1).split(/,\s*/).map(scalar) : raw;
  };
  const finish = given => {
    const item = typeof given === "string" ? null : given, entry = parseEntry(item ? String(item.pattern ?? "") : given);
    const list = value => (value === undefined ? [] : [value].flat(9).map(String));
    if (item) {
      const within = item.within === undefined || item.within === "sentence" ? null : Number(item.within);
      Object.assign(entry, { near: list(item.with), blocked: list(item.not), within });
      for (const name of NOTES) if (item[name]) entry[name] = String(item[name]);
    }
    entry.key = path.map(one => one.name).filter(name => name !== "__").join(".");
    if (!entry.key) throw new Refusal("an entry stands before the first key");
    if (!entry.key.startsWith("_")) entries.push(entry);
  };
  const leave = test => { while (path.length && test(path.at(-1))) path.pop(); };
  const readLine = (content, indent) => {
    const isItem = content.startsWith("- "), [pair, name, value] = /^("(?:[^"\\]|\\.)*"|[\w.-]+):(?:\s+(.*))?$/.exec(content.replace(/^- /, "")) ?? [];
    if (open && (indent <= open.indent || isItem)) { finish(open.item); open = null; }
    if (isItem && pair && scalar(name) === "pattern") open = { indent, item: { pattern: scalar(value) } };
    else if (isItem) { leave(one => one.indent > indent); finish(scalar(content.slice(2))); }
    else if (!pair) throw new Refusal("it is no key, no entry and no remark");
    else if (open) open.item[scalar(name)] = scalar(value);
    else {
      leave(one => one.indent >= indent);
      if (value && path[0]?.name === "_labels") labels[scalar(name)] = scalar(value);
      else if (value && !value.startsWith("#") && path[0]?.name.startsWith("_")) scalar(value); // an anchor may stand there
      else path.push({ indent, name: String(scalar(name)) });
    }
  };
  text.split(/\r?\n/).forEach((line, i) => {
    const content = line.trim();
    if (!content || content.startsWith("#")) return;
    try { readLine(content, line.search(/\S/)); } catch (error) {
      throw new Refusal(`Line ${i + 1} of this lexicon cannot be read here (${error.message}): “${content.slice(0, 60)}”. Open it with crossread, or save it anew with write_lexicon.`);
    }
  });
  if (open) finish(open.item);
  if (!entries.length) throw new Refusal("There is no entry in this file.");
  return { entries, labels };
}

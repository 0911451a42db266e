// What leaves the page as a file, and what comes back.
import { entryText, parseEntry, Refusal } from "./patterns.js";
import { chartPicture } from "./charts.js";
import { stripsPicture } from "./strips.js";
import { concordance } from "./search.js";
import { comparison } from "./words.js";
import { claimCounted, claimText, generalText } from "./claims.js";
import { answers } from "./seminar.js";
import { write } from "./address.js";

/** Write rows as CSV. What a spreadsheet would take for a formula gets an apostrophe. */
function csv(header, rows) {
  const cell = value => {
    let text = value === null || value === undefined ? "" : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map(row => row.map(cell).join(",")).join("\n") + "\n";
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

const sentenceId = (model, row) => `${model.documents[model.sentences[row].document].doc_id}-${["", "h", "n"][model.sentences[row].kind]}${String(model.sentences[row].number).padStart(model.sentences[row].kind ? 2 : 3, "0")}`;

const TABLES = {
  senses: app => {
    const { model, counted } = app, keys = model.themes.flatMap(theme => [theme, ...model.sensesOf(theme)]);
    return csv(["key", "label", "doc_id", "sentences_with_hit", "n_sentences", "share", "share_low", "share_high", "hits", "n_tokens"], keys.flatMap(key => model.documents.map((document, i) => {
      const cell = counted.cells.get(key)[i], limits = model.limits(counted, key, i);
      return [key, model.label(key), document.doc_id, cell.sentences, document.body.length, cell.sentences / Math.max(1, document.body.length), ...limits, cell.hits, document.n_tokens];
    })));
  },
  claims: app => csv(["claim", "text", "counted", "holds_on_these_pages", "general", "direction", "support"], app.model.claims.map(claim =>
    [claim.claim, claimText(app, claim), claimCounted(app, claim).text, claimCounted(app, claim).holds, generalText(app, claim), claim.direction, claim.support])),
  hits: app => {
    const { model } = app;
    return csv(["sentence_id", "doc_id", "section", "n_tokens", "key", "entry", "uses", "text"], app.evidence.flatMap(one => one.rows.map(row => {
      const own = one.hits.filter(hit => hit[0] === row), entries = own.map(hit => hit[3]).filter(Boolean);
      return [sentenceId(model, row), model.documents[model.sentences[row].document].doc_id, model.sectionOf(row)?.title ?? "", model.sentences[row].n, [...new Set(entries.map(entry => entry.key))].join("; "),
        [...new Set(entries.map(entryText))].join("; "), one.n ?? own.length, model.sentences[row].text ?? ""];
    })));
  },
  counts: app => csv(["doc_id", "query", "uses", "n_tokens", "per_1000", "low", "high"], app.model.documents.map((document, i) =>
    [document.doc_id, app.state.find, app.found.per[i], document.n_tokens, (1000 * app.found.per[i]) / Math.max(1, document.n_tokens), ...app.found.limits[i]])),
  contexts: app => csv(["doc_id", "sentence_id", "left", "match", "right"], concordance(app, app.found).map(one =>
    [app.model.documents[app.model.sentences[one.row].document].doc_id, sentenceId(app.model, one.row), one.left, one.match, one.stop + one.right])),
  words: app => {
    const { target, reference, rows } = comparison(app), id = number => (number === null ? "all others" : app.model.documents[number].doc_id);
    return csv(["target", "reference", "term", "count", "reference_count", "per_1000", "reference_per_1000", "log_ratio", "low", "high", "verdict"], rows.map(row => [id(target), id(reference), row.term, row.a, row.b, row.rateA, row.rateB, row.ratio, row.low, row.high, row.verdict]));
  },
};

export function save(app, what) {
  if (what === "lexicon") download(app, "lexicon.yml", writeLexicon(app.model, app.counted.entries), "application/yaml");
  else if (what === "analysis" || what === "answers") download(app, `${what}.json`, JSON.stringify({ crossread: "analysis", format: 1, address: write(app.state, app.model),
    ...(app.model.replaced && { lexicon: writeLexicon(app.model, app.model.lexicon.entries) }), ...answers(app) }, null, 1), "application/json");
  else download(app, `${what}.csv`, TABLES[what](app), "text/csv");
}

/** Save strips or a chart as a picture. */
export async function savePicture(app, type, name) {
  const svg = name === "strips" ? stripsPicture(app) : await chartPicture(app.root.querySelector(`[data-chart="${name}"]`));
  if (!svg) return app.say("The picture is not drawn yet.");
  if (type === "svg") return download(app, `${name}.svg`, svg, "image/svg+xml");
  const image = new Image(), size = /width="([\d.]+)"[^>]*height="([\d.]+)"/.exec(svg);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * size[1], 2 * size[2]];
  const context = canvas.getContext("2d");
  context.fillStyle = getComputedStyle(app.shell).getPropertyValue("--sheet");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise(done => { canvas.toBlob(blob => done(download(app, `${name}.png`, blob)), "image/png"); });
}

// --- lexicons -------------------------------------------------------------------------------------------------------

/** Write a lexicon as YAML that the library reads: keys as blocks, entries as JSON on a line each. */
function writeLexicon(model, entries) {
  const lines = [`# Saved from a page of crossread on “${model.data.name.replace(/\n/g, " ")}”.`];
  const present = new Set(entries.map(entry => entry.key).flatMap(key => [key.split(".")[0], key]));
  if ([...present].some(key => model.named(key))) lines.push("_labels:");
  for (const [key, label] of Object.entries(model.lexicon.labels)) if (present.has(key) && model.named(key)) lines.push(`  ${JSON.stringify(key)}: ${JSON.stringify(label)}`);
  let theme = null;
  for (const key of [...new Set(entries.map(entry => entry.key))]) {
    const [first, ...rest] = key.split(".");
    if (theme !== first) lines.push(`${JSON.stringify(first)}:`);
    theme = first;
    lines.push(`  ${JSON.stringify(rest.length ? rest.join(".") : "__")}:`);
    for (const entry of entries.filter(one => one.key === key)) {
      const item = { pattern: entry.pattern };
      if (entry.near.length) item.with = entry.near;
      if (entry.within !== null) item.within = entry.within;
      if (entry.blocked.length) item.not = entry.blocked;
      for (const name of ["tier", "reason", "source"]) if (entry[name] && entry[name] !== "core") item[name] = entry[name];
      lines.push(`    - ${JSON.stringify(item)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Read a lexicon that a page or the library has saved; what is beyond this dialect of YAML is refused with its line. */
export function readLexicon(text) {
  const entries = [], labels = {}, path = [];
  let open = null, anchors = {};
  const scalar = raw => {
    raw = raw.replace(/\s+#.*$/, "").trim();
    if (/^&\w+\s/.test(raw)) { const [, name, value] = /^&(\w+)\s+(.*)$/.exec(raw); return anchors[name] = scalar(value); }
    if (/^\*\w+$/.test(raw) && anchors[raw.slice(1)] !== undefined) return anchors[raw.slice(1)];
    if (/^["{]/.test(raw)) return JSON.parse(raw);
    if (raw.startsWith("'")) return raw.slice(1, -1).replaceAll("''", "'");
    if (raw.startsWith("[")) return raw.startsWith('["') ? JSON.parse(raw) : raw.slice(1, -1).split(/,\s*/).map(scalar);
    return raw;
  };
  const finish = item => {
    const list = value => (value === undefined ? [] : [].concat(value).flat(9).map(String));
    const entry = typeof item === "string" ? parseEntry(item) : parseEntry(String(item.pattern ?? ""));
    if (typeof item !== "string") {
      Object.assign(entry, { near: list(item.with), blocked: list(item.not), within: item.within === undefined || item.within === "sentence" ? null : Number(item.within) });
      for (const name of ["tier", "reason", "source"]) if (item[name]) entry[name] = String(item[name]);
    }
    entry.key = path.map(one => one.name).filter(name => name !== "__").join(".");
    if (!entry.key) throw new Refusal("an entry stands before the first key");
    if (!entry.key.startsWith("_")) entries.push(entry);
  };
  text.split(/\r?\n/).forEach((line, number) => {
    if (!line.trim() || /^\s*#/.test(line)) return;
    const indent = line.search(/\S/), content = line.trim();
    try {
      const pair = /^("(?:[^"\\]|\\.)*"|[\w.-]+):(?:\s+(.*))?$/.exec(content.replace(/^- /, ""));
      const isItem = content.startsWith("- ");
      if (open && (indent <= open.indent || isItem)) { finish(open.item); open = null; }
      if (isItem && pair && scalar(pair[1]) === "pattern") open = { indent, item: { pattern: scalar(pair[2]) } };
      else if (isItem) { while (path.length && path.at(-1).indent > indent) path.pop(); finish(scalar(content.slice(2))); }
      else if (open && pair) open.item[scalar(pair[1])] = scalar(pair[2]);
      else if (pair) {
        while (path.length && path.at(-1).indent >= indent) path.pop();
        if (pair[2] && path[0]?.name === "_labels") labels[scalar(pair[1])] = scalar(pair[2]);
        else if (pair[2] && !/^#/.test(pair[2]) && path[0]?.name?.startsWith("_")) scalar(pair[2]);
        else path.push({ indent, name: String(scalar(pair[1])) });
      } else throw new Refusal("it is no key, no entry and no remark");
    } catch (error) { throw new Refusal(`Line ${number + 1} of this lexicon cannot be read here (${error.message}): “${content.slice(0, 60)}”. Open it with crossread, or save it anew with write_lexicon.`); }
  });
  if (open) finish(open.item);
  if (!entries.length) throw new Refusal("There is no entry in this file.");
  return { entries, labels };
}

/** Let the reader choose a file, and return its text. */
export function choose(app, accept) {
  return new Promise(done => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept, hidden: true });
    input.addEventListener("change", async () => { done(input.files[0] ? await input.files[0].text() : null); input.remove(); });
    input.addEventListener("cancel", () => { done(null); input.remove(); });
    app.shell.append(input);
    input.click();
  });
}

// What the page shows, as an address that can be sent, bookmarked, reloaded and cut short.
import { entryText, parseEntry } from "./patterns.js";

const VIEWS = ["argument", "read", "search", "words", "topics", "sure", "seminar"];
const LONGEST = 300;

const oneOf = (known, start = null) => ({ start, read: (text, model) => (known(model).includes(text) ? text : null) });
const number = start => ({
  start, write: value => value + 1,
  read: (text, { sentences }) => (/^\d{1,6}$/.test(text) && text >= 1 && text <= sentences.length ? text - 1 : null),
});
const ofText = {
  write: (value, model) => model.documents[value].doc_id, read: (text, model) => model.byId.get(text)?.number ?? null,
};

/** The parts of an address: what stands at the start and is not written, and how others are written and read. */
const PARTS = {
  view: oneOf(() => VIEWS, "argument"),
  theme: oneOf(model => model.themes),
  find: { start: "", read: text => (text.length <= LONGEST ? text : null) },
  ask: { write: askText, read: readAsk },
  at: number(0),
  sort: oneOf(() => ["left", "right"], "position"),
  read: ofText,
  beside: ofText,
  place: number(null),
  pair: {
    write: (pair, model) => pair.map(one => (one === null ? "" : ofText.write(one, model))).join("/"),
    read: (text, model) => {
      const [first, second, more] = text.split("/"), pair = [ofText.read(first, model), ofText.read(second, model)];
      return more === undefined && pair[0] !== null && (!second || pair[1] !== null) && pair[0] !== pair[1] ? pair : null;
    },
  },
  shuffled: { start: false, write: () => "yes", read: text => text === "yes" || null },
  claim: oneOf(model => model.claims.map(claim => claim.claim)),
  edit: oneOf(model => model.themes),
};

/** What may stand several times: edits of the word lists, and choices of measuring that are taken out. */
const LISTS = {
  without: text => text,
  word: text => (text.length <= LONGEST ? { what: "word", text } : null),
  add: (text, model) => { const edit = keyed(text, model); return edit && parseEntry(edit.text) && { what: "add", ...edit }; },
  drop: (text, model) => {
    const edit = keyed(text, model), is = entry => entry.key === edit.key && entryText(entry) === edit.text;
    return edit && model.entries.some(is) ? { what: "drop", ...edit } : null;
  },
};

function keyed(text, model) {
  const [, key, rest] = /^([^/]+)\/(.+)$/s.exec(text) ?? [];
  return model.original.hits.has(key) ? { key, text: rest } : null;
}

export const start = () => ({
  ...Object.fromEntries(Object.entries(PARTS).map(([name, one]) => [name, one.start ?? null])), without: [], edits: [],
});

/** Write what differs from the start, in a fixed order. */
export function write(state, model) {
  const parts = [], put = (name, value) => parts.push(`${name}=${encodeURIComponent(value)}`);
  for (const [name, one] of Object.entries(PARTS)) {
    if (state[name] !== (one.start ?? null)) put(name, one.write ? one.write(state[name], model) : state[name]);
  }
  for (const choice of state.without) put("without", choice);
  for (const edit of state.edits) put(edit.what, edit.what === "word" ? edit.text : `${edit.key}/${edit.text}`);
  return parts.join("&");
}

/** Write a question: a key, perhaps in a text; a stretch of a text; a claim, a reading, a topic; what is searched for. */
export function askText(ask, model) {
  const text = ask.document === undefined || ask.document === null ? "" : `/${model.documents[ask.document].doc_id}`;
  if (ask.kind === "key") return ask.key + text;
  if (ask.kind === "stretch") return `${ask.from + 1}-${ask.to + 1}${text}`;
  return ask.kind === "topic" ? `topic/${ask.topic + 1}` : ask.kind === "find" ? "find" : `${ask.kind}/${ask.id}`;
}

function readAsk(text, model) {
  const [first, second] = text.split("/"), asked = model.byId.get(second), [, from, to] = /^(\d+)-(\d+)$/.exec(first) ?? [];
  if (first === "find" && second === undefined) return { kind: "find" };
  if (first === "claim" && model.claims.some(claim => claim.claim === second)) return { kind: "claim", id: second };
  if (first === "reading" && model.readings.some(one => one.reading === second)) return { kind: "reading", id: second };
  if (first === "topic" && model.data.topics[0]?.terms[second - 1]) return { kind: "topic", topic: second - 1 };
  if (asked && from >= 1 && Number(to) >= from && to <= asked.body.length) {
    return { kind: "stretch", document: asked.number, from: from - 1, to: to - 1 };
  }
  const known = model.original.hits.has(first) && (second === undefined || asked);
  return known ? { kind: "key", key: first, document: asked?.number ?? null } : null;
}

/** Read an address; what cannot be read is left out and counted. */
export function read(text, model) {
  const state = start();
  let lost = 0;
  for (const part of text.replace(/^#/, "").split("&").filter(Boolean)) {
    const at = part.indexOf("="), name = part.slice(0, at);
    let value = null;
    try {
      const given = decodeURIComponent(part.slice(at + 1));
      if (Object.hasOwn(PARTS, name)) value = PARTS[name].read(given, model);
      else if (Object.hasOwn(LISTS, name)) value = LISTS[name](given, model);
    } catch { value = null; } // cut inside a %, or no pattern
    if (value === null) lost++;
    else if (Object.hasOwn(PARTS, name)) state[name] = value;
    else state[name === "without" ? name : "edits"].push(value);
  }
  if (state.ask?.kind === "find" && !state.find) state.ask = null;
  if (state.find && !state.ask) state.ask = { kind: "find" };
  return { state, lost };
}

// What the page shows, as an address that can be sent, bookmarked, reloaded and cut short.
import { entryText, parseEntry } from "./patterns.js";

const VIEWS = ["argument", "read", "search", "words", "topics", "sure", "seminar"];
const LONGEST = 300;

export const start = () => ({
  view: "argument", theme: null, ask: null, at: 0, find: "", sort: "position", read: null, beside: null, place: null, pair: null, topic: 0,
  shuffled: false, by: null, claim: null, without: [], edits: [], edit: null,
});

/** Write what differs from the start, in a fixed order. */
export function write(state, model) {
  const parts = [], put = (name, value) => parts.push(`${name}=${encodeURIComponent(value)}`);
  const id = number => model.documents[number].doc_id;
  if (state.view !== "argument") put("view", state.view);
  if (state.theme) put("theme", state.theme);
  if (state.find) put("find", state.find);
  if (state.ask) put("ask", askText(state.ask, model));
  if (state.at) put("at", state.at + 1);
  if (state.sort !== "position") put("sort", state.sort);
  if (state.read !== null) put("read", id(state.read));
  if (state.beside !== null) put("beside", id(state.beside));
  if (state.place !== null) put("place", state.place + 1);
  if (state.pair) put("pair", state.pair.map(one => (one === null ? "" : id(one))).join("/"));
  if (state.topic) put("topic", state.topic + 1);
  if (state.shuffled) put("shuffled", "yes");
  if (state.by) put("by", state.by);
  if (state.claim) put("claim", state.claim);
  for (const choice of state.without) put("without", choice);
  for (const edit of state.edits) put(edit.what, edit.what === "word" ? edit.text : `${edit.key}/${edit.text}`);
  if (state.edit) put("edit", state.edit);
  return parts.join("&");
}

function askText(ask, model) {
  if (ask.kind === "key") return ask.document == null ? ask.key : `${ask.key}/${model.documents[ask.document].doc_id}`;
  if (ask.kind === "stretch") return `${ask.from + 1}-${ask.to + 1}/${model.documents[ask.document].doc_id}`;
  if (ask.kind === "reading") return `reading/${ask.id}`;
  return ask.kind === "claim" ? `claim/${ask.id}` : ask.kind === "topic" ? `topic/${ask.topic + 1}` : "find";
}

function readAsk(text, model) {
  const [first, second] = text.split("/");
  const document = model.documents.findIndex(one => one.doc_id === second);
  const stretch = /^(\d+)-(\d+)$/.exec(first);
  if (first === "find" && second === undefined) return { kind: "find" };
  if (first === "claim" && model.claims.some(claim => claim.claim === second)) return { kind: "claim", id: second };
  if (first === "reading" && model.readings.some(one => one.reading === second)) return { kind: "reading", id: second };
  if (first === "topic" && model.data.topics.length && second >= 1 && second <= model.data.topics[0].terms.length) {
    return { kind: "topic", topic: Number(second) - 1 };
  }
  if (stretch && document >= 0) {
    const [from, to] = [stretch[1] - 1, stretch[2] - 1];
    if (from >= 0 && from <= to && to < model.documents[document].body.length) return { kind: "stretch", document, from, to };
  }
  if (model.original.hits.has(first) && (second === undefined || document >= 0)) {
    return { kind: "key", key: first, document: second === undefined ? null : document };
  }
  return null;
}

/** Read an address; what cannot be read is left out and counted. */
export function read(text, model) {
  const state = start();
  let lost = 0;
  const number = (value, most) => (/^\d{1,6}$/.test(value) && value >= 1 && value <= most ? value - 1 : null);
  const document = value => {
    const found = model.documents.findIndex(one => one.doc_id === value);
    return found < 0 ? null : found;
  };
  const keyed = value => {
    const at = value.indexOf("/"), key = value.slice(0, at), rest = value.slice(at + 1);
    return at > 0 && rest && model.original.hits.has(key) ? { key, text: rest } : null;
  };
  const readers = {
    view: value => (VIEWS.includes(value) ? value : null),
    theme: value => (model.themes.includes(value) ? value : null),
    find: value => (value.length <= LONGEST ? value : null),
    ask: value => readAsk(value, model),
    at: value => number(value, model.sentences.length),
    sort: value => (["left", "right"].includes(value) ? value : null),
    place: value => number(value, model.sentences.length),
    read: document,
    beside: document,
    pair: value => {
      const [first, second, more] = value.split("/");
      const pair = [document(first), second ? document(second) : null];
      return more === undefined && pair[0] !== null && (!second || (pair[1] !== null && pair[1] !== pair[0])) ? pair : null;
    },
    topic: value => number(value, model.data.topics[0]?.terms.length ?? 0),
    shuffled: value => (value === "yes" ? true : null),
    by: value => (model.data.groups?.some(one => one.by === value) ? value : null),
    claim: value => (model.claims.some(claim => claim.claim === value) ? value : null),
    edit: value => (model.themes.includes(value) ? value : null),
  };
  const edits = {
    word: value => (value.length <= LONGEST ? { what: "word", text: value } : null),
    add: value => { const edit = keyed(value); return edit && parseEntry(edit.text) && { what: "add", ...edit }; },
    drop: value => {
      const edit = keyed(value);
      const known = edit && model.lexicon.entries.some(entry => entry.key === edit.key && entryText(entry) === edit.text);
      return known ? { what: "drop", ...edit } : null;
    },
  };
  for (const part of text.replace(/^#/, "").split("&").filter(Boolean)) {
    const at = part.indexOf("="), name = part.slice(0, at);
    let value = null;
    try {
      const given = decodeURIComponent(part.slice(at + 1));
      if (Object.hasOwn(readers, name)) value = readers[name](given);
      else if (Object.hasOwn(edits, name)) value = edits[name](given);
      else if (name === "without") value = given;
    } catch { value = null; } // cut inside a %, or no pattern
    if (value === null) lost++;
    else if (name in edits) state.edits.push(value);
    else if (name === "without") state.without.push(value);
    else state[name] = value;
  }
  if (state.ask?.kind === "find" && !state.find) state.ask = null;
  if (state.find && !state.ask) state.ask = { kind: "find" };
  return { state, lost };
}

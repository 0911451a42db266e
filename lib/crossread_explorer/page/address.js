// What the page shows, as an address that can be sent, bookmarked, reloaded and cut short.
import { parseEntry } from "./patterns.js";

const VIEWS = ["argument", "read", "search", "words", "topics", "sure", "seminar"];
const LONGEST = 300;

/** What is shown at the start, which no address writes: texts by their ids, a question as `questionOf` reads it. */
export const START = {
  view: "argument", theme: null, find: "", ask: null, at: 0, sort: "position", read: null, beside: null, place: null,
  pair: null, shuffled: null, edit: null, without: [], edits: [],
};

const oneOf = known => (text, model) => (known(model).includes(text) ? text : null);
const ofText = (text, { byId }) => (byId.has(text) ? text : null);
const number = (text, { sentences }) => (/^\d{1,6}$/.test(text) && text < sentences.length ? Number(text) : null);
export const pairOf = ({ target, reference }) => `${target}/${reference ?? ""}`; // of texts whose words are compared
const typed = text => (text.length <= LONGEST ? text : null);

/** How the parts of an address are read: what cannot be read is null. */
const PARTS = {
  view: oneOf(() => VIEWS),
  theme: oneOf(model => model.themes),
  find: typed,
  ask: (text, model) => questionOf(text, model) && text,
  at: number,
  sort: oneOf(() => ["left", "right"]),
  read: ofText,
  beside: ofText,
  place: number,
  pair: oneOf(model => model.data.words.map(pairOf)),
  shuffled: oneOf(() => ["yes"]),
  edit: oneOf(model => model.themes),
};

/** What may stand several times: edits of the word lists, and choices of measuring that are taken out. */
const LISTS = {
  without: text => text,
  word: text => (typed(text) === null ? null : { what: "word", text }),
  add: (text, model) => keyed("add", text, model),
  drop: (text, model) => keyed("drop", text, model),
};

function keyed(what, given, model) {
  const [, key, text] = /^([^/]+)\/(.+)$/s.exec(given) ?? [];
  return model.original.hits.has(key) && parseEntry(text) ? { what, key, text } : null;
}

/** Write what differs from the start, in a fixed order. */
export function write(state) {
  const changed = Object.keys(PARTS).filter(name => state[name] !== START[name]).map(name => [name, state[name]]);
  const edits = state.edits.map(({ what, key, text }) => [what, what === "word" ? text : `${key}/${text}`]);
  return [...changed, ...state.without.map(choice => ["without", choice]), ...edits]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** Read a question: a key, perhaps in a text; a stretch of a text; a claim, a topic; what is searched for. */
export function questionOf(text, model) {
  const [first, second] = text.split("/"), asked = model.byId.get(second), [, from, to] = /^(\d+)-(\d+)$/.exec(first) ?? [];
  if (first === "find" && second === undefined) return { kind: "find" };
  if (first === "claim" && model.claims.some(claim => claim.claim === second)) return { kind: "claim", id: second };
  if (first === "topic" && model.data.topics[0]?.terms[second - 1]) return { kind: "topic", topic: second - 1 };
  if (asked && from >= 1 && Number(to) >= from && to <= asked.body.length) {
    return { kind: "stretch", text: asked, rows: asked.body.slice(from - 1, to) };
  }
  const known = model.original.hits.has(first) && (second === undefined || asked);
  return known ? { kind: "key", key: first, text: asked } : null;
}

/** Read an address; what cannot be read is left out and counted. */
export function read(text, model) {
  const state = { ...START, without: [], edits: [] };
  let lost = 0;
  for (const part of text.replace(/^#/, "").split("&").filter(Boolean)) {
    const at = part.indexOf("="), name = part.slice(0, at), several = Object.hasOwn(LISTS, name);
    let value = null;
    try {
      const reader = several ? LISTS : PARTS;
      if (Object.hasOwn(reader, name)) value = reader[name](decodeURIComponent(part.slice(at + 1)), model);
    } catch { value = null; } // cut inside a %, or no pattern
    if (value === null) lost++;
    else if (several) state[name === "without" ? name : "edits"].push(value);
    else state[name] = value;
  }
  if (state.ask === "find" && !state.find) state.ask = null;
  if (state.find) state.ask ??= "find";
  return { state, lost };
}

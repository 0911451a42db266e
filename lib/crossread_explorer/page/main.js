// The page: its frame, what happens when something is pressed, and how it is drawn again.
import { Model } from "./model.js";
import { html, properNames, some } from "./dom.js";
import { Refusal } from "./patterns.js";
import { read, start, write } from "./address.js";
import { evidenceOf, findIn } from "./evidence.js";
import { argument, drawRows } from "./argument.js";
import { drawRest, drawStrips, flagStrips, linesOf, listenToStrips } from "./strips.js";
import { paneMarkup } from "./pane.js";
import { reader, showCurrent } from "./reader.js";
import { searchView } from "./search.js";
import { comparison, drawWords, wordsView } from "./words.js";
import { drawMap, topicsView } from "./topics.js";
import { drawWays, sureView } from "./sure.js";
import { codedRows, guessOrder, seminarView } from "./seminar.js";
import { editPanel } from "./edit.js";
import { choose, readLexicon, save, savePicture } from "./files.js";
import { rowsOf } from "./model.js";
import { unpack } from "./charts.js";

const PARTS = { argument: ["The argument", argument], read: ["Read", reader], search: ["Search", searchView], words: ["Words", wordsView],
  topics: ["Topics and map", topicsView], sure: ["How sure", sureView], seminar: ["Seminar", seminarView] };
const PHONE = 760, TABLET = 1180; // pixels

/** Put the page of a study into an element. */
export async function mount(host, packed, { vega, css, own = false }) {
  const model = new Model(JSON.parse(await unpack(packed)));
  for (const entry of model.lexicon.entries) {
    for (const word of [entry.pattern, ...entry.near].join(" ").match(/\p{L}+/gu) || []) if (/^\p{Lu}/u.test(word)) properNames.add(word);
  }
  const shell = document.createElement("div");
  shell.className = "crossread";
  if (css) shell.append(Object.assign(document.createElement("style"), { textContent: css }));
  host.replaceChildren(shell);
  const app = new App(model, shell, { vega, own });
  app.open();
  return app;
}

class App {
  constructor(model, shell, { vega, own }) {
    Object.assign(this, { model, shell, vega, own, root: shell, state: start(), undone: [], evidence: [], asked: new Map(), found: null, judged: null });
    this.kept = { guesses: {}, revealed: {}, codes: {}, ticked: {}, round: 0, quiz: [{}, {}] }; // what the reader answers stays here
    this.counted = model.original;
    this.verdicts = rowsOf(model.data.contrasts);
    const style = text => matchMedia(text);
    this.dark = style("(prefers-color-scheme: dark)");
    this.motion = style("(prefers-reduced-motion: reduce)");
  }

  /** Tell whether the lists that are counted are others than the library's: then the page judges them itself. */
  get edited() { return this.counted !== this.model.original || this.model.replaced; }

  get calm() { return this.motion.matches; }

  open() {
    this.shell.append(...frame(this));
    this.$ = name => this.shell.querySelector(name);
    this.paintScheme();
    this.dark.addEventListener("change", () => this.paintScheme());
    this.listen();
    listenToStrips(this);
    const { state, lost } = this.own ? read(location.hash, this.model) : { state: start(), lost: 0 };
    this.show(state);
    this.tellLost(lost);
    if (this.model.data.analysis && !(this.own && location.hash)) this.openAnalysis(this.model.data.analysis);
    new ResizeObserver(() => this.resize()).observe(this.shell);
    this.shell.dataset.ready = "yes";
    const ahead = () => { if (this.model.mode === "texts" && this.model.readAhead(15)) setTimeout(ahead, 20); else delete this.shell.dataset.reading; };
    this.shell.dataset.reading = "yes";
    setTimeout(ahead, 300);
  }

  // --- state ------------------------------------------------------------------------------------------------------

  /** Change what is shown; the address follows, so that Back leads back. */
  go(change, { replace = false } = {}) {
    this.show({ ...this.state, ...change }, true);
    if (!this.own) return;
    const address = `#${write(this.state, this.model)}`;
    if (address !== (location.hash || "#")) history[replace ? "replaceState" : "pushState"](null, "", address);
  }

  ask(ask, more = {}) { this.go({ ask, at: 0, edit: null, place: null, ...more }); }
  find(text) { this.ask({ kind: "find" }, { find: text }); }

  show(state, follow = false) {
    const before = this.state, first = !this.shell.dataset.ready;
    this.state = state;
    if (first || JSON.stringify(before.edits) !== JSON.stringify(state.edits)) this.recount();
    if (state.find !== this.searched) { this.searched = state.find; this.found = state.find ? findIn(this, state.find) : null; }
    this.evidence = evidenceOf(this);
    if (state.at >= this.evidence.length) this.state = { ...this.state, at: 0 };
    this.asked = new Map(this.evidence.flatMap(one => one.hits.map(hit => [hit[0], one.hits.filter(other => other[0] === hit[0])])));
    if (state.view === "read" && this.evidence[this.state.at] && (follow || state.read === null) && (before.at !== state.at || before.ask !== state.ask)) {
      const document = this.model.sentences[this.evidence[this.state.at].rows[0]].document;
      if (document !== state.read && document !== state.beside) this.state = { ...this.state, read: document };
    }
    this.paint(before);
  }

  /** Count anew after an edit, and let the verdicts follow. */
  recount() {
    this.editProblem = null;
    this.counts = (this.counts ?? 0) + 1;
    this.judged = null;
    try { this.counted = this.model.countEdited(this.state.edits); } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.editProblem = error.message;
      this.state = { ...this.state, edits: this.state.edits.slice(0, -1) };
      this.counted = this.model.countEdited(this.state.edits);
    }
    this.verdicts = this.edited ? null : rowsOf(this.model.data.contrasts);
    this.worker?.terminate();
    this.worker = null;
    if (this.edited) this.judge();
  }

  /** Let a worker judge the edited lists, so that the page stays quick. */
  judge() {
    const address = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" })), counted = this.counted;
    this.worker = new Worker(address);
    this.worker.onmessage = ({ data }) => {
      URL.revokeObjectURL(address);
      if (counted !== this.counted) return;
      this.judged = data;
      this.verdicts = data.contrasts;
      this.paint(this.state);
    };
    this.worker.postMessage(this.model.toJudge(counted));
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  paint(before = {}) {
    const { state } = this, focus = this.focusKey(), main = this.$("main"), pane = this.$(".pane");
    const scrolled = pane.scrollTop, width = this.$(".strip")?.clientWidth; // asked before anything changes, so that nothing is laid out twice
    this.shell.dataset.view = state.view;
    this.$(".nav").innerHTML = String(html`${Object.entries(PARTS).filter(([view]) => view !== "search" || state.find).map(([view, [name]]) => html`<a href="#${write({ ...state, view }, this.model)}"
      data-do="view ${view}"${state.view === view && html` aria-current="page"`}>${name}</a>`)}`);
    const shown = state.edit ? editPanel(this) : state.ask || state.view === "argument" ? paneMarkup(this) : null;
    this.shell.classList.toggle("paned", shown !== null);
    this.shell.classList.toggle("sheet", Boolean(state.ask || state.edit));
    // the argument does not depend on the question: what is asked is marked in it afterwards
    const { view, theme } = state, { counted, judged } = this, last = this.written;
    const same = view === "argument" && last?.view === view && last.counted === counted && last.judged === judged && last.theme === theme && last.by === state.by;
    if (!same) {
      const parts = [PARTS[view][1](this)].flat().map(String);
      const kept = last?.view === view && last.parts.length === parts.length; // then only parts that changed are drawn anew
      if (!kept) main.innerHTML = parts.map(part => `<div class="slot">${part}</div>`).join("");
      else parts.forEach((part, i) => { if (part !== last.parts[i]) main.children[i].innerHTML = part; });
      if (!kept || last.counted !== counted || last.theme !== theme) drawStrips(this, kept ? width : 0);
      this.written = { view, theme, by: state.by, counted, judged, parts };
    }
    const scroll = before.ask === state.ask && before.edit === state.edit ? scrolled : 0;
    pane.innerHTML = String(html`${shown}`);
    if (scrolled) pane.scrollTop = scroll;
    this.mark();
    const charts = { words: drawWords, topics: drawMap, sure: drawWays };
    charts[state.view]?.(this);
    if (state.view === "read") showCurrent(this, before.view !== "read" || before.at !== state.at || before.ask !== state.ask || before.place !== state.place);
    if (before.view && before.view !== state.view) { window.scrollTo({ top: Math.min(scrollY, this.shell.getBoundingClientRect().top + scrollY) }); }
    if (this.$("#q").value !== state.find && document.activeElement !== this.$("#q")) this.$("#q").value = state.find;
    if (this.$("tbody[data-from]")) setTimeout(() => drawRows(this), 30);
    this.refocus(focus);
    if (state.at && (before.at !== state.at || before.ask !== state.ask)) scrollTo(pane, pane.querySelector('[aria-current="true"]'));
    if (before.ask !== state.ask && state.ask) this.say(`${this.$("#pane-title")?.textContent}: ${some(this.evidence.length, "sentence")}.`);
  }

  /** Show in the page what is asked, without drawing it anew. */
  mark() {
    const { state } = this, ask = state.ask;
    const action = !ask ? "" : ask.kind === "key" ? `ask ${ask.key}${ask.document === null ? "" : `/${this.model.documents[ask.document].doc_id}`}`
      : ["claim", "reading"].includes(ask.kind) ? `ask ${ask.kind}/${ask.id}` : ask.kind === "topic" ? `ask topic/${ask.topic + 1}` : "";
    for (const one of this.$("main").querySelectorAll('[data-do^="ask "][aria-pressed]')) one.setAttribute("aria-pressed", one.dataset.do === action);
    flagStrips(this);
  }

  focusKey() {
    const active = this.shell.getRootNode().activeElement;
    return active && this.shell.contains(active) ? { do: active.dataset?.do, line: active.dataset?.line, change: active.dataset?.change } : null;
  }

  refocus(key) {
    if (!key || this.shell.contains(this.shell.getRootNode().activeElement)) return;
    const name = Object.keys(key).find(one => key[one] !== undefined);
    if (name) [...this.shell.querySelectorAll(`[data-${name}]`)].find(one => one.dataset[name] === key[name])?.focus({ preventScroll: true });
  }

  resize() {
    const width = this.shell.clientWidth, size = width < PHONE ? "phone" : width < TABLET ? "tablet" : "desk";
    if (this.shell.dataset.size === size && this.width === width) return;
    this.shell.dataset.size = size;
    this.width = width;
    drawStrips(this);
    flagStrips(this);
    ({ words: drawWords, topics: drawMap, sure: drawWays })[this.state.view]?.(this);
  }

  paintScheme() {
    this.scheme = this.chosenScheme ?? (this.dark.matches ? "dark" : "light");
    this.shell.dataset.scheme = this.scheme;
    if (this.own) document.documentElement.dataset.scheme = this.scheme;
    const button = this.$(".scheme");
    button.textContent = this.scheme === "dark" ? "Light" : "Dark";
    if (this.shell.dataset.ready) this.paint(this.state);
  }

  tellLost(lost) { if (lost) this.tell(`${some(lost, "part")} of the address could not be read and ${lost === 1 ? "was" : "were"} left out.`); }
  say(text) { this.$(".status").textContent = text; }
  tell(text) { this.$(".telling").innerHTML = String(html`<p>${text}</p><button type="button" class="link" data-do="told">Close</button>`); }

  tip(markup, x, y) {
    const tip = this.$(".tip");
    tip.hidden = !markup;
    if (!markup) return;
    tip.innerHTML = String(markup);
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(innerWidth - box.width - 8, x - box.width / 2))}px`;
    tip.style.top = `${y + 14 + box.height > innerHeight ? y - box.height - 14 : y + 14}px`;
  }

  // --- what is pressed --------------------------------------------------------------------------------------------

  listen() {
    const { shell } = this;
    shell.addEventListener("click", event => {
      const pressed = event.target.closest("[data-do]");
      if (!pressed || pressed.disabled || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const [verb, ...rest] = pressed.dataset.do.split(" ");
      this.act(verb, rest.join(" "));
    });
    shell.addEventListener("change", event => {
      const changed = event.target.dataset?.change?.split(" ");
      if (changed) this.change(changed, event.target);
    });
    shell.addEventListener("submit", event => {
      event.preventDefault();
      const form = event.target, given = name => form.elements[name]?.value ?? "", find = given("q").trim().replace(/^["“„](.*)["“”]$/, "$1");
      if (form.dataset.form === "find") this.go({ view: "search", find, ask: find ? { kind: "find" } : null, at: 0, edit: null });
      else if (form.dataset.form === "word") this.edit({ what: "word", text: given("text").trim() });
      else this.edit({ what: "add", key: given("key"), text: given("text").trim() });
    });
    shell.addEventListener("keydown", event => { // in JupyterLab a browser does not submit by itself
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("form input")) return;
      event.preventDefault();
      event.target.form.requestSubmit();
    });
    shell.addEventListener("pointerover", event => {
      const about = event.target.closest?.("[data-tip]");
      if (event.pointerType === "touch") return;
      if (about) { const box = about.getBoundingClientRect(); this.tip(html`${about.dataset.tip}`, box.left + box.width / 2, box.bottom - 8); }
      else if (!event.target.closest?.(".strip, .chart")) this.tip(null);
    });
    addEventListener("keydown", event => {
      if (event.key !== "Escape") return;
      if (!this.$(".tip").hidden) this.tip(null);
      else if (this.state.edit || this.state.ask) this.act("close", "");
    });
    addEventListener("scroll", () => this.tip(null), { passive: true, capture: true });
    addEventListener("beforeprint", () => drawRest(this));
    shell.addEventListener("mouseup", () => setTimeout(() => this.offerSelection()));
    if (this.own) addEventListener("popstate", () => {
      const { state, lost } = read(location.hash, this.model);
      this.show(state);
      this.tellLost(lost);
    });
  }

  act(verb, value) {
    const { state, model, kept } = this;
    const acts = {
      view: () => this.go({ view: value, ...(value === "search" ? { ask: state.find ? { kind: "find" } : null } : {}) }),
      theme: () => this.go({ theme: state.theme === value ? null : value }),
      ask: () => this.ask(read(`ask=${encodeURIComponent(value)}`, model).state.ask),
      find: () => this.find(value),
      close: () => this.go(state.edit ? { edit: null } : { ask: null, at: 0 }),
      at: () => this.go({ at: Number(value), place: null }, { replace: true }),
      step: () => this.go({ at: (state.at + Number(value) + this.evidence.length) % Math.max(1, this.evidence.length), place: null }, { replace: true }),
      reader: () => this.go({ view: "read", place: Number(value), ...(model.sentences[value].document === state.beside ? {} : { read: model.sentences[value].document }) }),
      section: () => { const line = linesOf(model)[value], place = line.document.place; this.ask({ kind: "stretch", document: line.document.number, from: place.get(line.rows[0]), to: place.get(line.rows.at(-1)) }); },
      sort: () => this.go({ sort: value }),
      shuffled: () => this.go({ shuffled: value === "yes", ask: state.ask?.kind === "topic" ? null : state.ask }),
      claim: () => this.go({ claim: value }),
      way: () => this.go({ without: state.without.includes(value) ? state.without.filter(one => one !== value) : [...state.without, value] }),
      ways: () => this.go({ without: [] }),
      edit: () => this.go({ edit: value || null }),
      drop: () => { const at = value.indexOf("/"); this.edit({ what: "drop", key: value.slice(0, at), text: value.slice(at + 1) }); },
      word: () => this.edit({ what: "word", text: value }),
      undo: () => { this.undone.push(state.edits.at(-1)); this.go({ edits: state.edits.slice(0, -1) }); },
      redo: () => this.go({ edits: [...state.edits, this.undone.pop()] }),
      revert: () => { this.undone.push(state.edits[value]); this.go({ edits: state.edits.filter((_, i) => i !== Number(value)) }); },
      save: () => save(this, value),
      open: () => this.openFile(value),
      picture: () => savePicture(this, ...value.split(" ")),
      scheme: () => { this.chosenScheme = this.scheme === "dark" ? "light" : "dark"; this.paintScheme(); },
      told: () => { this.$(".telling").textContent = ""; },
      rank: () => { const [number, step] = value.split(" ").map(Number), order = guessOrder(this, kept.guessTheme ?? model.themes[0]), at = order.indexOf(number);
        [order[at], order[at + step]] = [order[at + step], order[at]]; this.paint(state); },
      reveal: () => { kept.revealed[value] = true; this.paint(state); },
      hide: () => { delete kept.revealed[value]; this.paint(state); },
      coded: () => { codedRows(this).forEach(row => { kept.codes[row] = [...(kept.ticked[row] ?? [])]; }); this.paint(state); },
      recode: () => { codedRows(this).forEach(row => { delete kept.codes[row]; delete kept.ticked[row]; }); kept.round++; this.paint(state); },
      intruder: () => { const [i, ...word] = value.split(" "); kept.quiz[state.shuffled ? 1 : 0][i] = word.join(" "); this.paint(state); },
      skip: () => this.$(".pane").focus(),
    };
    this.$(".offer").hidden = true;
    acts[verb]?.();
  }

  change([name, ...about], field) {
    const document = this.model.documents.findIndex(one => one.doc_id === field.value), at = document < 0 ? null : document;
    const now = this.model.data.words.length ? comparison(this) : null, pair = [now?.target ?? 0, now?.reference ?? null];
    if (name === "read") this.go({ read: at, place: null });
    else if (name === "beside") this.go({ beside: at, place: null });
    else if (name === "target") this.go({ pair: [at, pair[1] === at ? null : pair[1]] });
    else if (name === "reference") this.go({ pair: [pair[0], at === pair[0] ? null : at] });
    else if (name === "by") this.go({ by: field.value });
    else if (name === "guess") { this.kept.guessTheme = field.value; this.paint(this.state); }
    else if (name === "code") {
      const ticked = (this.kept.ticked[about[0]] ??= []).filter(theme => theme !== about[1]);
      this.kept.ticked[about[0]] = field.checked ? [...ticked, about[1]] : ticked;
    }
  }

  edit(edit) {
    if (!edit.text) return;
    this.undone = [];
    const theme = edit.key ? edit.key.split(".")[0] : this.state.edit ?? this.model.themes[0];
    this.go({ edits: [...this.state.edits, edit], edit: theme, ask: null });
  }

  async openFile(what) {
    const text = await choose(this, what === "lexicon" ? ".yml,.yaml" : ".json");
    if (text === null) return;
    try {
      if (what === "lexicon") {
        this.openLexicon(text);
        this.go({ edit: this.model.themes[0] });
        this.tell("The lexicon was opened. It is in this window only: the address does not hold it. Limits and verdicts are computed anew for it.");
      } else this.openAnalysis(JSON.parse(text));
    } catch (error) { this.tell(error instanceof SyntaxError ? "This file is not one that a page has saved." : error.message); }
  }

  openLexicon(text) {
    const { entries, labels } = readLexicon(text);
    this.model.replaceLexicon(entries, labels);
    this.state = start();
    this.recount();
  }

  openAnalysis(saved) {
    if (saved.crossread !== "analysis") throw new Refusal("This file is not an analysis that a page has saved.");
    if (saved.corpus !== this.model.data.name) throw new Refusal(`This analysis is of “${saved.corpus}”, and this page is of “${this.model.data.name}”.`);
    if (saved.lexicon) this.openLexicon(String(saved.lexicon));
    const { state, lost } = read(String(saved.address ?? ""), this.model), number = id => this.model.documents.findIndex(one => one.doc_id === id);
    const rows = new Map(this.model.documents.flatMap(document => document.body.map(row => [`${document.doc_id}-${String(this.model.sentences[row].number).padStart(3, "0")}`, row])));
    for (const [theme, order] of Object.entries(saved.guesses ?? {})) if (this.model.themes.includes(theme) && order.every(id => number(id) >= 0)) this.kept.guesses[theme] = order.map(number);
    for (const { sentence_id: id, themes } of saved.codes ?? []) if (rows.has(id)) this.kept.codes[rows.get(id)] = themes.filter(theme => this.model.themes.includes(theme));
    Object.assign(this.kept, { revealed: { ...saved.revealed }, round: Number(saved.round) || 0, quiz: Array.isArray(saved.quiz) && saved.quiz.length === 2 ? saved.quiz : [{}, {}] });
    this.go(state);
    if (saved === this.model.data.analysis && !lost) return;
    this.tell(lost ? `${some(lost, "part")} of the analysis could not be read and ${lost === 1 ? "was" : "were"} left out.` : "The analysis was opened.");
  }

  /** Offer to add what is selected in a text to a theme. */
  offerSelection() {
    const chosen = String(this.shell.getRootNode().getSelection?.() ?? getSelection()).trim().replace(/\s+/g, " "), box = this.$(".offer");
    const inText = getSelection().anchorNode?.parentElement?.closest?.(".text, .kwic");
    box.hidden = !(chosen && inText && chosen.length <= 60 && this.model.mode === "texts");
    if (box.hidden) return;
    const place = getSelection().getRangeAt(0).getBoundingClientRect();
    box.innerHTML = String(html`<button type="button" class="link" data-do="find ${chosen}">Find “${chosen}”, or add it to a theme</button>`);
    box.style.left = `${Math.max(8, Math.min(innerWidth - 320, place.left))}px`;
    box.style.top = `${place.bottom + 8}px`;
  }
}

/** Bring a part of the pane into view, without moving the page. */
function scrollTo(pane, part) {
  const box = pane.getBoundingClientRect(), own = part?.getBoundingClientRect();
  if (own && (own.bottom > box.bottom || own.top < box.top)) pane.scrollTop += own.top - box.top - Math.min(60, box.height / 4);
}

/** The parts of the page that stay. */
function frame(app) {
  const { data } = app.model, template = document.createElement("template");
  const textures = ["<rect width='4' height='3' fill='var(--w0)'/><rect width='4' height='1.9' fill='var(--c0)'/>|4|3", "<rect width='4' height='4' fill='var(--c1)'/>|4|4", "<rect width='4' height='4' fill='var(--w2)'/>|4|4",
    "<rect width='5' height='5' fill='var(--w3)'/><path d='M-1 1l2-2M0 5l5-5M4 6l2-2' stroke='var(--c3)' stroke-width='1.6'/>|5|5", "<rect width='4' height='4' fill='var(--w4)'/><rect width='2.2' height='4' fill='var(--c4)'/>|4|4",
    "<rect width='4' height='4' fill='var(--w5)'/><circle cx='2' cy='2' r='1.2' fill='var(--c5)'/>|4|4", "<rect width='5' height='5' fill='var(--w6)'/><path d='M-1 4l2 2M0 0l5 5M4-1l2 2' stroke='var(--c6)' stroke-width='1.6'/>|5|5",
    "<rect width='4' height='4' fill='var(--c7)'/><circle cx='2' cy='2' r='1' fill='var(--w7)'/>|4|4"];
  template.innerHTML = `<svg width="0" height="0" class="defs" aria-hidden="true"><defs>${textures.map((texture, i) => { const [shape, w, h] = texture.split("|"); return `<pattern id="p${i}" width="${w}" height="${h}" patternUnits="userSpaceOnUse">${shape}</pattern>`; }).join("")}</defs></svg>${html`
    <button type="button" class="skip" data-do="skip">To the reading pane</button>
    <header class="mast">${data.private && html`<p class="private">Private: this page holds running texts. Do not publish it, and send it only to those who may have them.</p>`}<div><p class="name">${data.title} <span>${some(app.model.documents.length, "text")} compared</span></p><nav class="nav" aria-label="Views"></nav>
      <form class="search" role="search" data-form="find"><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.6"/><path d="M10.5 10.5 14 14"/></svg><label class="unseen" for="q">Find a word</label>
      <input id="q" name="q" type="search" placeholder="Find a word" autocomplete="off" spellcheck="false"></form><span class="tools"><button type="button" class="link" data-do="save analysis">Save</button><button type="button" class="link" data-do="open analysis">Open</button><button
      type="button" class="link scheme" data-do="scheme">Dark</button></span></div></header>
    <div class="telling" role="status"></div><div class="page"><main></main><aside class="pane" aria-label="Reading pane" tabindex="-1"></aside></div>
    <p class="status unseen" role="status"></p><div class="tip" role="tooltip" hidden></div><div class="offer" hidden></div>`}`;
  return [...template.content.children];
}

// The page: its frame, what happens when something is pressed, and how it is drawn again.
import { Model } from "./model.js";
import { html, opens, press, remark, some } from "./dom.js";
import { tried } from "./patterns.js";
import { questionOf, read, START, write } from "./address.js";
import { evidenceOf } from "./evidence.js";
import { argument } from "./argument.js";
import { flagStrips, listenToStrips } from "./strips.js";
import { addToTheme, paneMarkup, unitOf } from "./pane.js";
import { reader, showCurrent } from "./reader.js";
import { searchView } from "./search.js";
import { drawWords, wordsView } from "./words.js";
import { drawMap, topicsView } from "./topics.js";
import { sureView } from "./claims.js";
import { guessOrder, openAnswers, seminarView, ticked } from "./seminar.js";
import { editPanel } from "./edit.js";
import { isLexiconOf, save, savePicture } from "./files.js";
import { unpack } from "./charts.js";

const PARTS_OF_PAGE = { argument: ["The argument", argument], read: ["Read", reader], search: ["Search", searchView], words: ["Words", wordsView],
  topics: ["Topics and map", topicsView], sure: ["How sure", sureView], seminar: ["Seminar", seminarView] };
const CHARTS = { words: drawWords, map: drawMap };
const PHONE = 760, TABLET = 1180; // pixels
const READ = 500; // milliseconds until the texts are read, so that the first search does not wait for it
const LONGEST_CHOSEN = 60, SELECTED = 200; // characters of a selection that can be looked for; milliseconds until it is taken as made

/** Put the page of a study into an element. */
export async function mount(host, packed, { vega, css = "", own = false }) {
  const model = new Model(JSON.parse(await unpack(packed))), shell = document.createElement("div");
  shell.className = "crossread";
  shell.append(Object.assign(document.createElement("style"), { textContent: css }));
  host.replaceChildren(shell);
  new App(model, shell, { vega, own }).open();
}

class App {
  state = START;
  undone = [];
  evidence = [];
  dark = matchMedia("(prefers-color-scheme: dark)");
  kept = { guesses: {}, revealed: {}, codes: {}, compared: false, round: 0, quiz: [{}, {}] }; // what the reader answers stays here

  constructor(model, shell, { vega, own }) { Object.assign(this, { model, shell, vega, own }); }

  /** Tell whether the lists that are counted are others than the library's: then the page judges them itself. */
  get edited() { return this.counted !== this.model.original; }
  $(name) { return this.shell.querySelector(name); }

  open() {
    this.shell.insertAdjacentHTML("beforeend", frame(this.model));
    this.paintScheme();
    this.dark.addEventListener("change", () => this.paintScheme());
    this.listen();
    listenToStrips(this);
    this.resize(); // before anything is scrolled to
    this.openAddress(this.own ? location.hash : "");
    new ResizeObserver(() => this.resize()).observe(this.shell);
    this.shell.dataset.ready = "yes";
    if (this.model.mode === "texts") setTimeout(() => this.model.store, READ);
  }

  // --- state ------------------------------------------------------------------------------------------------------

  /** Change what is shown; the address follows, so that Back leads back. */
  go(change, how = "pushState") {
    this.show({ ...this.state, ...change }, true);
    const address = `#${write(this.state)}`;
    if (this.own && address !== (location.hash || "#")) history[how](null, "", address);
  }

  ask(ask, more = {}) { this.go({ ask, at: 0, edit: null, place: null, ...more }); }
  find(text) { this.ask("find", { find: text }); }

  openAddress(address) {
    const { state, lost } = read(address, this.model);
    this.show(state);
    this.tellLost(lost, "address");
  }

  show(state, follow = false) {
    const before = this.state, { model } = this;
    this.state = state;
    if (!this.counted || JSON.stringify(before.edits) !== JSON.stringify(state.edits)) this.recount();
    if (state.find !== before.find) this.found = state.find && tried(() => model.search(state.find), refused => ({ refused }));
    this.question = state.ask && questionOf(state.ask, model);
    this.evidence = evidenceOf(this);
    if (state.at >= this.evidence.length) this.state = { ...this.state, at: 0 };
    this.asked = new Map(this.evidence.flatMap(({ rows, hits }) => rows.map(row => [row, hits.filter(hit => hit[0] === row)]).filter(([, own]) => own.length)));
    const read = this.evidence[this.state.at], moved = before.at !== state.at || before.ask !== state.ask;
    if (state.view === "read" && read && moved && (follow || state.read === null)) { // what is stepped to is opened
      const { doc_id: id } = model.textOf(read.rows[0]);
      if (id !== state.read && id !== state.beside) this.state = { ...this.state, read: id };
    }
    this.paint(before);
  }

  /** Count anew after an edit, and let the verdicts follow. */
  recount() {
    const edits = [];
    this.editProblem = null;
    this.judged = this.model.data.contrasts ? null : []; // of very many texts nothing is judged
    this.counted = this.model.original;
    for (const edit of this.state.edits) tried(() => {
      this.counted = this.model.countEdited([...edits, edit]);
      edits.push(edit);
    }, refused => { this.editProblem = refused; });
    this.state = { ...this.state, edits };
    this.worker?.terminate();
    if (this.edited && !this.judged) this.judge();
  }

  /** Let a worker judge the edited lists, so that the page stays quick. */
  judge() {
    const address = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
    const worker = this.worker = new Worker(address);
    worker.onmessage = ({ data }) => {
      URL.revokeObjectURL(address);
      if (worker !== this.worker) return;
      this.judged = data;
      this.paint(this.state);
    };
    worker.postMessage(this.model.toJudge(this.counted));
  }

  /** Return the verdicts that stand: Python's, or for edited lists those of the worker, which may not have come yet. */
  get verdicts() { return this.edited ? this.judged : this.model.verdicts; }

  // --- drawing ----------------------------------------------------------------------------------------------------

  paint(before = {}) {
    const { state, model } = this, focused = this.shell.getRootNode().activeElement, pane = this.$(".pane"), changed = name => before[name] !== state[name];
    const scrolled = pane.scrollTop; // asked before anything changes, so that nothing is laid out twice
    this.shell.dataset.view = state.view;
    this.$(".nav").innerHTML = String(html`${Object.entries(PARTS_OF_PAGE).filter(([view]) => view !== "search" || state.find).map(([view, [name]]) =>
      html`<a href="#${write({ ...state, view })}" data-do="view ${view}"${state.view === view && html` aria-current="page"`}>${name}</a>`)}`);
    const sheet = Boolean(state.ask || state.edit), paned = sheet || state.view === "argument";
    this.shell.classList.toggle("paned", paned);
    this.shell.classList.toggle("sheet", sheet);
    this.paintMain();
    pane.innerHTML = String(html`${paned && (state.edit ? editPanel : paneMarkup)(this)}`);
    if (scrolled) pane.scrollTop = changed("ask") || changed("edit") ? 0 : scrolled;
    this.mark();
    this.drawCharts();
    const moved = changed("at") || changed("ask");
    if (before.view && changed("view")) window.scrollTo({ top: Math.min(scrollY, this.shell.getBoundingClientRect().top + scrollY) });
    if (state.view === "read") showCurrent(this, moved || changed("view") || changed("place"));
    if (this.$("#q").value !== state.find && document.activeElement !== this.$("#q")) this.$("#q").value = state.find;
    this.refocus(focused);
    if (state.at && moved) pane.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
    if (changed("ask") && state.ask) this.say(`${this.$("#pane-title")?.textContent}: ${some(this.evidence.length, unitOf(this))}.`);
  }

  paintMain() {
    const { counted, judged, state: { view, theme } } = this, main = this.$("main"), about = [view, theme, counted, judged];
    // the argument does not depend on the question: what is asked is marked in it afterwards
    if (view === "argument" && this.drawn?.every((one, i) => one === about[i])) return;
    this.drawn = about;
    main.innerHTML = String(PARTS_OF_PAGE[view][1](this));
  }

  drawCharts() { for (const place of this.shell.querySelectorAll("[data-chart]")) CHARTS[place.dataset.chart](this, place); }

  /** Show in the page what is asked, without drawing it anew. */
  mark() {
    const action = `ask ${this.state.ask}`;
    for (const one of this.$("main").querySelectorAll('[data-do^="ask "][aria-pressed]')) {
      const on = String(one.dataset.do === action);
      if (one.getAttribute("aria-pressed") !== on) one.setAttribute("aria-pressed", on);
    }
    flagStrips(this);
    this.$(".strips")?.classList.toggle("some", this.evidence.length > 0);
  }

  /** What was drawn anew keeps the focus: it is known by what it does. The focus of what is gone goes to the pane. */
  refocus(before) {
    const action = before?.dataset.do;
    if (!action || before.isConnected) return;
    const again = [...this.shell.querySelectorAll("[data-do]")].find(one => one.dataset.do === action);
    (again ?? this.$(".pane")).focus({ preventScroll: true });
  }

  resize() {
    const width = this.shell.clientWidth, size = width < PHONE ? "phone" : width < TABLET ? "tablet" : "desk";
    this.shell.dataset.size = size;
    this.drawCharts();
  }

  paintScheme() {
    this.scheme = this.chosenScheme ?? (this.dark.matches ? "dark" : "light");
    this.shell.dataset.scheme = this.scheme;
    if (this.own) document.documentElement.dataset.scheme = this.scheme;
    this.$(".scheme").textContent = this.scheme === "dark" ? "Light" : "Dark";
    if (this.shell.dataset.ready) this.paint(this.state);
  }

  tellLost(lost, of) { if (lost) this.tell(`${some(lost, "part")} of the ${of} could not be read and ${lost === 1 ? "was" : "were"} left out.`); }
  say(text) { this.$(".status").innerHTML = String(html`${text}`); }
  tell(text) { this.$(".telling").innerHTML = String(html`${remark(text)}${press("told", "Close")}`); }

  tip(markup, x, y) {
    const tip = this.$(".tip");
    tip.hidden = !markup;
    if (!markup) return;
    tip.innerHTML = String(markup);
    putBeside(tip, x, y);
  }

  // --- what is pressed --------------------------------------------------------------------------------------------

  listen() {
    const { shell } = this;
    shell.addEventListener("click", event => {
      const pressed = event.target.closest(":is(a,button)[data-do]");
      if (!pressed || pressed.disabled || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.act(pressed);
    });
    shell.addEventListener("change", ({ target }) => { if (target.dataset.do) this.act(target); });
    shell.addEventListener("submit", event => {
      event.preventDefault();
      this.act(event.target);
    });
    shell.addEventListener("keydown", event => { // in JupyterLab a browser does not submit by itself
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("form input")) return;
      event.preventDefault();
      event.target.form.requestSubmit();
    });
    shell.addEventListener("pointerover", ({ target }) => { if (!target.closest?.(".strip, .chart")) this.tip(null); });
    addEventListener("keydown", event => {
      if (event.key !== "Escape") return;
      if (!this.$(".tip").hidden) this.tip(null);
      else if (this.state.edit || this.state.ask) this.acts.close.call(this);
    });
    addEventListener("scroll", () => this.tip(null), { passive: true, capture: true });
    document.addEventListener("selectionchange", () => { // by mouse, by finger or by keys
      clearTimeout(this.selecting);
      this.selecting = setTimeout(() => this.offerSelection(), SELECTED);
    });
    if (this.own) addEventListener("popstate", () => this.openAddress(location.hash));
  }

  /** Do what stands on something that was pressed, chosen from or filled in: a verb, or a part of the address, and the rest. */
  act(one) {
    const [verb, ...rest] = one.dataset.do.split(" "), about = rest.join(" ");
    this.$(".offer").hidden = true;
    if (Object.hasOwn(this.acts, verb)) this.acts[verb].call(this, about, one);
    else this.go({ [verb]: about || one.value || null, place: null });
  }

  acts = {
    view(view) { this.go({ view, ...(view === "search" && { ask: this.state.find ? "find" : null }) }); },
    theme(theme) { this.go({ theme: this.state.theme === theme ? null : theme }); },
    ask(asked) { this.ask(asked); },
    find(text) { this.find(text); },
    close() { this.go(this.state.edit ? { edit: null } : { ask: null, at: 0 }); },
    at(at) { this.go({ at: Number(at), place: null }, "replaceState"); }, // without a step back to each
    context(at) { this.go({ ask: "find", edit: null, at: Number(at), place: null }, "replaceState"); },
    step(by) { this.acts.at.call(this, (this.state.at + Number(by) + this.evidence.length) % Math.max(1, this.evidence.length)); },
    reader(row) {
      const { doc_id: id } = this.model.textOf(row);
      this.go({ view: "read", place: Number(row), ...(id !== this.state.beside && { read: id }) });
    },
    shuffled(said) { this.go({ shuffled: said || null, ask: this.question?.kind === "topic" ? null : this.state.ask }); },
    way(way) { const { without: out } = this.state; this.go({ without: out.includes(way) ? out.filter(one => one !== way) : [...out, way] }); },
    ways() { this.go({ without: [] }); },
    drop(entry) { const at = entry.indexOf("/"); this.edit({ what: "drop", key: entry.slice(0, at), text: entry.slice(at + 1) }); },
    word(text, { elements }) { this.edit({ what: "word", text: text || elements.text.value.trim() }); },
    add(_, { elements: { key, text } }) { this.edit({ what: "add", key: key.value, text: text.value.trim() }); },
    search(_, { elements: { q } }) {
      const find = q.value.trim().replace(/^["“„](.*)["“”]$/, "$1");
      this.go({ view: "search", find, ask: find ? "find" : null, at: 0, edit: null });
    },
    undo() { this.undone.push(this.state.edits.at(-1)); this.go({ edits: this.state.edits.slice(0, -1) }); },
    redo() { this.go({ edits: [...this.state.edits, this.undone.pop()] }); },
    save(what) { save(this, what); },
    picture(asked) { savePicture(this, ...asked.split(" ")); },
    scheme() { this.chosenScheme = this.scheme === "dark" ? "light" : "dark"; this.paintScheme(); },
    told() { this.$(".telling").textContent = ""; },
    skip() { this.$(".pane").focus(); },
    rank(move) {
      const [number, step] = move.split(" ").map(Number), order = guessOrder(this, this.kept.guessTheme ?? this.model.themes[0]), at = order.indexOf(this.model.documents[number].doc_id);
      this.keep(() => { [order[at], order[at + step]] = [order[at + step], order[at]]; });
    },
    reveal(theme) { this.keep(kept => { kept.revealed[theme] = !kept.revealed[theme]; }); },
    coded() { this.keep(kept => { kept.compared = true; }); },
    recode() { this.keep(kept => Object.assign(kept, { compared: false, codes: {}, round: kept.round + 1 })); },
    guess(_, { value }) { this.keep(kept => { kept.guessTheme = value; }); },
    code(about, { checked }) {
      const [row, theme] = about.split(" "), own = ticked(this, row);
      if (checked) own.push(theme); else own.splice(own.indexOf(theme), 1);
    },
    open(_, chosen) {
      this.openFile(chosen.files[0]);
      chosen.value = ""; // so that the same file can be opened again
    },
    intruder(said) { this.keep(kept => { const [i, ...word] = said.split(" "); kept.quiz[this.state.shuffled ? 1 : 0][i] = word.join(" "); }); },
  };

  /** Keep what the reader answers, and show it. */
  keep(change) { change(this.kept); this.paint(this.state); }

  edit(edit) {
    if (!edit.text) return;
    this.undone = [];
    this.go({ edits: [...this.state.edits, edit], edit: edit.key ? edit.key.split(".")[0] : this.state.edit ?? this.model.themes[0], ask: null });
  }

  /** Open an analysis or a lexicon that a page has saved. */
  async openFile(file) {
    const { name } = this.model.data;
    try {
      const saved = JSON.parse(await file.text()), analysis = saved.crossread === "analysis";
      const { state, lost } = read(String(saved[analysis ? "address" : "_page"] ?? ""), this.model);
      if (analysis && saved.corpus !== name) return this.tell(`This analysis is of “${saved.corpus}”, and this page is of “${name}”.`);
      if (analysis) openAnswers(this, saved);
      else if (!isLexiconOf(this.model, saved, state.edits)) throw new Error("changed");
      this.undone = [];
      this.go(analysis ? state : { edits: state.edits, edit: this.state.edit ?? this.model.themes[0] });
      this.tell(analysis ? "The analysis was opened." : "The lexicon was opened: what it changes stands under “Before and after”.");
      this.tellLost(lost, "analysis");
    } catch {
      this.tell(`This file is not one that this page has saved, or it was changed since. Lexicons of your own open with:
        python3 run.py explore ${name} --lexicon FILE`);
    }
  }

  /** Offer to find what is selected in a text, and to add it to a theme. */
  offerSelection() {
    const box = this.$(".offer"), selection = this.shell.getRootNode().getSelection?.() ?? getSelection();
    if (box.matches(":hover, :focus-within")) return; // what is pressed there may end the selection
    const chosen = String(selection).trim().replace(/\s+/g, " "), inText = selection.anchorNode?.parentElement?.closest(".text, .kwic");
    box.hidden = !(chosen && inText && chosen.length <= LONGEST_CHOSEN && this.model.mode === "texts");
    if (box.hidden) return;
    const place = selection.getRangeAt(0).getBoundingClientRect();
    box.innerHTML = String(html`${press(`find ${chosen}`, `Find “${chosen}”`)}${addToTheme(this, chosen)}`);
    putBeside(box, place.left + place.width / 2, place.bottom);
  }
}

/** Put a box under a point, or over it where there is no room. */
function putBeside({ style, offsetWidth: width, offsetHeight: height }, x, y) {
  style.left = `${Math.max(8, Math.min(innerWidth - width - 8, x - width / 2))}px`;
  style.top = `${y + 14 + height > innerHeight ? y - height - 14 : y + 14}px`;
}

/** The parts of the page that stay. */
const frame = ({ data, documents }) => html`${press("skip", "To the reading pane", "skip")}<header class="mast">${data.private && html`<p class="private">Private: this page holds running texts.
    Do not publish it, and send it only to those who may have them.</p>`}<div><p class="name">${data.title} <span>${some(documents.length, "text")} compared</span></p>
      <nav class="nav" aria-label="Views"></nav><form class="search" role="search" data-do="search"><label class="unseen" for="q">Find a word</label><input id="q"
      name="q" type="search" placeholder="Find a word" autocomplete="off" spellcheck="false"></form><span class="tools">${press("save analysis", "Save")}${opens("Open")}${
      press("scheme", "Dark", "link scheme")}</span></div></header>
    <div class="telling" role="status"></div><div class="page"><main></main><aside class="pane" aria-label="Reading pane" tabindex="-1"></aside></div>
    <p class="status unseen" role="status"></p><div class="tip" role="tooltip" hidden></div><div class="offer" hidden></div>`;

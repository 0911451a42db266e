// The page side of the explorer. Python makes every region as HTML, with what comes from documents escaped; here regions
// are put in their place, focus is kept, and what is clicked, chosen or typed is sent back.

const SUGGEST_AFTER = 120; // milliseconds of no typing

function valueOf(target) {
  if (target.type === "checkbox") return target.checked ? target.value : "";
  return target.value;
}

export default {
  render({ model, el }) {
    const root = document.createElement("div");
    root.className = "crossread";
    // in JupyterLab letters and Enter are for the page, not for the notebook; it asks the focused element itself
    root.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
    el.append(root);
    const inAddress = document.body.dataset.voila !== undefined; // elsewhere the address belongs to JupyterLab
    root.classList.add(inAddress ? "has-address" : "has-notebook");
    if (inAddress) document.title = "crossread: explore and read";
    const find = (id) => root.querySelector(`[id="${CSS.escape(id)}"]`);
    let asked = 0;

    function send(message) {
      root.setAttribute("aria-busy", "true");
      root.dataset.asked = String(++asked);
      model.send({ ...message, asked });
    }

    function place(name, html) {
      const region = name === "frame" ? root : find(`cr-${name}`);
      if (!region) return;
      const focused = region.contains(document.activeElement) ? document.activeElement : null;
      const at = focused && [focused.id, focused.dataset.value, focused.selectionStart];
      const scrolled = [...region.querySelectorAll(".scroll[id], .text[id]")].map((e) => [e.id, e.scrollTop]);
      region.innerHTML = html;
      for (const [id, top] of scrolled) if (find(id)) find(id).scrollTop = top;
      if (!at) return;
      const same = (at[0] && find(at[0])) ||
        (at[1] && [...region.querySelectorAll("[data-value]")].find((e) => e.dataset.value === at[1]));
      if (!same) return;
      same.focus({ preventScroll: true });
      if (at[2] != null && same.setSelectionRange && same.type !== "checkbox") same.setSelectionRange(at[2], at[2]);
    }

    function showOpen(focus) {
      const sentence = root.querySelector(".sentence[aria-current]");
      const pane = sentence && sentence.closest(".text");
      if (!pane) return;
      const [s, p] = [sentence.getBoundingClientRect(), pane.getBoundingClientRect()];
      pane.scrollTop += s.top - p.top - p.height / 3;
      if (focus) sentence.focus({ preventScroll: true });
      if (focus && (p.bottom < 80 || p.top > window.innerHeight - 80)) pane.scrollIntoView({ block: "nearest" });
    }

    function download({ name, text, type }) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }

    model.on("msg:custom", (message) => {
      if (message.regions) for (const [name, html] of Object.entries(message.regions)) place(name, html);
      if (message.status !== undefined) {
        const status = find("cr-status");
        if (status && status.textContent !== message.status) status.textContent = message.status;
        if (status) status.classList.toggle("error", Boolean(message.error));
      }
      if (message.suggestions) {
        const list = find("cr-suggestions");
        list?.replaceChildren(...message.suggestions.map(([value, label]) => Object.assign(document.createElement("option"), { value, label })));
      }
      if (message.show) showOpen(message.show === "focus");
      if (message.focus) find(message.focus)?.focus();
      if (message.download) download(message.download);
      if (message.state && inAddress) history.replaceState(null, "", "#" + encodeURIComponent(message.state));
      if (message.done === asked) {
        root.setAttribute("aria-busy", "false");
        root.dataset.answered = String(message.done);
      }
    });

    root.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-do]");
      if (button && root.contains(button)) send({ do: button.dataset.do, value: button.dataset.value ?? "" });
    });

    root.addEventListener("change", (event) => {
      const group = event.target.closest("fieldset[data-do]");
      if (group) {
        const value = [...group.querySelectorAll("input:checked")].map((box) => box.value);
        send({ do: group.dataset.do, value });
      } else if (event.target.matches("select[data-do], input[data-do]")) {
        send({ do: event.target.dataset.do, value: valueOf(event.target) });
      }
    });

    root.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target.closest("form[data-do]");
      if (form) send({ do: form.dataset.do, ...Object.fromEntries(new FormData(form)) });
    });

    let waiting;
    root.addEventListener("input", (event) => {
      if (!event.target.matches("[data-suggest]")) return;
      clearTimeout(waiting);
      const text = event.target.value;
      waiting = setTimeout(() => model.send({ do: "suggest", value: text }), SUGGEST_AFTER);
    });

    root.addEventListener("keydown", (event) => {
      const lane = event.target.closest("[data-lane]");
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
      if (lane && step && event.target.matches("button")) {
        const marks = [...lane.querySelectorAll("button")];
        const next = Math.max(0, Math.min(marks.length - 1, marks.indexOf(event.target) + step));
        for (const mark of marks) mark.tabIndex = -1;
        marks[next].tabIndex = 0;
        marks[next].focus();
        event.preventDefault();
      } else if (event.key === "Enter" && event.target.matches("form[data-do] input")) {
        event.target.form.requestSubmit(); // JupyterLab keeps the browser from doing it
        event.preventDefault();
      } else if (event.target.closest(".text") && !event.ctrlKey && !event.metaKey && !event.altKey && "np".includes(event.key)) {
        send({ do: "step", value: event.key === "n" ? "on" : "back", focus: "sentence" });
        event.preventDefault();
      }
    });

    send({ do: "hello", value: inAddress ? decodeURIComponent(location.hash.slice(1)) : "" });
  },
};

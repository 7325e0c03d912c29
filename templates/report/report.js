// The HTML report of `hanpress check`: steps through the findings, keeps what is decided, exports the file of decisions.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const findings = data.findings;
  const marks = findings.map(() => []);
  for (const mark of document.querySelectorAll(".f"))
    for (const i of mark.dataset.f.split(" ")) marks[i].push(mark);
  // What was decided before this page was made is where everybody starts.
  const start = (f) => ({ verdict: f.verdict, after: f.chosen, comment: f.comment });
  let states = findings.map(start);
  let now = -1;
  let history = [];
  let shown = [];
  let words = data.words.en;
  let kept = true;

  const same = (a, b) => a.verdict === b.verdict && a.after === b.after && a.comment === b.comment;
  const t = (key, ...values) => values.reduce((s, v) => s.replace("{}", v), words[key] ?? data.words.en[key] ?? key);
  // What would reorder or hide the text around it is shown as its number.
  const odd = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
  const visible = (s) =>
    s === "" ? "∅" : s.replace(/\n/g, "⏎").replace(odd, (c) => `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      if (name === "onclick") made.addEventListener("click", value);
      else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    made.append(...children);
    return made;
  };
  // What stands in backticks is said of words.
  const prose = (s) => visible(s || " ").split("`").map((part, i) => (i % 2 ? element("span", { class: "said" }, part) : part));
  const key = (k) => element("kbd", { "aria-hidden": "true" }, k);

  // ---- what is kept between visits -------------------------------------------------------------------------------
  const place = "hanpress:" + data.key;
  const keep = () => {
    const changed = {};
    states.forEach((s, i) => { if (!same(s, start(findings[i]))) changed[i] = s; });
    try {
      if (Object.keys(changed).length) localStorage.setItem(place, JSON.stringify(changed));
      else localStorage.removeItem(place);
      kept = true;
    } catch { kept = Object.keys(changed).length === 0; }
  };
  const recall = () => {
    try {
      const changed = JSON.parse(localStorage.getItem(place) ?? "{}");
      for (const [i, s] of Object.entries(changed)) {
        const f = findings[i];
        const known = f && f.kind === "change" && [null, "accept", "reject"].includes(s.verdict);
        if (known && [f.after, ...f.rivals].includes(s.after)) states[i] = { verdict: s.verdict, after: s.after, comment: String(s.comment) };
      }
    } catch { /* Nothing kept, or not allowed to. */ }
  };
  addEventListener("beforeunload", (event) => { if (!kept) event.preventDefault(); });

  // ---- which findings are shown ----------------------------------------------------------------------------------
  const filter = () => {
    const rule = $("rule").value, status = $("status").value;
    const tones = new Set([...document.querySelectorAll("#tones input:checked")].map((box) => box.value));
    shown = findings.map((_, i) => i).filter((i) => {
      const f = findings[i], verdict = states[i].verdict;
      return tones.has(f.tone) && (!rule || f.rule === rule)
        && (!status || (status === "open" ? f.kind === "change" && !verdict : verdict === status) || i === now);
    });
    const visible = new Set(shown);
    marks.forEach((list, i) => list.forEach((mark) => mark.classList.toggle("off", !mark.dataset.f.split(" ").some((j) => visible.has(+j)))));
    list();
    progress();
  };
  const progress = () => {
    const changes = findings.filter((f) => f.kind === "change").length;
    const done = states.filter((s) => s.verdict).length;
    $("count").textContent = t("progress", done, changes);
    $("bar").max = Math.max(changes, 1);
    $("bar").value = done;
  };

  // ---- the list --------------------------------------------------------------------------------------------------
  const items = new Map();
  const sign = { accept: "✓", reject: "✕" };
  const entry = (i) => {
    const f = findings[i], s = states[i];
    const button = element("button", { type: "button", "aria-current": i === now && "true", onclick: () => select(i, true) },
      element("span", { class: "at" }, `${f.line}:${f.column}`),
      element("span", { class: "what", lang: f.lang }, f.kind !== "change" ? f.message : s.after === f.before ? visible(f.before) : `${visible(f.before)} → ${visible(s.after)}`),
      element("span", { class: "mark", "aria-label": s.verdict && t(s.verdict + "ed"), role: s.verdict && "img" }, sign[s.verdict] ?? ""),
      element("span", { class: "why" }, ...prose(`${name(f.rule)}. ${f.kind === "change" ? f.message : ""} ${s.comment}`)));
    items.set(i, button);
    return element("li", { class: s.verdict ?? "" }, button);
  };
  const list = () => {
    items.clear();
    const made = shown.map(entry);
    $("list").replaceChildren(...made);
    $("none").hidden = made.length > 0;
    $("none").textContent = t(findings.length ? "none-shown" : "none-found");
  };
  const name = (rule) => words["rule." + rule] ?? data.rules[rule].summary;

  // ---- marks in the text -----------------------------------------------------------------------------------------
  const paint = (i) => {
    const f = findings[i], s = states[i];
    for (const mark of marks[i]) {
      const verdicts = mark.dataset.f.split(" ").map((j) => states[j].verdict);
      for (const verdict of ["accept", "reject"]) mark.classList.toggle(verdict, verdicts.every((v) => v === verdict) || (verdict === "accept" && verdicts.includes("accept")));
      if (f.kind !== "change") continue;
      const ins = mark.querySelector(`ins[data-i="${i}"]`);
      if (ins) ins.textContent = s.after === f.before ? "" : visible(s.after === f.after ? f.core : s.after);
      // Where findings overlap and ask for the same, it stands there once.
      const above = [...mark.querySelectorAll("ins")];
      above.forEach((one, n) => { one.hidden = above.slice(0, n).some((other) => other.textContent === one.textContent); });
      const state = s.verdict ? t(s.verdict + "ed") : t("open");
      const told = s.after === f.before ? visible(f.before) : `${visible(f.before)} → ${visible(s.after)}`;
      mark.setAttribute("aria-label", `${told}, ${t(f.tone)}, ${state}`);
    }
  };

  // ---- the card --------------------------------------------------------------------------------------------------
  const card = () => {
    const box = $("card");
    box.className = now < 0 ? "" : findings[now].tone;
    if (now < 0) {
      box.replaceChildren(element("p", { class: "note" }, t(findings.length ? "start" : "none-found")));
      return;
    }
    const f = findings[now], s = states[now], rule = data.rules[f.rule];
    const at = shown.indexOf(now);
    const parts = [
      element("p", { class: "head" },
        element("span", {}, `${t(f.tone)} · ${name(f.rule)}`),
        element("span", {}, `${at + 1}/${shown.length} · ${t("line", f.line)}`)),
    ];
    if (f.kind === "change") {
      parts.push(
        element("p", { class: "words", lang: f.lang }, ...(s.after === f.before ? [visible(f.before)] : [element("del", {}, visible(f.before)), " → ", element("ins", {}, visible(s.after))])),
        element("p", { class: "why" }, ...prose(f.message || rule.summary)));
      if (f.rivals.length) {
        const choices = readings(f);
        const rivals = choices.map((c, n) => element("button", { type: "button", lang: f.lang, "aria-pressed": String(s.after === c), class: s.after === c ? "on" : "", onclick: () => choose(n) }, visible(c), " ", key(String(n + 1))));
        parts.push(element("div", { class: "rivals", role: "group", "aria-label": t("rivals") }, element("span", {}, t("rivals")), ...rivals.slice(0, 9)));
      }
      const act = (verdict, k) => element("button", { type: "button", id: verdict, "aria-pressed": String(s.verdict === verdict), class: s.verdict === verdict ? "on" : "", onclick: () => decide(verdict) }, t(verdict), " ", key(k));
      parts.push(
        element("div", { class: "acts" }, ...(f.remark ? [] : [act("accept", "a")]), act("reject", "r"),
          element("button", { type: "button", id: "undo", disabled: history.length === 0, onclick: undo }, t("undo"), " ", key("u"))),
        element("p", { class: "state " + (s.verdict ?? "") }, s.verdict ? t(s.verdict + "ed") : ""));
      const remark = element("textarea", { id: "comment", rows: "1" });
      remark.value = s.comment;
      remark.addEventListener("change", () => put(now, { ...states[now], comment: remark.value.trim() }));
      parts.push(element("label", { class: "remark" }, t("comment"), " ", key("c"), remark));
    } else {
      parts.push(element("p", { class: "why" }, ...prose(f.message)));
      if (f.hint) parts.push(element("p", { class: "note" }, ...prose(f.hint)));
    }
    parts.push(element("details", {}, element("summary", {}, f.rule),
      ...[rule.finds, rule.why, rule.unsure].map((text) => element("p", {}, ...prose(text)))));
    box.replaceChildren(...parts);
  };

  // ---- stepping --------------------------------------------------------------------------------------------------
  const select = (i, focus) => {
    if (now >= 0) {
      marks[now].forEach((mark) => { mark.classList.remove("now"); mark.tabIndex = -1; });
      items.get(now)?.removeAttribute("aria-current");
    }
    now = i;
    if (i >= 0) {
      marks[i].forEach((mark) => mark.classList.add("now"));
      const item = items.get(i);
      item?.setAttribute("aria-current", "true");
      item?.scrollIntoView({ block: "nearest" });
      const mark = marks[i][0];
      if (mark) {
        mark.tabIndex = 0;
        if (focus) mark.focus({ preventScroll: true });
        const block = matchMedia("(max-width: 60rem)").matches ? "start" : "center";
        mark.scrollIntoView({ block });
        // Paragraphs that had not been laid out yet have found their height by now.
        requestAnimationFrame(() => mark.scrollIntoView({ block }));
      }
    }
    card();
  };
  const step = (by, wanted = () => true) => {
    const list = shown.filter((i) => i === now || wanted(i));
    if (!list.length) return;
    const at = list.indexOf(now);
    const next = at < 0 ? (by > 0 ? list.find((i) => i > now) ?? list[0] : list.findLast((i) => i < now) ?? list.at(-1)) : list[(at + by + list.length) % list.length];
    select(next, true);
  };
  const put = (i, state) => {
    history.push([i, states[i]]);
    states[i] = state;
    settle(i);
  };
  const settle = (i) => {
    keep();
    marks[i].flatMap((mark) => mark.dataset.f.split(" ")).concat(i).forEach((j) => paint(+j));
    // Of a thousand findings only the one that was decided about looks otherwise.
    const item = items.get(i)?.parentElement;
    if ($("status").value || !item) return filter();
    item.replaceWith(entry(i));
    progress();
  };
  const decide = (verdict) => {
    if (now < 0 || findings[now].kind !== "change" || (verdict === "accept" && states[now].after === findings[now].before)) return;
    const i = now;
    put(i, { ...states[i], verdict });
    say(`${t(verdict + "ed")}: ${visible(findings[i].before)} → ${visible(states[i].after)}`);
    const open = shown.find((j) => j > i && findings[j].kind === "change" && !states[j].verdict);
    if (open === undefined) card(); else select(open, true);
  };
  // What may stand there; a remark knows nothing better than its rivals.
  const readings = (f) => (f.remark ? f.rivals : [f.after, ...f.rivals]);
  const choose = (n) => {
    const f = findings[now];
    const choice = f?.kind === "change" ? readings(f)[n] : undefined;
    if (choice === undefined) return;
    put(now, { ...states[now], after: choice, verdict: "accept" });
    card();
  };
  const undo = () => {
    const last = history.pop();
    if (!last) return;
    states[last[0]] = last[1];
    settle(last[0]);
    say(t("undone"));
    select(last[0], true);
  };
  const say = (text) => { $("said").textContent = text; };

  // ---- export ----------------------------------------------------------------------------------------------------
  const escape = (s) => s.replace(/\\/g, "\\\\").replace(/\t/g, "\\t").replace(/\n/g, "\\n").replace(/\r/g, "\\r");
  const order = (a, b) => {
    const [x, y] = [[...a], [...b]];
    for (let i = 0; i < x.length && i < y.length; i++) {
      const by = x[i].codePointAt(0) - y[i].codePointAt(0);
      if (by) return by;
    }
    return x.length - y.length;
  };
  const exported = () => {
    const lines = new Set(data.known);
    states.forEach((s, i) => {
      const f = findings[i];
      if (f.kind !== "change" || same(s, start(f))) return;
      f.lines.forEach((line) => lines.delete(line));
      if (s.verdict) lines.add([s.verdict, f.file, f.rule, f.slice, s.after, f.left, f.right, s.comment].map(escape).join("\t"));
    });
    return data.header + [...lines].sort(order).map((line) => line + "\n").join("");
  };
  const download = () => {
    const url = URL.createObjectURL(new Blob([exported()], { type: "text/tab-separated-values;charset=utf-8" }));
    const link = element("a", { href: url, download: "hanpress.decisions" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    say(t("exported"));
  };

  // ---- language, keys --------------------------------------------------------------------------------------------
  const speak = (language) => {
    words = data.words[language];
    document.documentElement.lang = language;
    for (const e of document.querySelectorAll("[data-t]")) e.replaceChildren(...prose(t(e.dataset.t)));
    for (const e of document.querySelectorAll("[data-label]")) e.setAttribute("aria-label", t(e.dataset.label));
    for (const option of $("rule").options) if (option.value) option.textContent = `${name(option.value)} (${findings.filter((f) => f.rule === option.value).length})`;
    findings.forEach((_, i) => paint(i));
    filter();
    card();
  };
  const keys = {
    j: () => step(1), n: () => step(1), k: () => step(-1), p: () => step(-1),
    o: () => step(1, (i) => findings[i].kind === "change" && !states[i].verdict),
    a: () => decide("accept"), r: () => decide("reject"), u: undo, e: download,
    c: () => $("comment")?.focus(), "?": () => $("help").showModal(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("help").open) return;
    const typing = event.target.closest?.("textarea, select, input:not([type=checkbox])");
    if (typing) {
      if (event.key === "Escape" || (event.key === "Enter" && event.target.id === "comment")) {
        event.preventDefault();
        event.target.blur();
        marks[now]?.[0]?.focus({ preventScroll: true });
      }
      return;
    }
    const act = /^[1-9]$/.test(event.key) ? () => choose(event.key - 1) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  $("text").addEventListener("click", (event) => {
    const mark = event.target.closest(".f");
    if (!mark || mark.classList.contains("off")) return;
    // Where findings overlap, each click shows the next one.
    const here = mark.dataset.f.split(" ").map(Number).filter((i) => shown.includes(i));
    select(here[(here.indexOf(now) + 1) % here.length], true);
  });
  $("text").addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && event.target.classList.contains("f")) { event.preventDefault(); event.target.click(); }
  });
  for (const id of ["rule", "status"]) $(id).addEventListener("change", () => { filter(); card(); });
  $("tones").addEventListener("change", () => { filter(); card(); });
  $("ui").addEventListener("change", () => speak($("ui").value));
  $("export").addEventListener("click", download);
  $("ask").addEventListener("click", () => $("help").showModal());
  $("close").addEventListener("click", () => $("help").close());
  $("next").addEventListener("click", () => step(1));
  $("previous").addEventListener("click", () => step(-1));

  recall();
  speak($("ui").value);
  const first = states.findIndex((s, i) => findings[i].kind === "change" && !s.verdict);
  if (findings.length) select(first < 0 ? 0 : first, false);
})();

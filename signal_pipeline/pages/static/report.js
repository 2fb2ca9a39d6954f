// The interactive part of a report's page: windows onto long lists, filters and keys. Everything is put in as text.
"use strict";
(async () => {
  const byId = (id) => document.getElementById(id);
  const element = (tag, kind, text) => {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    if (text !== undefined && text !== null) made.textContent = text;
    return made;
  };

  async function unpacked() {
    const bytes = Uint8Array.from(atob(byId("entries").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json();
  }

  const data = await unpacked();
  const rows = data.rows;
  const total = rows.t.length;
  const lower = new Array(total);
  const textOf = (i) => (lower[i] ??= `${rows.m[i]} ${rows.c[i] ?? ""} ${rows.e[i] ?? ""}`.toLowerCase());

  const moment = (i) => (rows.t[i] === null ? null : new Date(data.base + rows.t[i]));
  const clock = (i) => (rows.t[i] === null ? "no time" : moment(i).toISOString().slice(11, 23));
  const levelOf = (i) => (rows.l[i] === null ? "" : data.levels[rows.l[i]]);
  const roleOf = (i) => (rows.r[i] === null ? "" : data.roles[rows.r[i]]);
  const placeOf = (i) => `${data.files[rows.f[i]]} ${rows.h[i] ? "entry" : "line"} ${rows.n[i] ?? "?"}`;
  const took = (ms) => (ms === null ? "" : ms < 10000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

  // A list of which only what is in sight is in the document.
  class Window {
    constructor(box, draw, onActive) {
      this.box = box;
      this.draw = draw;
      this.onActive = onActive;
      this.order = [];
      this.active = -1;
      this.height = parseFloat(getComputedStyle(box).getPropertyValue("--row")) || 28;
      this.sizer = element("div", "sizer");
      this.layer = element("div");
      this.layer.setAttribute("role", "presentation");
      box.replaceChildren(this.sizer, this.layer);
      box.addEventListener("scroll", () => this.plan(), { passive: true });
      box.addEventListener("keydown", (event) => this.key(event));
      box.addEventListener("click", (event) => {
        const at = event.target.closest("[data-at]");
        if (at) this.activate(Number(at.dataset.at));
      });
      new ResizeObserver(() => this.plan()).observe(box);
    }

    show(order) {
      this.order = order;
      this.active = -1;
      this.sizer.style.height = `${order.length * this.height}px`;
      this.box.scrollTop = 0;
      this.paint();
    }

    plan() {
      if (this.waiting) return;
      this.waiting = true;
      requestAnimationFrame(() => {
        this.waiting = false;
        this.paint();
      });
    }

    inSight() {
      const first = Math.max(0, Math.floor(this.box.scrollTop / this.height) - 4);
      const last = Math.min(this.order.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / this.height) + 4);
      return [first, last];
    }

    paint() {
      const [first, last] = this.inSight();
      const made = [];
      const context = this.draw.before ? this.draw.before(this.order.slice(first, last)) : null;
      for (let at = first; at < last; at++) {
        const row = this.draw.row(this.order[at], context);
        row.style.top = `${at * this.height}px`;
        row.dataset.at = at;
        row.id = `${this.box.id}-${at}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", at === this.active ? "true" : "false");
        row.setAttribute("aria-posinset", at + 1);
        row.setAttribute("aria-setsize", this.order.length);
        if (at === this.active) row.classList.add("active");
        made.push(row);
      }
      this.layer.replaceChildren(...made);
    }

    activate(at) {
      if (!this.order.length) return;
      this.active = Math.max(0, Math.min(this.order.length - 1, at));
      const top = this.active * this.height;
      if (top < this.box.scrollTop) this.box.scrollTop = top;
      const end = top + this.height - this.box.clientHeight;
      if (end > this.box.scrollTop) this.box.scrollTop = end;
      this.paint();
      this.box.setAttribute("aria-activedescendant", `${this.box.id}-${this.active}`);
      this.onActive(this.order[this.active]);
    }

    key(event) {
      const page = Math.floor(this.box.clientHeight / this.height) - 1;
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
      if (event.key in steps) this.activate(this.active < 0 ? 0 : this.active + steps[event.key]);
      else if (event.key === "Home") this.activate(0);
      else if (event.key === "End") this.activate(this.order.length - 1);
      else return;
      event.preventDefault();
    }
  }

  const failing = (i) => rows.g[i] || rows.x[i] !== null;

  function entryRow(i) {
    const role = roleOf(i);
    const row = element("div", `row ${role}${failing(i) ? " failing" : ""}`);
    const level = levelOf(i);
    row.append(
      element("span", "when", clock(i)),
      element("span", `level ${level}`, rows.h[i] && rows.s[i] ? rows.s[i] : level || "–"),
      element("span", "where", placeOf(i)),
      element("span", "said", rows.m[i]),
    );
    return row;
  }

  function detailOf(i) {
    const list = element("dl", "facts");
    const add = (name, value) => {
      if (value === null || value === undefined || value === "") return;
      const there = element("dd");
      there.append(value);
      list.append(element("dt", "", name), there);
    };
    const link = (text, go) => {
      const button = element("button", "", text);
      button.type = "button";
      button.addEventListener("click", go);
      return button;
    };
    add("where", placeOf(i));
    add("when", moment(i) ? moment(i).toISOString() : "");
    add("message", rows.m[i]);
    add("from", rows.c[i]);
    add("took", took(rows.d[i]));
    add("network", rows.e[i]);
    add("error type", rows.x[i]);
    add("role", roleOf(i));
    if (rows.w[i] !== null) add("joined", `${Math.round(rows.k[i] * 100)} % sure: ${data.reasons[rows.w[i]]}`);
    if (rows.q[i] !== null) add("request", link(placeOf(rows.q[i]), () => reveal(rows.q[i])));
    if (rows.p[i] !== null) add("group", link(`error group ${rows.p[i]}`, () => open(`group-${rows.p[i]}`)));
    byId("detail").replaceChildren(list);
  }

  let usual;
  function home() {
    if (usual === undefined) {
      const counts = new Map();
      for (const i of requests) {
        const host = / https?:\/\/([^/\s]+)/.exec(rows.m[i])?.[1];
        counts.set(host, (counts.get(host) ?? 0) + 1);
      }
      usual = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
    }
    return usual;
  }

  const barDraw = {
    before(some) {
      const timed = some.filter((i) => rows.t[i] !== null);
      const begin = Math.min(...timed.map((i) => rows.t[i]));
      const end = Math.max(...timed.map((i) => rows.t[i] + (rows.d[i] ?? 0)));
      byId("span").textContent = timed.length ? `${requests.length.toLocaleString("en")} requests; those in sight span ${took(end - begin)}` : "";
      return { begin, length: Math.max(end - begin, 1) };
    },
    row(i, { begin, length }) {
      const row = element("div", `row bar-row${failing(i) ? " failing" : ""}`);
      const track = element("span", "track");
      if (rows.t[i] !== null) {
        const bar = element("span", `bar${failing(i) ? " failing" : ""}`);
        bar.style.left = `${(100 * (rows.t[i] - begin)) / length}%`;
        bar.style.width = `${(100 * (rows.d[i] ?? 0)) / length}%`;
        bar.title = took(rows.d[i]);
        track.append(bar);
      }
      // The host that nearly all requests go to says nothing, and would leave no room for the path.
      const said = element("span", "said", rows.m[i].replace(/ https?:\/\/([^/\s]+)(?=\/)/, (whole, host) => (host === home() ? " " : ` ${host}`)));
      said.title = rows.m[i];
      row.append(
        element("span", "when", clock(i).slice(0, 12)),
        element("span", failing(i) ? "level error" : "level", rows.s[i] || "none"),
        said,
        track,
      );
      return row;
    },
  };

  const all = Array.from({ length: total }, (_, i) => i);
  const requests = all.filter((i) => rows.h[i]);
  const list = new Window(byId("rows"), { row: entryRow }, detailOf);
  const bars = new Window(byId("bars"), barDraw, (i) => reveal(i, false));

  function filter() {
    const words = byId("find").value.trim().toLowerCase();
    const file = byId("file").value;
    const level = Number(byId("level").value);
    const linked = byId("linked").checked;
    const kept = all.filter(
      (i) =>
        (!linked || rows.i[i] !== null) &&
        (file === "" || rows.f[i] === Number(file)) &&
        (level === 0 || (rows.l[i] ?? 0) >= level) &&
        (words === "" || textOf(i).includes(words)),
    );
    list.show(kept);
    byId("shown").textContent = `${kept.length.toLocaleString("en")} of ${total.toLocaleString("en")} entries`;
  }

  // One tab at a time; without scripts all of them are on the page.
  const tabs = Array.from(document.querySelectorAll("#tabs a"));
  function show(tab) {
    for (const one of tabs) {
      if (one.dataset.tab === tab) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
    for (const one of document.querySelectorAll("main > section")) one.classList.toggle("current", one.dataset.tab === tab);
  }

  for (const one of tabs) one.addEventListener("click", () => show(one.dataset.tab));

  function reveal(i, jump = true) {
    show("timeline");
    let at = list.order.indexOf(i);
    if (at < 0) {
      byId("filters").reset();
      filter();
      at = list.order.indexOf(i);
    }
    list.activate(at);
    if (jump) byId("rows").focus();
  }

  // Also what lies in a closed section: all around it is opened.
  function open(id) {
    let found = byId(id);
    if (!found) return;
    if (found.tagName === "SPAN") found = found.closest("details.problem");
    for (let one = found; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    show(found.closest("section").dataset.tab);
    found.scrollIntoView({ block: "start" });
    (found.querySelector("summary") ?? found).focus();
  }

  for (const id of ["timeline-tool", "requests-tool", "keys"]) byId(id).hidden = false;
  for (const id of ["timeline-plain", "requests-plain"]) byId(id).hidden = true;
  data.files.forEach((name, number) => {
    const option = element("option", "", name);
    option.value = number;
    byId("file").append(option);
  });
  byId("filters").addEventListener("input", filter);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  filter();
  bars.show(requests);

  const opened = () => {
    const section = location.hash && byId(location.hash.slice(1))?.closest("main > section");
    if (section) show(section.dataset.tab);
    const found = location.hash.match(/^#((?:problem|group|incident)-[\w-]+)$/);
    if (found) open(found[1]);
  };
  addEventListener("hashchange", opened);
  document.documentElement.classList.add("tabbed");
  show("problems");
  opened();

  const summaries = Array.from(document.querySelectorAll("#problems > details.problem > summary"));
  function step(by) {
    if (!summaries.length) return;
    show("problems");
    const now = summaries.findIndex((one) => one.parentElement.contains(document.activeElement));
    const next = now < 0 ? (by > 0 ? 0 : summaries.length - 1) : Math.max(0, Math.min(summaries.length - 1, now + by));
    summaries[next].focus();
    summaries[next].scrollIntoView({ block: "nearest" });
  }
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const keys = {
      j: () => step(1),
      k: () => step(-1),
      t: () => {
        show("timeline");
        byId("rows").focus();
      },
      "/": () => {
        show("timeline");
        byId("find").focus();
      },
    };
    if (event.key in keys) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  document.documentElement.dataset.ready = "yes";
})();

"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const n = data.cycle.length;
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;

  // everything that comes from the dialogue enters the page as text, never as markup
  const el = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === null) continue;
      if (key === "onclick") node.addEventListener("click", value);
      else node.setAttribute(key, value);
    }
    for (const child of children) if (child !== null && child !== undefined) node.append(child);
    return node;
  };
  const swatch = (colour) => { const s = el("span", { class: "dot" }); s.style.background = colour; return s; };
  const fixed = (value, digits = 3) => (value === null || value === undefined ? "–" : value.toFixed(digits));

  // ---- colours
  let colours = {};
  const readColours = () => {
    const style = getComputedStyle(root);
    const get = (name) => style.getPropertyValue("--" + name).trim();
    colours = { ink: get("ink"), soft: get("soft"), line: get("line"), grid: get("grid"), card: get("card"), accent: get("accent") };
    colours.band = data.bands.map((_, i) => get("b" + i));
    colours.field = data.bands.map((_, i) => get("f" + i));
  };
  const dark = () => root.dataset.theme === "dark";
  const hue = (i) => `hsl(${(i * 137.5 + 205) % 360} ${dark() ? "48% 62%" : "46% 47%"})`;
  const setTheme = (theme) => { root.dataset.theme = theme; readColours(); fillCards(); draw(); drawMoments(); if (selected >= 0) showDetail(); };
  const postureColour = (name) => {
    const at = data.bands.findIndex(([band]) => band === name);
    return colours.band[at < 0 ? 0 : at];
  };
  const bandOf = (di) => {
    if (di === null) return 0;
    const last = data.bands.length - 1;
    if (di > data.bands[last][1]) return last;
    let at = 0;
    for (let i = 0; i < last; i++) if (di >= data.bands[i][1]) at = i;
    return at;
  };
  const LIFE = { forming: 0.35, stable: 0, reflective: 2, recovery: 3, fragmenting: 4 };
  const ZONE = { equilibrium: 0, semantic_monotony: 1, convergent: 2, dispersive: 3 };
  const words = (name) => (name || "").replaceAll("_", " ");
  const strip = (table, name) => {
    if (!(name in table)) return colours.soft;
    return table[name] === 0.35 ? colours.accent : colours.band[table[name]];
  };

  // ---- head
  const about = data.about;
  document.title = about.title + " – drift report";
  byId("title").textContent = about.title;
  byId("subtitle").textContent = [about.file, `${n} cycles`, about.measured_with, about.made_at].filter(Boolean).join(" · ");
  if (about.identity) { byId("identity").textContent = about.identity; byId("identity-box").hidden = false; }
  for (const note of about.notes) byId("notes").append(el("li", {}, note));

  const jump = (at, text) => el("a", { href: "#cycle-" + data.cycle[at], onclick: (event) => { event.preventDefault(); select(at, true); } }, text);
  const card = (label, value, more, wide) => el("div", { class: wide ? "card wide" : "card" },
    el("div", { class: "label" }, label), el("div", { class: "value" }, value), more ? el("div", { class: "more" }, more) : null);
  const at = (cycle) => data.cycle.indexOf(cycle);
  function fillCards() {
    const s = data.summary, box = byId("cards");
    box.replaceChildren();
    box.append(card("Mean drift (DI)", fixed(s.mean), `median ${fixed(s.median)}, 95 % below ${fixed(s.p95)}`));
    const highest = s.highest;
    box.append(card("Highest drift", highest ? fixed(highest[0]) : "–", highest ? jump(at(highest[1]), "at cycle " + highest[1]) : "not measured"));
    const bar = el("div", { class: "bar", "aria-hidden": "true" }), keys = el("div", { class: "keys" });
    s.bands.forEach((share, i) => {
      if (!share.cycles) return;
      const part = el("i");
      part.style.width = (100 * share.cycles) / Math.max(1, s.measured) + "%";
      part.style.background = colours.band[i];
      bar.append(part);
      keys.append(el("span", {}, swatch(colours.band[i]), share.band + " ", el("b", {}, String(share.cycles))));
    });
    if (s.measured < s.cycles) keys.append(el("span", {}, "not measured ", el("b", {}, String(s.cycles - s.measured))));
    box.append(el("div", { class: "card wide" }, el("div", { class: "label" }, "Cycles by band"), bar, keys));
    const longest = s.longest_drift;
    box.append(card("Longest away from nominal", longest ? `${longest[1] - longest[0] + 1} cycles` : "never",
      longest ? jump(at(longest[0]), `cycles ${longest[0]} to ${longest[1]}`) : `${s.posture_changes} changes of posture`));
    box.append(card("Subjects", String(s.subjects), `${s.returns} returns, ${s.alarms} cycles with an alarm`));
  }

  // ---- timeline: tracks from top to bottom
  const canvas = byId("canvas"), ctx = canvas.getContext("2d"), tip = byId("tip");
  const COMPONENTS = [["sdi", "SDI"], ["sv", "SV"], ["pd", "PD"], ["scr", "SCR"], ["psi", "PSI"], ["density", "density"]];
  const shown = { reference: false, components: true, motifs: true };
  let width = 0, height = 0, gutter = 150, tracks = [];
  let from = 0, to = Math.max(1, n - 1), selected = -1, hover = -1, drag = null;
  const momentsAt = new Map(data.moments.map((m) => [m.at, m.reasons]));
  const top = Math.min(1.3, Math.max(0.8, ...data.di_raw.filter((v) => v !== null).map((v) => v * 1.06)));

  const laneCount = new Map();
  data.attractor.forEach((a) => { if (a >= 0) laneCount.set(a, (laneCount.get(a) || 0) + 1); });
  const lanes = [...laneCount.entries()].sort((a, b) => b[1] - a[1]).slice(0, 14).map(([a]) => a);
  lanes.sort((a, b) => data.attractor.indexOf(a) - data.attractor.indexOf(b));
  const others = laneCount.size - lanes.length;

  function layout() {
    width = canvas.clientWidth;
    gutter = width < 640 ? 84 : 150;
    tracks = [];
    let y = 8;
    const add = (kind, size, gap, more) => { tracks.push({ kind, y, h: size, ...more }); y += size + gap; };
    add("subjects", 12, 2);
    add("di", 210, 8);
    if (shown.components) for (const [key, label] of COMPONENTS) if (data[key].some((v) => v !== null)) add("line", 38, 5, { key, label });
    y += 3;
    add("strip", 15, 4, { label: "posture", of: (i) => postureColour(data.names.posture[data.posture[i]]), id: (i) => data.posture[i], name: (i) => words(data.names.posture[data.posture[i]]) });
    if (data.lifecycle.some((v) => v >= 0)) add("strip", 15, 4, { label: "attractor state", of: (i) => strip(LIFE, data.names.lifecycle[data.lifecycle[i]]), id: (i) => data.lifecycle[i], name: (i) => words(data.names.lifecycle[data.lifecycle[i]]) });
    if (data.zone.some((v) => v >= 0)) add("strip", 15, 10, { label: "zone", of: (i) => strip(ZONE, data.names.zone[data.zone[i]]), id: (i) => data.zone[i], name: (i) => words(data.names.zone[data.zone[i]]) });
    if (lanes.length) {
      add("title", 14, 3, { label: "subjects (attractors)" });
      for (const lane of lanes) add("lane", 15, 3, { lane });
      if (others > 0) add("lane", 15, 3, { lane: -2 });
      y += 6;
    }
    if (shown.motifs && data.motifs.length) {
      add("title", 14, 3, { label: "motifs as said" });
      for (const motif of data.motifs) add("motif", 11, 3, { motif });
      y += 4;
    }
    add("axis", 22, 6);
    add("overview", 34, 4);
    height = y;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = height + "px";
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  }
  const plotWidth = () => Math.max(10, width - gutter - 10);
  const span = () => Math.max(1, to - from);
  const x = (i) => gutter + ((i - from + 0.5) / (span() + 1)) * plotWidth();
  const step = () => plotWidth() / (span() + 1);
  const indexAt = (px) => Math.max(0, Math.min(n - 1, Math.round(from - 0.5 + ((px - gutter) / plotWidth()) * (span() + 1))));
  const first = () => Math.max(0, Math.floor(from) - 1);
  const last = () => Math.min(n - 1, Math.ceil(to) + 1);

  function label(text, y, size = 12, colour = colours.soft) {
    ctx.font = `${size}px system-ui, sans-serif`;
    ctx.fillStyle = colour;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    let shownText = text;
    if (ctx.measureText(shownText).width > gutter - 12) {
      while (shownText.length > 1 && ctx.measureText(shownText + "…").width > gutter - 12) shownText = shownText.slice(0, -1);
      shownText += "…";
    }
    ctx.fillText(shownText, gutter - 8, y);
  }

  // many cycles to a pixel: lowest, highest and mean of each column
  function columns(values) {
    const out = [];
    for (let i = first(); i <= last(); i++) {
      const value = values[i];
      if (value === null || value === undefined) continue;
      const px = Math.round(x(i)), c = out[out.length - 1];
      if (c && c.px === px) { c.low = Math.min(c.low, value); c.high = Math.max(c.high, value); c.sum += value; c.n++; } else out.push({ px, low: value, high: value, sum: value, n: 1 });
    }
    return out;
  }
  function polyline(values, toY, colour, thick, dashed) {
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.lineWidth = thick;
    ctx.lineJoin = "round";
    ctx.beginPath();
    if (step() < 0.7) {
      const all = columns(values);
      ctx.globalAlpha = dashed ? 0 : 0.28;
      for (const c of all) ctx.fillRect(c.px - 0.5, toY(c.high), 1, Math.max(1, toY(c.low) - toY(c.high)));
      ctx.globalAlpha = 1;
      all.forEach((c, i) => (i && c.px - all[i - 1].px < 3 ? ctx.lineTo(c.px, toY(c.sum / c.n)) : ctx.moveTo(c.px, toY(c.sum / c.n))));
      ctx.setLineDash(dashed ? [4, 3] : []);
      ctx.stroke();
      ctx.setLineDash([]);
      return;
    }
    ctx.setLineDash(dashed ? [4, 3] : []);
    let open = false;
    for (let i = first(); i <= last(); i++) {
      const value = values[i];
      if (value === null || value === undefined) { open = false; continue; }
      if (open) ctx.lineTo(x(i), toY(value)); else ctx.moveTo(x(i), toY(value));
      open = true;
    }
    ctx.stroke();
    ctx.setLineDash([]);
    for (let i = first(); i <= last(); i++) {
      const value = values[i];
      const alone = value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null;
      if (value !== null && value !== undefined && (step() > 9 || alone)) { ctx.beginPath(); ctx.arc(x(i), toY(value), 1.4 + thick / 2, 0, 7); ctx.fill(); }
    }
  }

  function drawDi(t) {
    const toY = (v) => t.y + t.h - (Math.min(v, top) / top) * t.h;
    data.bands.forEach(([name, start], i) => {
      const end = i + 1 < data.bands.length ? data.bands[i + 1][1] : top;
      if (start >= top) return;
      const a = toY(end), b = toY(start);
      ctx.fillStyle = colours.field[i];
      ctx.fillRect(gutter, a, plotWidth(), b - a);
      if (i) { ctx.fillStyle = colours.band[i]; ctx.globalAlpha = 0.45; ctx.fillRect(gutter, b - 0.5, plotWidth(), 1); ctx.globalAlpha = 1; }
      if (b - a > 9) label(name, (a + b) / 2, 11.5, colours.band[i]);
    });
    label("DI", t.y + t.h - 8, 13, colours.ink);
    if (shown.reference) polyline(data.reference_di_raw, toY, colours.soft, 1, true);
    // the area under the line, coloured by its own band
    const area = (px, w, v) => {
      ctx.fillStyle = colours.band[bandOf(v)];
      ctx.globalAlpha = bandOf(v) ? 0.3 : 0.1;
      ctx.fillRect(px - w / 2, toY(v), w, t.y + t.h - toY(v));
    };
    if (step() < 0.7) for (const c of columns(data.di_raw)) area(c.px, 1, c.high);
    else for (let i = first(); i <= last(); i++) if (data.di_raw[i] !== null) area(x(i), step(), data.di_raw[i]);
    ctx.globalAlpha = 1;
    polyline(data.di_raw, toY, colours.ink, 1.6);
    // where moments crowd, the highest keeps its dot
    const dots = [];
    for (const { at: i } of data.moments) {
      const v = data.di_raw[i];
      if (i < first() || i > last() || v === null || bandOf(v) === 0) continue;
      const before = dots[dots.length - 1];
      if (before && x(i) - x(before.i) < 7) { if (v > before.v) { before.i = i; before.v = v; } } else dots.push({ i, v });
    }
    for (const { i, v } of dots) {
      ctx.beginPath(); ctx.arc(x(i), toY(v), 4, 0, 7);
      ctx.fillStyle = colours.band[bandOf(v)]; ctx.fill();
      ctx.lineWidth = 1.5; ctx.strokeStyle = colours.card; ctx.stroke();
    }
  }

  function drawStrip(t) {
    label(t.label, t.y + t.h / 2);
    ctx.fillStyle = colours.grid;
    ctx.fillRect(gutter, t.y, plotWidth(), t.h);
    let start = first();
    for (let i = first(); i <= last() + 1; i++) {
      if (i <= last() && t.id(i) === t.id(start)) continue;
      if (t.id(start) >= 0) {
        const left = Math.max(gutter, x(start) - step() / 2), right = Math.min(gutter + plotWidth(), x(i - 1) + step() / 2);
        const calm = t.of(start) === colours.band[0];
        ctx.fillStyle = t.of(start);
        ctx.globalAlpha = calm ? 0.45 : 1;
        ctx.fillRect(left, t.y, Math.max(1, right - left), t.h);
        ctx.globalAlpha = 1;
        const name = t.name(start);
        ctx.font = "11px system-ui, sans-serif";
        if (right - left > ctx.measureText(name).width + 14) {
          ctx.fillStyle = calm ? colours.ink : colours.card;
          ctx.textAlign = "left";
          ctx.textBaseline = "middle";
          ctx.fillText(name, left + 6, t.y + t.h / 2 + 0.5);
        }
      }
      start = i;
    }
  }

  function drawLane(t) {
    const rest = t.lane === -2;
    label(rest ? `${others} others` : data.attractors[t.lane], t.y + t.h / 2, 12, colours.ink);
    ctx.fillStyle = colours.grid;
    ctx.fillRect(gutter, t.y + t.h / 2, plotWidth(), 1);
    ctx.fillStyle = rest ? colours.soft : hue(t.lane);
    const holds = (i) => (rest ? data.attractor[i] >= 0 && !lanes.includes(data.attractor[i]) : data.attractor[i] === t.lane);
    let start = -1;
    for (let i = first(); i <= last() + 1; i++) {
      const on = i <= last() && holds(i);
      if (on && start < 0) start = i;
      if (!on && start >= 0) {
        const w = Math.max(2, step() * (i - start) - (step() > 4 ? 1.5 : 0));
        ctx.beginPath();
        ctx.roundRect(x(start) - step() / 2, t.y + 2, w, t.h - 4, Math.min(4, w / 2));
        ctx.fill();
        start = -1;
      }
    }
  }

  function drawMotif(t) {
    label(t.motif.name, t.y + t.h / 2, 11.5, colours.ink);
    ctx.fillStyle = colours.grid;
    ctx.fillRect(gutter, t.y + t.h / 2, plotWidth(), 1);
    // pale while it is among the strongest, strong where it is said
    ctx.fillStyle = colours.accent;
    ctx.globalAlpha = 0.2;
    for (const i of t.motif.at) if (i >= first() && i <= last()) ctx.fillRect(x(i) - step() / 2, t.y + 3, Math.max(1, step()), t.h - 6);
    ctx.globalAlpha = 1;
    const w = Math.max(1.5, Math.min(step() - 1, 7));
    for (const i of t.motif.said) if (i >= first() && i <= last()) ctx.fillRect(x(i) - w / 2, t.y + 0.5, w, t.h - 1);
  }

  function drawSubjects(t) {
    label("new ▾ back ↩", t.y + t.h / 2, 11);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.font = "11px system-ui, sans-serif";
    let taken = -99;
    for (const [i, kind] of data.subject) {
      if (i < first() || i > last()) continue;
      if (x(i) - taken < 7) continue;
      taken = x(i);
      ctx.fillStyle = kind === "returned" ? colours.accent : colours.soft;
      ctx.fillText(kind === "returned" ? "↩" : "▾", x(i), t.y + t.h / 2);
    }
  }

  function drawAxis(t) {
    const rough = span() / Math.max(2, plotWidth() / 90), power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
    const by = Math.max(1, [1, 2, 5, 10].map((m) => m * power).find((m) => m >= rough) || power * 10);
    ctx.fillStyle = colours.soft;
    ctx.font = "12px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    label("cycle", t.y + 9);
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    for (let i = first(); i <= last(); i++) {
      if (data.cycle[i] % by && !(i === 0 && by > 1)) continue;
      if (x(i) < gutter || x(i) > gutter + plotWidth()) continue;
      if (i === 0 && x(Math.min(n - 1, by - 1)) - x(0) < 26 && by > 1 && n > by) continue;
      ctx.fillStyle = colours.line;
      ctx.fillRect(x(i), t.y - 2, 1, 5);
      ctx.fillStyle = colours.soft;
      ctx.fillText(String(data.cycle[i]), x(i), t.y + 5);
    }
  }

  function drawOverview(t) {
    const px = (i) => gutter + ((i + 0.5) / n) * plotWidth();
    ctx.fillStyle = colours.grid;
    ctx.fillRect(gutter, t.y, plotWidth(), t.h);
    const columns = Math.min(n, Math.floor(plotWidth()));
    for (let c = 0; c < columns; c++) {
      let v = null;
      for (let i = Math.floor((c * n) / columns); i < Math.floor(((c + 1) * n) / columns); i++) if (data.di_raw[i] !== null && (v === null || data.di_raw[i] > v)) v = data.di_raw[i];
      if (v === null) continue;
      const h = (Math.min(v, top) / top) * t.h;
      ctx.fillStyle = colours.band[bandOf(v)];
      ctx.fillRect(gutter + (c / columns) * plotWidth(), t.y + t.h - h, Math.max(1, plotWidth() / columns - (columns < plotWidth() / 3 ? 1 : 0)), h);
    }
    label("whole dialogue", t.y + t.h / 2);
    if (from > 0 || to < n - 1) {
      const a = px(from) - plotWidth() / n / 2, b = px(to) + plotWidth() / n / 2;
      ctx.fillStyle = colours.card;
      ctx.globalAlpha = 0.72;
      ctx.fillRect(gutter, t.y, a - gutter, t.h);
      ctx.fillRect(b, t.y, gutter + plotWidth() - b, t.h);
      ctx.globalAlpha = 1;
      ctx.strokeStyle = colours.accent;
      ctx.lineWidth = 1.5;
      ctx.strokeRect(a, t.y + 0.75, Math.max(3, b - a), t.h - 1.5);
    }
  }

  function draw() {
    layout();
    ctx.clearRect(0, 0, width, height);
    const axis = tracks.find((t) => t.kind === "axis");
    for (const t of tracks) {
      ctx.save();
      if (t.kind !== "overview" && t.kind !== "axis") {
        ctx.beginPath(); ctx.rect(0, t.y - 6, gutter + plotWidth() + 6, t.h + 12); ctx.clip();
      }
      if (t.kind === "di") drawDi(t);
      else if (t.kind === "subjects") drawSubjects(t);
      else if (t.kind === "strip") drawStrip(t);
      else if (t.kind === "lane") drawLane(t);
      else if (t.kind === "motif") drawMotif(t);
      else if (t.kind === "axis") drawAxis(t);
      else if (t.kind === "overview") drawOverview(t);
      else if (t.kind === "title") label(t.label, t.y + t.h / 2 + 1, 11);
      else if (t.kind === "line") {
        ctx.fillStyle = colours.grid;
        ctx.globalAlpha = 0.55;
        ctx.fillRect(gutter, t.y, plotWidth(), t.h);
        ctx.globalAlpha = 1;
        label(t.label, t.y + t.h / 2, 12, colours.ink);
        polyline(data[t.key], (v) => t.y + t.h - 2 - Math.min(1, Math.max(0, v)) * (t.h - 4), t.key === "scr" || t.key === "psi" || t.key === "density" ? colours.soft : colours.accent, 1.3);
      }
      ctx.restore();
      // names stay, what is left of the plot goes
    }
    ctx.clearRect(gutter + plotWidth() + 0.5, 0, 10, axis.y - 3);
    const mark = (i, colour, thick) => {
      if (i < from - 0.5 || i > to + 0.5) return;
      ctx.fillStyle = colour;
      ctx.fillRect(x(i) - thick / 2, 6, thick, axis.y - 6);
    };
    if (selected >= 0) mark(selected, colours.accent, 2);
    if (hover >= 0 && hover !== selected) { ctx.globalAlpha = 0.5; mark(hover, colours.ink, 1); ctx.globalAlpha = 1; }
    if (drag && drag.moved) {
      const a = Math.min(drag.start, drag.now), b = Math.max(drag.start, drag.now);
      ctx.fillStyle = colours.accent;
      ctx.globalAlpha = 0.14;
      ctx.fillRect(a, 6, b - a, axis.y - 6);
      ctx.globalAlpha = 1;
    }
    byId("range").textContent = from > 0 || to < n - 1 ? `cycles ${data.cycle[Math.round(from)]} to ${data.cycle[Math.round(to)]}` : "";
    byId("reset").disabled = from <= 0 && to >= n - 1;
  }
  let queued = false;
  const redraw = () => { if (!queued) { queued = true; requestAnimationFrame(() => { queued = false; draw(); }); } };

  // ---- zoom and selection
  function zoomTo(a, b) {
    const least = Math.min(n - 1, 4);
    let lo = Math.max(0, Math.min(a, b)), hi = Math.min(Math.max(1, n - 1), Math.max(a, b));
    if (hi - lo < least) { const mid = (lo + hi) / 2; lo = Math.max(0, mid - least / 2); hi = Math.min(Math.max(1, n - 1), lo + least); }
    from = lo; to = hi;
    redraw();
  }
  const zoomBy = (factor, around) => {
    const c = around ?? (selected >= from && selected <= to ? selected : (from + to) / 2);
    zoomTo(c - (c - from) * factor, c + (to - c) * factor);
  };
  function select(i, scroll) {
    selected = Math.max(0, Math.min(n - 1, i));
    if (selected < from || selected > to) { const half = span() / 2; zoomTo(selected - half, selected + half); }
    showDetail();
    redraw();
    if (history.replaceState) try { history.replaceState(null, "", "#cycle-" + data.cycle[selected]); } catch { /* file pages may refuse */ }
    if (scroll) byId("timeline").scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
  const position = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  const trackAt = (y) => tracks.find((t) => y >= t.y && y <= t.y + t.h);
  const overviewAt = (px) => Math.max(0, Math.min(n - 1, ((px - gutter) / plotWidth()) * n - 0.5));
  canvas.addEventListener("pointerdown", (event) => {
    const [px, py] = position(event), track = trackAt(py);
    canvas.setPointerCapture(event.pointerId);
    drag = { start: px, now: px, moved: false, overview: track && track.kind === "overview" };
    if (drag.overview) { const half = span() / 2, c = overviewAt(px); zoomTo(c - half, c + half); }
  });
  canvas.addEventListener("pointermove", (event) => {
    const [px, py] = position(event);
    if (drag) {
      drag.now = px;
      if (drag.overview) { const half = span() / 2, c = Math.max(half, Math.min(n - 1 - half, overviewAt(px))); zoomTo(c - half, c + half); return; }
      drag.moved ||= Math.abs(px - drag.start) > 5;
    }
    const inside = px >= gutter - 4 && px <= gutter + plotWidth() + 4;
    hover = inside ? indexAt(px) : -1;
    showTip(px, py);
    redraw();
  });
  canvas.addEventListener("pointerup", (event) => {
    const [px] = position(event);
    if (drag && drag.moved && !drag.overview) zoomTo(indexAt(Math.min(drag.start, px)), indexAt(Math.max(drag.start, px)));
    else if (drag && !drag.overview && px >= gutter - 4) select(indexAt(px));
    drag = null;
    redraw();
  });
  canvas.addEventListener("pointerleave", () => { hover = -1; tip.hidden = true; redraw(); });
  canvas.addEventListener("dblclick", () => zoomTo(0, n - 1));
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
    event.preventDefault();
    const [px] = position(event);
    zoomBy((event.deltaY || event.deltaX) > 0 ? 1.25 : 0.8, indexAt(px));
  }, { passive: false });
  const momentList = data.moments.map((m) => m.at);
  canvas.addEventListener("keydown", (event) => {
    const here = selected < 0 ? Math.round(from) : selected, by = event.shiftKey ? 10 : 1;
    const next = momentList.find((i) => i > here), before = [...momentList].reverse().find((i) => i < here);
    const actions = {
      ArrowRight: () => select(selected < 0 ? here : here + by), ArrowLeft: () => select(here - by), Home: () => select(0), End: () => select(n - 1),
      n: () => next !== undefined && select(next), p: () => before !== undefined && select(before),
      "+": () => zoomBy(0.6), "=": () => zoomBy(0.6), "-": () => zoomBy(1.6), 0: () => zoomTo(0, n - 1), Escape: () => zoomTo(0, n - 1),
    };
    const action = actions[event.key];
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); action(); }
  });
  byId("in").addEventListener("click", () => zoomBy(0.6));
  byId("out").addEventListener("click", () => zoomBy(1.6));
  byId("reset").addEventListener("click", () => zoomTo(0, n - 1));
  byId("theme").addEventListener("click", () => setTheme(dark() ? "light" : "dark"));
  new ResizeObserver(redraw).observe(byId("plot"));

  const toggle = (key, text) => {
    const box = el("input", { type: "checkbox" });
    box.checked = shown[key];
    box.addEventListener("change", () => { shown[key] = box.checked; draw(); });
    return el("label", {}, box, text);
  };
  byId("legend").append(toggle("components", "components"), toggle("motifs", "motifs"), toggle("reference", "DI by the literal formulas (dashed)"));

  // ---- what is told of a cycle
  const attractorOf = (i) => (data.attractor[i] >= 0 ? data.attractors[data.attractor[i]] : "");
  function showTip(px, py) {
    if (hover < 0 || (drag && drag.moved)) { tip.hidden = true; return; }
    const i = hover;
    tip.replaceChildren(
      el("div", {}, el("b", {}, "Cycle " + data.cycle[i]), ` · DI ${fixed(data.di_raw[i])} · ${words(data.names.posture[data.posture[i]])}`),
      attractorOf(i) ? el("div", {}, attractorOf(i)) : null ?? "",
      el("p", {}, data.user[i] || "(no user text)"));
    if (bandOf(data.di_raw[i]) > 0 && data.explanation[i]) tip.append(el("p", {}, data.explanation[i]));
    tip.hidden = false;
    const left = px + 18 + 320 > width ? px - 338 : px + 18;
    tip.style.left = Math.max(0, left) + "px";
    tip.style.top = Math.max(0, Math.min(py + 14, height - tip.offsetHeight)) + "px";
  }
  function gauge(box, name, value, why, colour, most = 1) {
    box.append(el("span", {}, name));
    if (value === null) { box.append(el("span", { class: "none" }, "not measured: " + words(why || "no reason given"))); return; }
    const fill = el("i"), track = el("div", { class: "track" }, fill);
    fill.style.width = Math.min(100, (100 * value) / most) + "%";
    fill.style.background = colour;
    box.append(track, el("span", { class: "n" }, fixed(value)));
  }
  const list = (title, items) => (items.length ? el("details", { class: "more" }, el("summary", {}, `${title} (${items.length})`), el("ul", {}, ...items.map((item) => el("li", {}, item)))) : "");
  function showDetail() {
    const i = selected, box = byId("detail"), posture = data.names.posture[data.posture[i]];
    const pill = el("span", { class: "pill" }, words(posture));
    pill.style.background = postureColour(posture);
    const go = (by, name, text) => el("button", { type: "button", "aria-label": name, onclick: () => select(i + by) }, text);
    const meta = [attractorOf(i), words(data.names.lifecycle[data.lifecycle[i]]), data.zone[i] >= 0 ? "zone " + words(data.names.zone[data.zone[i]]) : ""].filter(Boolean);
    const gauges = el("div", { class: "gauges" }), why = (key) => (data.missing[i] || {})[key];
    gauge(gauges, "DI", data.di_raw[i], why("di_raw"), colours.band[bandOf(data.di_raw[i])], top);
    for (const [key, name] of COMPONENTS) gauge(gauges, name === "density" ? "dens." : name, data[key][i], why(key), key === "scr" || key === "psi" || key === "density" ? colours.soft : colours.accent);
    gauge(gauges, "DI lit.", data.reference_di_raw[i], why("reference.di_raw"), colours.line, top);
    const reasons = momentsAt.get(i) || [], text = data.explanation[i];
    box.replaceChildren(
      el("h2", {}, "Cycle " + data.cycle[i], pill, el("span", { class: "nav" }, go(-1, "Previous cycle", "←"), go(1, "Next cycle", "→"))),
      el("p", { class: "meta" }, meta.join(" · ")),
      reasons.length ? el("div", { class: "reasons" }, ...reasons.map((r) => el("span", { class: "reason" }, r))) : "",
      text ? el("p", { class: bandOf(data.di_raw[i]) ? "why" : "why calm" }, text) : "",
      list("More reasons", (data.because[i] || []).filter((because) => !text || !text.toLowerCase().includes(because.toLowerCase()))),
      list("Told to the model at the next turn", data.steering[i] || []),
      gauges,
      el("div", { class: "said user" }, el("span", { class: "who" }, "user"), data.user[i] || "(nothing)"),
      el("div", { class: "said assistant" }, el("span", { class: "who" }, "assistant"), data.assistant[i] || "(nothing)"));
    canvas.setAttribute("aria-label", `Drift over ${n} cycles. Selected: cycle ${data.cycle[i]}, drift ${fixed(data.di_raw[i])}, posture ${words(posture)}.`);
  }

  // ---- moments and the table
  function drawMoments() {
    const list = byId("moments");
    list.replaceChildren();
    const strongest = [...data.moments].sort((a, b) => (data.di_raw[b.at] ?? 0) - (data.di_raw[a.at] ?? 0)).slice(0, 60).sort((a, b) => a.at - b.at);
    for (const moment of strongest) {
      const i = moment.at, value = el("span", { class: "d" }, "DI " + fixed(data.di_raw[i], 2));
      if (bandOf(data.di_raw[i])) { value.style.color = colours.band[bandOf(data.di_raw[i])]; value.style.fontWeight = 600; }
      const shownText = bandOf(data.di_raw[i]) ? data.explanation[i] : data.user[i];
      list.append(el("li", {}, el("button", { type: "button", onclick: () => select(i, true) },
        el("span", { class: "c" }, "#" + data.cycle[i]), el("span", { class: "r" }, moment.reasons.join(", ")), value, el("span", { class: "x" }, shownText || data.user[i]))));
    }
    if (!strongest.length) list.append(el("li", {}, "Nothing stands out: no drift, one subject."));
  }
  const PAGE = 100;
  function drawTable(page) {
    const body = byId("all-body"), start = page * PAGE, end = Math.min(n, start + PAGE);
    const head = el("tr", {}, ...["cycle", "DI", "SDI", "SV", "PD", "SCR", "posture", "state", "zone", "subject", "user"].map((t) => el("th", { scope: "col" }, t)));
    const table = el("table", {}, el("thead", {}, head));
    const rows = el("tbody");
    for (let i = start; i < end; i++) {
      const cell = (t) => el("td", {}, t);
      rows.append(el("tr", {}, el("td", {}, el("button", { type: "button", onclick: () => select(i, true) }, String(data.cycle[i]))),
        ...["di_raw", "sdi", "sv", "pd", "scr"].map((k) => cell(fixed(data[k][i]))),
        cell(words(data.names.posture[data.posture[i]])), cell(words(data.names.lifecycle[data.lifecycle[i]])), cell(words(data.names.zone[data.zone[i]])),
        cell(attractorOf(i)), el("td", { class: "t" }, data.user[i].slice(0, 160))));
    }
    table.append(rows);
    const pages = Math.ceil(n / PAGE);
    const turn = (to, text) => el("button", { type: "button", onclick: () => drawTable(Math.max(0, Math.min(pages - 1, to))) }, text);
    body.replaceChildren(el("div", { class: "scroll" }, table), pages > 1 ? el("p", {}, turn(page - 1, "←"), ` page ${page + 1} of ${pages} `, turn(page + 1, "→")) : "");
  }
  byId("all").addEventListener("toggle", () => { if (byId("all").open && !byId("all-body").firstChild) drawTable(0); });

  // ---- begin
  root.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  readColours();
  fillCards();
  drawMoments();
  draw();
  const asked = /^#cycle-(\d+)$/.exec(location.hash), wanted = asked ? at(Number(asked[1])) : -1;
  const opening = wanted >= 0 ? wanted : data.summary.highest ? at(data.summary.highest[1]) : 0;
  if (n) { selected = opening; showDetail(); draw(); }
})();

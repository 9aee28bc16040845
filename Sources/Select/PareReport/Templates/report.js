// The page: reads the data block, filters, draws the plots and answers to mouse and keys.
(() => {
  "use strict";
  const problems = [];
  addEventListener("error", (event) => problems.push(String(event.message)));
  addEventListener("securitypolicyviolation", (event) => problems.push(`blocked ${event.violatedDirective}`));

  const $ = (id) => document.getElementById(id);
  const block = JSON.parse($("data").textContent);
  const numbers = (column) => Float64Array.from(column, (value) => (value === null ? NaN : value));
  const metric = {};
  for (const [key, column] of Object.entries(block.metrics)) metric[key] = numbers(column);
  const data = { count: block.count, scheme: block.quantizer, schemes: block.levels.quantizer };
  const standing = block.standing;
  const flags = block.standingBits;
  const has = (flag) => (i) => (standing[i] & flags[flag]) !== 0;
  const none = new Float64Array(data.count).fill(NaN);
  const column = (key) => metric[key] || none;
  const percent = column("sparsity").map((value) => Math.round(value * 1e4) / 100);

  // How figures are written, everywhere on the page.
  const minus = (text) => text.replace("-", "\u2212");
  const decibels = (value) => `${minus(value.toFixed(2))} dB`;
  const watts = (value) => (value < 0.0995 ? `${(value * 1000).toPrecision(3)} mW` : `${value.toPrecision(3)} W`);
  const count = (value) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  const figures = [
    ["NMSE validation", "nmse", decibels], ["NMSE test", "testNMSE", decibels], ["nnz", "nnz", count],
    ["adders", "adders", count], ["multiplications", "multiplications", count], ["LUT, est.", "lut", count],
    ["dynamic power, est.", "power", watts], ["latency, clocks", "latency", count],
    ["Q validation", "quality", decibels], ["Q test", "testQuality", decibels],
  ];

  // Filters.
  const facets = [
    ["quantizer", "quantizer", block.quantizer, block.levels.quantizer],
    ["kernel size", "kernelSize", ...levelsOf(column("kernelSize"), String)],
    ["hidden channels", "hiddenChannels", block.hiddenChannels, block.levels.hiddenChannels],
    ["convolutions", "convolutions", ...levelsOf(column("convolutions"), String)],
    ["activation", "activation", block.activation, block.levels.activation],
    ["pruned away, %", "sparsity", ...levelsOf(percent, String)],
  ];
  const ranges = [
    ["NMSE, dB", () => column($("split-test").checked ? "testNMSE" : "nmse")],
    ["nnz", () => column("nnz")],
  ];
  function levelsOf(values, text) {
    const levels = [...new Set(values)].sort((a, b) => a - b);
    const place = new Map(levels.map((value, index) => [value, index]));
    return [Array.from(values, (value) => place.get(value)), levels.map(text)];
  }
  const most = 24;
  const allowed = [];
  const limits = [];

  function html(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function buildFilters() {
    const home = $("filters");
    for (const [title, id, values, levels] of facets) {
      if (!levels.length) continue;
      const set = html("fieldset", {}, html("legend", {}, title));
      if (levels.length > most) {
        // Too many values for a box each: a range of the value.
        const raw = id === "sparsity" ? percent : column(id === "hiddenChannels" ? "channels" : id);
        addRange(set, id, () => raw);
      } else {
        const on = new Uint8Array(levels.length).fill(1);
        allowed.push({ values, on });
        levels.forEach((level, k) => {
          const box = html("input", { type: "checkbox", id: `filter-${id}-${k}` });
          box.checked = true;
          box.addEventListener("change", () => { on[k] = box.checked ? 1 : 0; redraw(); });
          const label = html("label", { for: box.id }, box, ...(id === "quantizer" ? [swatch(k)] : []), level);
          set.append(label);
        });
      }
      home.append(set);
    }
    for (const [title, values] of ranges) {
      const set = html("fieldset", {}, html("legend", {}, title));
      addRange(set, title === "nnz" ? "nnz" : "nmse", values);
      home.append(set);
    }
  }

  function addRange(set, id, values) {
    const limit = { values, low: -Infinity, high: Infinity };
    limits.push(limit);
    for (const [side, words, unset] of [["low", "from", -Infinity], ["high", "to", Infinity]]) {
      const field = html("input", { type: "number", step: "any", id: `filter-${id}-${side}` });
      field.addEventListener("input", () => {
        limit[side] = field.value === "" ? unset : Number(field.value);
        redraw();
      });
      set.append(html("label", {}, words, field));
    }
  }

  function swatch(scheme) {
    const svg = Plot.element("svg", { width: 14, height: 14, "aria-hidden": "true", class: "swatch" });
    svg.append(Plot.element("path", { d: Plot.mark(scheme, 7, 7, 5), class: `scheme-${scheme % 8}` }));
    return svg;
  }

  function visibleIndices() {
    const bounded = limits.filter((limit) => limit.low > -Infinity || limit.high < Infinity)
      .map((limit) => [limit.values(), limit.low, limit.high]);
    const visible = [];
    for (let i = 0; i < data.count; i++) {
      if (allowed.every(({ values, on }) => on[values[i]])
        && bounded.every(([values, low, high]) => values[i] >= low && values[i] <= high)) visible.push(i);
    }
    return visible;
  }

  // Colours come from the style sheet, which knows light and dark.
  function palette() {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(name).trim();
    return {
      surface: read("--surface"), ink: read("--ink"), muted: read("--muted"), grid: read("--grid"),
      schemes: Array.from({ length: 8 }, (_, k) => read(`--scheme-${k}`)),
    };
  }

  // Plots.
  function bandsOrNumbers(values, title, text, order) {
    const used = [...new Set(values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    return used.length && used.length <= most
      ? { kind: "bands", column: values, values: used, labels: used.map(text), title }
      : { kind: "linear", column: values, title };
  }

  function specs() {
    const onTest = $("split-test").checked;
    const error = {
      kind: "linear", column: column(onTest ? "testNMSE" : "nmse"),
      title: `NMSE, ${onTest ? "test" : "validation"} split (dB)`,
    };
    const nonZero = { kind: $("nnz-linear").checked ? "linear" : "log", column: column("nnz"), title: "nnz (non-zero weights)" };
    const largest = column("power").reduce((most, value) => (value > most ? value : most), 0);
    const inMilliwatts = largest < 0.5;
    const power = {
      // From a linear axis nobody could read designs that draw a hundredth of the largest.
      kind: "log", column: inMilliwatts ? column("power").map((value) => value * 1000) : column("power"),
      title: `dynamic power, est. (${inMilliwatts ? "mW" : "W"})`,
    };
    const channels = bandsOrNumbers(column("channels"), "hidden channels (of the widest layer)", String);
    const pruned = bandsOrNumbers(percent, "pruned away (% of the weights)", String);
    const strips = { style: "strips", emphasized: has("kept"), isRemoved: () => false, isTop: () => false };
    const fronts = { isRemoved: () => false, isTop: () => false, stairs: block.stairs && !onTest };
    return [
      { id: "schemes", title: "NMSE against nnz, a front for each quantizer", x: nonZero, y: error, ...fronts, style: "schemes", emphasized: has("schemeFront"), isOnLine: has("schemeFront") },
      {
        id: "merged", title: "Merged front", x: nonZero, y: error, ...fronts, style: "merged",
        emphasized: (i) => has("merged")(i) || has("kept")(i), isOnLine: has("merged"),
        isRemoved: (i) => !has("kept")(i), isTop: has("top"), top: block.top, hasRemoved: block.hasRemoved,
      },
      { id: "channels-power", title: "Power against hidden channels", x: channels, y: power, ...strips },
      { id: "channels-nnz", title: "nnz against hidden channels", x: channels, y: nonZero, ...strips },
      { id: "pruning-nmse", title: "NMSE against pruning", x: pruned, y: error, ...strips },
      { id: "pruning-nnz", title: "nnz against pruning", x: pruned, y: nonZero, ...strips },
    ];
  }

  const drawnLimit = block.drawnLimit;
  let plots = {};
  let visible = [];

  function redraw() {
    visible = visibleIndices();
    hide();
    const colors = palette();
    plots = {};
    for (const spec of specs()) {
      const home = document.querySelector(`#plot-${spec.id} .drawing`);
      const plot = Plot.draw(spec, data, visible, colors, Math.max(280, Math.floor(home.clientWidth)), drawnLimit);
      plot.spec = spec;
      plots[spec.id] = plot;
      home.replaceChildren(plot.svg);
      const notes = [];
      if (plot.bins.length) {
        notes.push(`${count(plot.indices.length - plot.emphasized.length)} points off the front are binned: the darker, the more`);
      }
      if (plot.missing) notes.push(`${count(plot.missing)} without a place here (a figure is missing${spec.x.kind === "log" || spec.y.kind === "log" ? ", or 0 on a logarithmic axis" : ""})`);
      document.querySelector(`#plot-${spec.id} .remark`).textContent = notes.join("; ");
    }
    $("shown").textContent = `${count(visible.length)} of ${count(data.count)} points shown`;
  }

  // What is under the pointer, and its figures.
  const tip = $("tip");
  let current = null;

  function hide() {
    tip.hidden = true;
    current = null;
    for (const ring of document.querySelectorAll(".cursor")) ring.remove();
  }

  function modelOf(i) { return block.models[String(i)]; }

  function say(i, plot) {
    const rows = figures.filter(([, key]) => metric[key] && !Number.isNaN(metric[key][i]))
      .map(([title, key, text]) => html("tr", {}, html("th", {}, title), html("td", {}, text(metric[key][i]))));
    const roles = [];
    if (has("schemeFront")(i)) roles.push(`front of ${data.schemes[data.scheme[i]]}`);
    if (has("merged")(i)) roles.push(has("kept")(i) ? "merged front" : "merged front, removed by a rule");
    if (has("kept")(i)) roles.push("final front");
    if (has("top")(i)) roles.push(`top ${block.top}`);
    tip.replaceChildren(
      html("strong", {}, block.names[i]), html("table", {}, ...rows),
      html("p", {}, roles.join(", ") || "dominated"),
      html("p", { class: "key" }, modelOf(i) ? "click or Enter: its model" : `key ${block.keys[i]}`));
    place(plot, plot.px[i], plot.py[i]);
    current = { i, plot };
  }

  function sayBin(bin, plot) {
    const best = bin.members.reduce((best, i) => (plot.spec.y.column[i] < plot.spec.y.column[best] ? i : best));
    tip.replaceChildren(
      html("strong", {}, `${count(bin.members.length)} points`),
      html("p", {}, `lowest here: ${block.names[best]}`));
    place(plot, bin.x, bin.y);
    current = null;
  }

  function place(plot, x, y) {
    tip.hidden = false;
    const box = plot.svg.getBoundingClientRect();
    for (const ring of document.querySelectorAll(".cursor")) ring.remove();
    plot.svg.append(Plot.element("circle", { class: "cursor", cx: x, cy: y, r: 9, fill: "none", stroke: palette().ink, "stroke-width": 1.5 }));
    const scale = box.width / plot.svg.viewBox.baseVal.width;
    let atX = box.left + x * scale + 14, atY = box.top + y * scale + 14;
    if (atX + tip.offsetWidth > innerWidth - 8) atX = Math.max(8, box.left + x * scale - tip.offsetWidth - 14);
    if (atY + tip.offsetHeight > innerHeight - 8) atY = Math.max(8, box.top + y * scale - tip.offsetHeight - 14);
    tip.style.left = `${atX + scrollX}px`;
    tip.style.top = `${atY + scrollY}px`;
  }

  function nearest(plot, indices, x, y, reach) {
    let found = -1, closest = reach * reach;
    for (const i of indices) {
      const dx = plot.px[i] - x, dy = plot.py[i] - y, distance = dx * dx + dy * dy;
      if (distance < closest) { closest = distance; found = i; }
    }
    return found;
  }

  function point(plot, event) {
    const box = plot.svg.getBoundingClientRect();
    const scale = plot.svg.viewBox.baseVal.width / box.width;
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    let i = nearest(plot, plot.emphasized, x, y, 12);
    if (i < 0 && !plot.bins.length) i = nearest(plot, plot.indices, x, y, 8);
    if (i >= 0) { say(i, plot); return; }
    const bin = plot.bins.find((bin) => Math.hypot(bin.x - x, bin.y - y) < 5);
    if (bin) sayBin(bin, plot); else hide();
  }

  function open(i) {
    const path = modelOf(i);
    if (path) window.open(path, "_blank", "noopener");
  }

  function step(plot, by) {
    const order = plot.emphasized.slice().sort((a, b) => plot.px[a] - plot.px[b] || plot.py[a] - plot.py[b]);
    if (!order.length) return;
    const from = current && current.plot === plot ? order.indexOf(current.i) : -1;
    const next = from < 0 ? (by > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, from + by));
    say(order[next], plot);
  }

  // The element of a plot as a file of its own.
  function standalone(id) {
    const copy = plots[id].svg.cloneNode(true);
    for (const ring of copy.querySelectorAll(".cursor")) ring.remove();
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
  }

  function wire() {
    for (const figure of document.querySelectorAll("figure.plot")) {
      const id = figure.id.replace("plot-", "");
      const drawing = figure.querySelector(".drawing");
      drawing.addEventListener("pointermove", (event) => point(plots[id], event));
      drawing.addEventListener("pointerleave", hide);
      drawing.addEventListener("blur", hide);
      drawing.addEventListener("click", (event) => {
        point(plots[id], event);
        if (current) open(current.i);
      });
      drawing.addEventListener("keydown", (event) => {
        if (event.key === "ArrowRight" || event.key === "ArrowDown") step(plots[id], 1);
        else if (event.key === "ArrowLeft" || event.key === "ArrowUp") step(plots[id], -1);
        else if (event.key === "Enter" && current) open(current.i);
        else if (event.key === "Escape") hide();
        else return;
        event.preventDefault();
      });
      figure.querySelector("button").addEventListener("click", () => {
        const address = URL.createObjectURL(new Blob([standalone(id)], { type: "image/svg+xml" }));
        const link = html("a", { href: address, download: `${document.body.dataset.run}-${id}.svg` });
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(address), 10000);
      });
    }
    for (const id of ["split-validation", "split-test", "nnz-log", "nnz-linear"]) $(id).addEventListener("change", redraw);
    $("reset").addEventListener("click", reset);
    for (const theme of ["auto", "light", "dark"]) {
      $(`theme-${theme}`).addEventListener("change", () => setTheme(theme));
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    let before = "auto";
    addEventListener("beforeprint", () => { before = theme(); setTheme("light"); });
    addEventListener("afterprint", () => setTheme(before));
    let pending = 0, width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth === width) return;
      width = innerWidth;
      clearTimeout(pending);
      pending = setTimeout(redraw, 120);
    });
  }

  const theme = () => document.documentElement.dataset.theme || "auto";
  function setTheme(name) {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    $(`theme-${name}`).checked = true;
    redraw();
  }

  function reset() {
    for (const { on } of allowed) on.fill(1);
    for (const limit of limits) { limit.low = -Infinity; limit.high = Infinity; }
    for (const box of document.querySelectorAll("#filters input")) {
      if (box.type === "checkbox") box.checked = true; else box.value = "";
    }
    redraw();
  }

  // With #selfcheck in its address the page tells, in JSON, what it drew and how it answered: for tests in a browser.
  function selfcheck() {
    const state = () => ({
      shown: visible.length,
      plots: Object.fromEntries(Object.entries(plots).map(([id, plot]) => [id, {
        indices: plot.indices.length,
        cloudMarks: [...plot.svg.querySelectorAll("[data-marks]")]
          .reduce((sum, path) => sum + (path.getAttribute("d").match(/M/g) || []).length, 0),
        binned: [...plot.svg.querySelectorAll("[data-count]")].reduce((sum, path) => sum + Number(path.dataset.count), 0),
        elements: plot.svg.querySelectorAll("*").length,
        marks: [...plot.svg.querySelectorAll("[data-i]")].map((path) => {
          const box = path.getBBox();
          return { key: block.keys[path.dataset.i], x: box.x + box.width / 2, y: box.y + box.height / 2 };
        }),
        yTitle: plot.spec.y.title,
        xTicks: [...plot.svg.querySelectorAll(".tick-x")].map((text) => ({ label: text.textContent, at: Number(text.dataset.at) })),
        yTicks: [...plot.svg.querySelectorAll(".tick-y")].map((text) => ({ label: text.textContent, at: Number(text.dataset.at) })),
      }])),
    });
    const colors = () => {
      const style = getComputedStyle(document.body);
      return { background: style.backgroundColor, ink: style.color, surface: plots.schemes.svg.querySelector("rect").getAttribute("fill") };
    };
    const set = (id, value) => {
      const field = $(id);
      if (field.type === "number") { field.value = value; field.dispatchEvent(new Event("input")); }
      else { field.checked = value; field.dispatchEvent(new Event("change")); }
    };
    const found = { count: data.count, openedAfterMilliseconds: Math.round(performance.now()), first: state() };
    const exported = Object.keys(plots).map((id) => ({ id, text: standalone(id) }));
    found.exported = exported.filter(({ text }) => text.length < 3e6);
    found.tip = null;
    const drawing = document.querySelector("#plot-merged .drawing");
    const target = plots.merged.emphasized[0];
    if (target !== undefined) {
      drawing.scrollIntoView();
      const box = plots.merged.svg.getBoundingClientRect();
      drawing.dispatchEvent(new PointerEvent("pointermove", {
        clientX: box.left + plots.merged.px[target], clientY: box.top + plots.merged.py[target],
      }));
      found.tip = { key: block.keys[current.i], text: tip.innerText, model: modelOf(current.i) || null };
      drawing.dispatchEvent(new Event("blur"));
      drawing.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
      drawing.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
      found.afterTwoSteps = block.keys[current.i];
      hide();
      scrollTo(0, 0);
    }
    if (data.count) set("filter-quantizer-0", false);
    found.withoutFirstQuantizer = state();
    $("reset").click();
    set("filter-nnz-high", "50");
    found.nnzUpTo50 = state();
    set("filter-nnz-high", "-1");
    found.nothing = state();
    $("reset").click();
    found.afterReset = state().shown;
    set("split-test", true);
    found.onTest = state();
    set("split-validation", true);
    set("nnz-linear", true);
    found.linear = state();
    set("nnz-log", true);
    found.systemTheme = { isDark: matchMedia("(prefers-color-scheme: dark)").matches, ...colors() };
    setTheme("light");
    found.light = colors();
    setTheme("dark");
    found.dark = colors();
    setTheme("auto");
    found.problems = problems;
    document.body.append(html("pre", { id: "selfcheck", hidden: "" }, JSON.stringify(found)));
  }

  buildFilters();
  redraw();
  wire();
  if (location.hash === "#dark" || location.hash === "#light") setTheme(location.hash.slice(1));
  if (location.hash === "#selfcheck") selfcheck();
})();

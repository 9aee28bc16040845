// Draws one plot as an SVG element that needs nothing from the page: colours and fonts are attributes, so that a
// download of the element looks as it does here.
const Plot = (() => {
  "use strict";
  const namespace = "http://www.w3.org/2000/svg";
  const round = (value) => Math.round(value * 100) / 100;

  function element(tag, attributes, text) {
    const made = document.createElementNS(namespace, tag);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // Marks by the number of their scheme. The box of each is centred on its point.
  const marks = [
    (x, y, r) => `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
    (x, y, r) => `M${round(x)} ${round(y - r)}l${r} ${2 * r}h${-2 * r}z`,
    (x, y, r) => `M${round(x - 0.88 * r)} ${round(y - 0.88 * r)}h${round(1.76 * r)}v${round(1.76 * r)}h${round(-1.76 * r)}z`,
    (x, y, r) => `M${round(x)} ${round(y - 1.2 * r)}l${1.2 * r} ${1.2 * r}l${-1.2 * r} ${1.2 * r}l${-1.2 * r} ${-1.2 * r}z`,
    (x, y, r) => `M${round(x - r)} ${round(y - r)}h${2 * r}l${-r} ${2 * r}z`,
    (x, y, r) => {
      const a = 0.4 * r, b = 0.7 * r;
      return `M${round(x - a)} ${round(y - a - b)}h${2 * a}v${b}h${b}v${2 * a}h${-b}v${b}h${-2 * a}v${-b}h${-b}v${-2 * a}h${b}z`;
    },
    (x, y, r) => `M${round(x - r)} ${round(y)}l${r / 2} ${-r}h${r}l${r / 2} ${r}l${-r / 2} ${r}h${-r}z`,
    (x, y, r) => `M${round(x - r)} ${round(y - r)}l${2 * r} ${2 * r}v${-2 * r}l${-2 * r} ${2 * r}z`,
  ];
  const mark = (scheme, x, y, r) => marks[scheme % marks.length](x, y, r);

  const minus = (text) => text.replace("-", "\u2212");

  function linear(low, high, from, to) {
    if (low === high) { low -= 1; high += 1; }
    const at = (value) => from + ((value - low) / (high - low)) * (to - from);
    const wanted = Math.max(2, Math.abs(to - from) / (from < to ? 80 : 48));
    const raw = (high - low) / wanted;
    const power = Math.pow(10, Math.floor(Math.log10(raw)));
    const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= raw * 0.999);
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const ticks = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
      ticks.push({ value: k * step, label: minus((k * step).toFixed(decimals)) });
    }
    return { at, ticks };
  }

  function logarithmic(low, high, from, to) {
    if (low === high) { low /= 2; high *= 2; }
    const a = Math.log10(low), b = Math.log10(high);
    const at = (value) => from + ((Math.log10(value) - a) / (b - a)) * (to - from);
    const decade = Math.abs(to - from) / (b - a);
    const labelled = decade > 150 ? [1, 2, 5] : decade > 80 ? [1, 3] : [1];
    const ticks = [];
    for (let k = Math.floor(a); k <= Math.ceil(b); k++) {
      for (let m = 1; m < 10; m++) {
        const value = m * Math.pow(10, k);
        if (value < low * 0.999 || value > high * 1.001) continue;
        const text = value >= 1 ? String(Math.round(value)) : value.toFixed(-k);
        ticks.push({ value, label: labelled.includes(m) ? text : "", isMinor: m !== 1 });
      }
    }
    return { at, ticks };
  }

  // One band for each value; schemes lie side by side in a band.
  function bands(values, labels, from, to) {
    const width = (to - from) / values.length;
    const place = new Map(values.map((value, index) => [value, index]));
    const at = (value) => from + (place.get(value) + 0.5) * width;
    const longest = Math.max(...labels.map((label) => label.length)) * 7 + 10;
    const every = Math.max(1, Math.ceil(longest / width));
    const ticks = values.map((value, index) => ({ value, label: index % every === 0 ? labels[index] : "" }));
    return { at, ticks, width };
  }

  // Hexagonal bins of pixel positions: every index falls into exactly one.
  function hexagons(indices, px, py, radius) {
    const dx = radius * Math.sqrt(3), dy = radius * 1.5;
    const bins = new Map();
    for (const i of indices) {
      // The nearest centre lies in one of the two rows around the point.
      let row, column, nearest = Infinity;
      for (let r = Math.floor(py[i] / dy), last = r + 1; r <= last; r++) {
        const shift = (r & 1) / 2, c = Math.round(px[i] / dx - shift);
        const offX = (c + shift) * dx - px[i], offY = r * dy - py[i], distance = offX * offX + offY * offY;
        if (distance < nearest) { nearest = distance; row = r; column = c; }
      }
      const id = row * 100000 + column;
      let bin = bins.get(id);
      if (!bin) {
        bin = { x: (column + (row & 1) / 2) * dx, y: row * dy, members: [] };
        bins.set(id, bin);
      }
      bin.members.push(i);
    }
    return [...bins.values()];
  }

  function hexagon(x, y, r) {
    const w = round((r * Math.sqrt(3)) / 2), h = round(r / 2);
    return `M${round(x)} ${round(y - r)}l${w} ${h}v${r}l${-w} ${h}l${-w} ${-h}v${-r}z`;
  }

  function domain(values, indices) {
    let low = Infinity, high = -Infinity;
    for (const i of indices) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
    return [low, high];
  }

  function scale(axis, indices, from, to) {
    if (axis.kind === "bands") return bands(axis.values, axis.labels, from, to);
    const [low, high] = domain(axis.column, indices);
    if (axis.kind === "log") return logarithmic(low / 1.15, high * 1.15, from, to);
    const margin = (high - low) * 0.04;
    return linear(low - margin, high + margin, from, to);
  }

  const median = (values) => {
    const sorted = Float64Array.from(values).sort();
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  };

  // A legend above the plot, in as many rows as it takes; returns its height.
  function legend(svg, entries, left, width, palette) {
    let x = left, y = 14;
    for (const entry of entries) {
      const size = 24 + entry.text.length * 6.6;
      if (x > left && x + size > width) { x = left; y += 18; }
      const group = element("g");
      if (entry.line) {
        group.append(element("path", { d: `M${x - 2} ${y}h14`, stroke: entry.color, "stroke-width": 2, fill: "none" }));
      }
      for (const part of entry.parts || []) group.append(element("path", part(x + 5, y)));
      group.append(element("text", { x: x + 17, y: y + 4, fill: palette.ink, "font-size": 12 }, entry.text));
      svg.append(group);
      x += size + 8;
    }
    return entries.length ? y + 12 : 8;
  }

  // Draws a plot.
  //
  // spec: x, y (kind, column, title; bands: values, labels), style ("schemes", "merged" or "strips"), emphasized (index
  // to flag), isOnLine, isRemoved, isTop, stairs. data: scheme (index to scheme number), schemes (names). Returns the element, pixel
  // positions of all that was drawn, the bins, and the emphasized indices.
  function draw(spec, data, visible, palette, width, limit) {
    const height = Math.round(Math.max(320, Math.min(460, width * 0.66)));
    const svg = element("svg", {
      xmlns: namespace, width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": spec.title,
      "font-family": "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
    });
    svg.append(element("title", {}, spec.title));
    svg.append(element("rect", { width, height, fill: palette.surface }));
    const { x: xAxis, y: yAxis } = spec;
    const isUsable = (axis, i) =>
      axis.kind === "bands" || (axis.kind === "log" ? axis.column[i] > 0 : !Number.isNaN(axis.column[i]));
    const indices = visible.filter(
      (i) => isUsable(xAxis, i) && isUsable(yAxis, i) && !Number.isNaN(xAxis.column[i]));
    const px = new Float64Array(data.count).fill(NaN), py = new Float64Array(data.count).fill(NaN);
    const result = { svg, px, py, indices, bins: [], emphasized: [], missing: visible.length - indices.length };
    if (!indices.length) {
      svg.append(element("text", { x: width / 2, y: height / 2, "text-anchor": "middle", fill: palette.muted, "font-size": 14 },
        visible.length ? "no point that is shown has both figures" : "the filters hide every point"));
      return result;
    }

    const shown = [...new Set(indices.map((i) => data.scheme[i]))].sort((a, b) => a - b);
    const color = (scheme) => palette.schemes[scheme % palette.schemes.length];
    const entries = shown.map((scheme) => ({
      text: data.schemes[scheme], color: color(scheme), line: spec.style === "schemes",
      parts: [(x, y) => ({ d: mark(scheme, x, y, 4.5), fill: color(scheme) })],
    }));
    if (spec.style === "merged") {
      entries.push({
        text: `top ${spec.top}`,
        parts: [(x, y) => ({ d: marks[0](x, y, 6), fill: "none", stroke: palette.ink, "stroke-width": 1.4 })],
      });
      if (spec.hasRemoved) {
        entries.push({
          text: "removed by a rule",
          parts: [(x, y) => ({ d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`, stroke: palette.muted, "stroke-width": 1.6, fill: "none" })],
        });
      }
    }
    if (spec.style === "strips") {
      entries.push({ text: "median", color: palette.ink, line: true });
      entries.push({
        text: "final front",
        parts: [(x, y) => ({ d: marks[0](x, y, 4.5), fill: "none", stroke: palette.ink, "stroke-width": 1.4 })],
      });
    }
    const left = 62, right = width - 14, bottom = height - 46;
    const top = legend(svg, entries, left, right, palette) + 6;

    const xScale = scale(xAxis, indices, left, right), yScale = scale(yAxis, indices, bottom, top);
    const frame = element("g", { "font-size": 12, fill: palette.muted });
    for (const [axis, ticks, line, place] of [
      ["x", xScale.ticks, (p) => `M${p} ${top}V${bottom}`, (p) => ({ x: p, y: bottom + 17, "text-anchor": "middle" })],
      ["y", yScale.ticks, (p) => `M${left} ${p}H${right}`, (p) => ({ x: left - 8, y: p + 4, "text-anchor": "end" })],
    ]) {
      const scaleOf = axis === "x" ? xScale : yScale;
      for (const tick of ticks) {
        const p = round(scaleOf.at(tick.value));
        if (!(axis === "x" && xAxis.kind === "bands")) {
          frame.append(element("path", {
            d: line(p), stroke: palette.grid, "stroke-width": tick.isMinor ? 0.5 : 1, fill: "none",
          }));
        }
        if (tick.label) {
          frame.append(element("text", { ...place(p), class: `tick-${axis}`, "data-at": p }, tick.label));
        }
      }
    }
    if (xAxis.kind === "bands") {
      for (let k = 1; k < xAxis.values.length; k++) {
        frame.append(element("path", {
          d: `M${round(left + k * xScale.width)} ${top}V${bottom}`, stroke: palette.grid, "stroke-width": 1, fill: "none",
        }));
      }
    }
    frame.append(element("path", { d: `M${left} ${top}V${bottom}H${right}`, stroke: palette.muted, "stroke-width": 1, fill: "none" }));
    frame.append(element("text", { x: (left + right) / 2, y: height - 10, "text-anchor": "middle", fill: palette.ink, "font-size": 13 }, xAxis.title));
    frame.append(element("text", {
      transform: `translate(16 ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle", fill: palette.ink, "font-size": 13,
    }, yAxis.title));
    svg.append(frame);

    const lane = xAxis.kind === "bands" ? (xScale.width * 0.86) / shown.length : 0;
    const laneOf = new Map(shown.map((scheme, k) => [scheme, (k - (shown.length - 1) / 2) * lane]));
    for (const i of indices) {
      px[i] = xScale.at(xAxis.column[i]);
      py[i] = yScale.at(yAxis.column[i]);
      // Side by side within a lane, by a step that fills it evenly (golden ratio), the same on every drawing.
      if (lane) px[i] += laneOf.get(data.scheme[i]) + (((i * 0.6180339887498949) % 1) - 0.5) * lane * 0.8;
    }

    const cloud = [];
    for (const i of indices) (spec.emphasized(i) ? result.emphasized : cloud).push(i);
    drawCloud(svg, result, spec, data, cloud, color, palette, limit);
    if (spec.style === "strips") drawMedians(svg, spec, data, indices, yScale, xScale, lane, laneOf, color, palette);
    if (spec.style === "schemes") {
      for (const scheme of shown) {
        drawLine(svg, spec, result, result.emphasized.filter((i) => data.scheme[i] === scheme), color(scheme));
      }
    }
    if (spec.style === "merged") drawLine(svg, spec, result, result.emphasized.filter(spec.isOnLine), palette.ink);
    drawEmphasized(svg, spec, data, result, color, palette);
    return result;
  }

  function drawCloud(svg, result, spec, data, cloud, color, palette, limit) {
    if (cloud.length > limit) {
      const radius = 5;
      result.bins = hexagons(cloud, result.px, result.py, radius);
      const most = result.bins.reduce((most, bin) => Math.max(most, bin.members.length), 1);
      const group = element("g", { class: "bins" });
      for (const bin of result.bins) {
        const scheme = data.scheme[bin.members[0]];
        const isPure = spec.style !== "merged" && bin.members.every((i) => data.scheme[i] === scheme);
        const level = 0.12 + 0.68 * (Math.log(bin.members.length + 1) / Math.log(most + 1));
        group.append(element("path", {
          d: hexagon(bin.x, bin.y, radius), fill: isPure ? color(scheme) : palette.muted, "fill-opacity": round(level), "data-count": bin.members.length,
        }));
      }
      svg.append(group);
      return;
    }
    // Many marks in one element keep the page light; not too many, or a single path would be slow to fill.
    const group = element("g", { class: "cloud", "fill-opacity": spec.style === "merged" ? 0.3 : 0.34 });
    const pieces = new Map();
    const radius = cloud.length > 5000 ? 1.8 : 2.6;
    const flush = (scheme) => {
      const piece = pieces.get(scheme);
      if (piece && piece.length) {
        group.append(element("path", {
          d: piece.join(""), fill: spec.style === "merged" ? palette.muted : color(scheme), "data-marks": piece.length,
        }));
      }
      pieces.set(scheme, []);
    };
    for (const i of cloud) {
      const scheme = data.scheme[i];
      if (!pieces.has(scheme) || pieces.get(scheme).length >= 200) flush(scheme);
      pieces.get(scheme).push(mark(scheme, result.px[i], result.py[i], radius));
    }
    for (const scheme of pieces.keys()) flush(scheme);
    svg.append(group);
  }

  function drawMedians(svg, spec, data, indices, yScale, xScale, lane, laneOf, color, palette) {
    if (!lane) return;
    const groups = new Map();
    for (const i of indices) {
      const value = spec.x.column[i], scheme = data.scheme[i];
      if (!groups.has(value)) groups.set(value, new Map());
      const schemes = groups.get(value);
      if (!schemes.has(scheme)) schemes.set(scheme, []);
      schemes.get(scheme).push(i);
    }
    const group = element("g", { class: "medians" });
    for (const members of [...groups.values()].flatMap((schemes) => [...schemes.values()])) {
      const scheme = data.scheme[members[0]];
      const x = xScale.at(spec.x.column[members[0]]) + laneOf.get(scheme);
      const y = yScale.at(median(members.map((i) => spec.y.column[i])));
      const d = `M${round(x - lane * 0.46)} ${round(y)}h${round(lane * 0.92)}`;
      group.append(element("path", { d, stroke: palette.surface, "stroke-width": 5, fill: "none" }));
      group.append(element("path", { d, stroke: color(scheme), "stroke-width": 2.6, fill: "none" }));
    }
    svg.append(group);
  }

  // Joins members of a front: stairs where the axes are the two objectives, since between two members nothing better
  // than the left one is known; thin dashes elsewhere, to guide the eye.
  function drawLine(svg, spec, result, members, stroke) {
    if (members.length < 2) return;
    const { px, py } = result;
    const sorted = members.slice().sort((a, b) => px[a] - px[b] || py[a] - py[b]);
    let d = `M${round(px[sorted[0]])} ${round(py[sorted[0]])}`;
    for (const i of sorted.slice(1)) d += spec.stairs ? `H${round(px[i])}V${round(py[i])}` : `L${round(px[i])} ${round(py[i])}`;
    svg.append(element("path", {
      d, stroke, fill: "none", class: "front-line", "stroke-width": spec.stairs ? 1.5 : 1,
      "stroke-opacity": spec.style === "merged" ? 0.45 : 0.85, ...(spec.stairs ? {} : { "stroke-dasharray": "3 3" }),
    }));
  }

  function drawEmphasized(svg, spec, data, result, color, palette) {
    const radius = Number(svg.getAttribute("width")) < 450 ? 3.5 : 4.5;
    const group = element("g", { class: "emphasized" });
    for (const i of result.emphasized) {
      const x = result.px[i], y = result.py[i], scheme = data.scheme[i];
      if (spec.isRemoved(i)) {
        group.append(element("path", {
          d: `M${round(x - 4)} ${round(y - 4)}l8 8m0 -8l-8 8`, stroke: palette.muted, "stroke-width": 1.6, fill: "none", "data-i": i,
        }));
        continue;
      }
      if (spec.isTop(i)) {
        group.append(element("path", { d: marks[0](x, y, radius + 3), fill: "none", stroke: palette.ink, "stroke-width": 1.2 }));
      }
      group.append(element("path", {
        d: mark(scheme, x, y, radius), fill: color(scheme), "data-i": i,
        stroke: spec.style === "strips" ? palette.ink : palette.surface, "stroke-width": spec.style === "strips" ? 1.4 : 0.8,
      }));
    }
    svg.append(group);
  }

  return { draw, element, mark };
})();

// Charts by Observable Plot, which is read when the first of them comes into sight.
"use strict";

firstdraft.charts = (() => {
  const KINDS = [0, 1, 2, 3, 4, 5, 6].map((number) => `var(--k${number})`);
  const shared = { className: "plot", style: { background: "transparent" } };
  const own = document.currentScript.src.replace(/charts\.js$/, "vendor/plot.js");
  const jobs = new Map();
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { watcher.unobserve(entry.target); run(entry.target); }
  }, { rootMargin: "300px" });

  async function run(element) {
    await firstdraft.load(own);
    element.dataset.ready = "yes";
    jobs.get(element)();
  }

  // Draw now, or when it comes into sight; called again with other data it draws again.
  function chart(element, make) {
    const first = !jobs.has(element);
    jobs.set(element, () => {
      const made = make(Math.max(280, element.clientWidth));
      // What is drawn is told by the label of the chart and by the table beside it.
      if (made.tagName === "svg") made.setAttribute("aria-hidden", "true");
      element.replaceChildren(made);
    });
    if (element.dataset.ready) jobs.get(element)();
    else if (first) watcher.observe(element);
  }

  // Whole numbers only, and no line between them.
  const whole = (most) => (most <= 6 ? { ticks: Array.from({ length: most + 1 }, (_, n) => n), tickFormat: "d" } : { tickFormat: (n) => (Number.isInteger(n) ? firstdraft.number(n) : "") });
  const most = (rows, key, value) => {
    const by = new Map();
    for (const row of rows) by.set(key(row), (by.get(key(row)) || 0) + value(row));
    return Math.max(1, ...by.values());
  };
  const empty = (text) => firstdraft.el("p", { class: "fine" }, text);

  function timeline(element, rows, kinds, start, end) {
    chart(element, (width) => !rows.length ? empty("No event matches.") : Plot.plot({
      ...shared, width, height: 210, marginLeft: 36,
      x: { type: "utc", domain: [new Date(start), new Date(Date.parse(end) + 86400000)], label: null, ...(Date.parse(end) - Date.parse(start) < 14 * 86400000 ? { ticks: "day" } : {}) },
      y: { label: "events a day", grid: true, ...whole(most(rows, (row) => row.iso, (row) => row.n)) },
      color: { domain: kinds.map((_, number) => number), range: kinds.map((_, number) => KINDS[Math.min(number, 6)]) },
      marks: [
        Plot.rectY(rows, { x: "day", y: "n", interval: "day", fill: "kind", insetLeft: 0.5, insetRight: 0.5, title: (row) => `${row.iso}: ${firstdraft.count(row.n, "event")}, ${kinds[row.kind]}` }),
        Plot.ruleY([0]),
      ],
    }));
  }

  function tolls(element, rows) {
    chart(element, (width) => !rows.length ? empty("No event that matches has a count of persons killed.") : Plot.plot({
      ...shared, width, height: 58 + 26 * rows.length, marginLeft: Math.min(170, width * 0.42), marginRight: 66, marginTop: 44,
      x: { axis: "top", label: "persons killed, lowest to highest", grid: true, zero: true, nice: true, ...whole(most(rows, (row) => row.place, (row) => row.high)) },
      y: { label: null, domain: rows.map((row) => row.place), tickFormat: (text) => (text.length > 24 ? `${text.slice(0, 23)}…` : text), tickSize: 0 },
      marks: [
        Plot.ruleY(rows, { y: "place", x1: 0, x2: "low", stroke: "var(--k0)", strokeOpacity: 0.25, strokeWidth: 9 }),
        Plot.ruleY(rows, { y: "place", x1: "low", x2: "high", stroke: "var(--k0)", strokeWidth: 9 }),
        Plot.dot(rows, { y: "place", x: "high", r: 4.5, fill: "var(--k0)", title: (row) => `${row.place}: ${row.text} killed, ${firstdraft.count(row.counted, "event")} with a count` }),
        Plot.text(rows, { y: "place", x: "high", text: "text", dx: 9, textAnchor: "start", fill: "currentColor" }),
      ],
    }));
  }

  // At least sixty days, so that a few do not look like a wall.
  function span(rows) {
    const end = Math.max(...rows.map((row) => row.day.getTime())) + 86400000;
    const start = Math.min(...rows.map((row) => row.day.getTime()));
    return [new Date(Math.min(start, end - 60 * 86400000)), new Date(end)];
  }

  function volume(element, rows) {
    chart(element, (width) => Plot.plot({
      ...shared, width, height: 200, marginLeft: 36,
      x: { type: "utc", label: null, domain: span(rows) },
      y: { label: "articles a day (dark: telling of an event)", grid: true, ...whole(most(rows, (row) => row.iso, (row) => row.articles)) },
      marks: [
        Plot.rectY(rows, { x: "day", y: "articles", interval: "day", fill: "var(--k3)", fillOpacity: 0.35, title: (row) => `${row.iso}: ${firstdraft.count(row.articles, "article")}, ${row.telling} telling of an event` }),
        Plot.rectY(rows, { x: "day", y: "telling", interval: "day", fill: "var(--k3)" }),
        Plot.ruleY([0]),
      ],
    }));
  }

  // Who prints without having scrolled wants them too: drawn when there is nothing else to do.
  addEventListener("load", () => {
    const idle = window.requestIdleCallback || ((what) => setTimeout(what, 500));
    idle(() => { for (const element of jobs.keys()) if (!element.dataset.ready) { watcher.unobserve(element); run(element); } }, { timeout: 2000 });
  });

  let pending;
  addEventListener("resize", () => {
    clearTimeout(pending);
    pending = setTimeout(() => { for (const [element, job] of jobs) if (element.dataset.ready) job(); }, 150);
  });
  return { timeline, tolls, volume };
})();

// The front page: one set of cells behind the map, the charts and the figures, filtered together.
"use strict";

(() => {
  const { el, json, count, number, sum } = firstdraft;
  const data = json("window");
  const precision = json("precision");
  const start = Date.parse(data.start);
  const iso = (offset) => new Date(start + offset * 86400000).toISOString().slice(0, 10);
  const byId = (id) => document.getElementById(id);
  const cells = data.cells.map(([place, kind, day, n, low, high, open, counted, denied, single]) => ({ place, kind, day, n, low, high, open, counted, denied, single }));
  const places = data.places.map(([name, admin1, country, isoNumber, lat, lon, precise]) => ({ name, admin1, country, iso: isoNumber, lat, lon, precision: precise }));
  const off = new Set();
  const map = firstdraft.map(byId("map"), precision);
  const items = [...document.querySelectorAll("#items > .item")];

  function kindButtons() {
    const present = [...new Set(cells.map((cell) => cell.kind))].sort((a, b) => a - b);
    for (const kind of present) {
      const button = el("button", { type: "button", "aria-pressed": "true" }, el("i", { class: `k k${Math.min(kind, 6)}`, "aria-hidden": "true" }), data.kinds[kind]);
      button.addEventListener("click", () => {
        if (off.has(kind)) off.delete(kind); else off.add(kind);
        button.setAttribute("aria-pressed", String(!off.has(kind)));
        show();
      });
      byId("kinds").append(button);
    }
  }

  function areas() {
    const provinces = new Map();
    for (const cell of cells) {
      const { country, admin1 } = places[cell.place];
      const name = country || "country not given";
      if (!provinces.has(name)) provinces.set(name, new Set());
      if (admin1) provinces.get(name).add(admin1);
    }
    for (const [country, inside] of [...provinces].sort((a, b) => a[0].localeCompare(b[0]))) {
      const group = el("optgroup", { label: country }, el("option", { value: JSON.stringify([country]) }, `all of ${country}`));
      for (const admin1 of [...inside].sort((a, b) => a.localeCompare(b))) group.append(el("option", { value: JSON.stringify([country, admin1]) }, admin1));
      byId("area").append(group);
    }
  }

  function chosen() {
    const area = byId("area").value ? JSON.parse(byId("area").value) : null;
    const from = byId("from").value ? (Date.parse(byId("from").value) - start) / 86400000 : -Infinity;
    const to = byId("to").value ? (Date.parse(byId("to").value) - start) / 86400000 : Infinity;
    const sure = byId("sure").value;
    return cells.map((cell) => {
      const place = places[cell.place];
      if (off.has(cell.kind) || cell.day < from || cell.day > to) return null;
      if (area && ((place.country || "country not given") !== area[0] || (area.length > 1 && place.admin1 !== area[1]))) return null;
      if (sure === "disputed") return cell.denied ? { ...cell, ...share(cell, cell.denied) } : null;
      if (sure === "single") return cell.single ? { ...cell, ...share(cell, cell.single) } : null;
      if (sure === "several") return cell.n > cell.single ? { ...cell, ...share(cell, cell.n - cell.single) } : null;
      return cell;
    }).filter(Boolean);
  }

  // Cells of one event are exact; of several only some of which match, the tolls are not told apart and are left out.
  const share = (cell, n) => (n === cell.n ? { n } : { n, low: 0, high: 0, open: 0, counted: 0 });

  function groups(found) {
    const by = new Map();
    for (const cell of found) {
      const group = by.get(cell.place) || by.set(cell.place, { ...places[cell.place], n: 0, low: 0, high: 0, open: false, counted: 0, kinds: new Map(), kindName: (kind) => data.kinds[kind], href: link(places[cell.place]) }).get(cell.place);
      group.n += cell.n; group.low += cell.low; group.high += cell.high; group.counted += cell.counted; group.open ||= Boolean(cell.open);
      group.kinds.set(cell.kind, (group.kinds.get(cell.kind) || 0) + cell.n);
    }
    return [...by.values()];
  }

  function link(place) {
    const asked = new URLSearchParams({ from: data.start, to: iso(data.days - 1) });
    if (place.name) asked.set("q", place.name);
    if (place.country) asked.set("country", place.country);
    return `events.html#${asked}`;
  }

  function timelineRows(found) {
    const by = new Map();
    for (const cell of found) {
      const key = `${cell.day} ${cell.kind}`;
      const row = by.get(key) || by.set(key, { day: new Date(iso(cell.day)), iso: iso(cell.day), kind: cell.kind, n: 0 }).get(key);
      row.n += cell.n;
    }
    return [...by.values()].sort((a, b) => a.day - b.day || a.kind - b.kind);
  }

  function tollRows(found) {
    const by = new Map();
    for (const cell of found) {
      if (!cell.counted) continue;
      const { admin1, country } = places[cell.place];
      const name = admin1 || country || "place not given";
      const row = by.get(name) || by.set(name, { place: name, low: 0, high: 0, open: false, counted: 0 }).get(name);
      row.low += cell.low; row.high += cell.high; row.counted += cell.counted; row.open ||= Boolean(cell.open);
    }
    const rows = [...by.values()].sort((a, b) => b.high - a.high || a.place.localeCompare(b.place)).slice(0, 10);
    return rows.map((row) => ({ ...row, text: sum(row.low, row.high, row.open, row.counted) }));
  }

  function dayTable(found) {
    const by = new Map();
    for (const cell of found) {
      const row = by.get(cell.day) || by.set(cell.day, { n: 0, low: 0, high: 0, open: false, counted: 0 }).get(cell.day);
      row.n += cell.n; row.low += cell.low; row.high += cell.high; row.counted += cell.counted; row.open ||= Boolean(cell.open);
    }
    const rows = [...by].sort((a, b) => b[0] - a[0]).map(([day, row]) => el("tr", {}, el("th", { scope: "row" }, firstdraft.day(iso(day))), el("td", {}, number(row.n)), el("td", {}, sum(row.low, row.high, row.open, row.counted))));
    document.querySelector("#daytable tbody").replaceChildren(...rows);
  }

  // Whether an event of the list below is among those chosen: the same questions as those to the cells.
  function listed(its) {
    const [country, admin1] = byId("area").value ? JSON.parse(byId("area").value) : [];
    const [from, to, sure] = ["from", "to", "sure"].map((id) => byId(id).value);
    if (off.has(Number(its.kind)) || (from && its.day < from) || (to && its.day > to)) return false;
    if ((country && its.country !== country) || (admin1 && its.admin1 !== admin1)) return false;
    if (sure === "disputed") return "disputed" in its;
    return !sure || ("several" in its) === (sure === "several");
  }

  function show({ fit = false } = {}) {
    const found = chosen();
    const total = found.reduce((all, cell) => all + cell.n, 0);
    const add = (name) => found.reduce((all, cell) => all + Number(cell[name]), 0);
    const killed = sum(add("low"), add("high"), add("open") > 0, add("counted"));
    map.draw(groups(found), { fit });
    firstdraft.charts.timeline(byId("timeline"), timelineRows(found), data.kinds, data.start, iso(data.days - 1));
    firstdraft.charts.tolls(byId("tolls"), tollRows(found));
    dayTable(found);
    const all = cells.reduce((n, cell) => n + cell.n, 0);
    byId("told").textContent = total === all ? `All ${count(all, "event")} shown. Killed: ${killed}.` : `${count(total, "event")} of ${number(all)} shown. Killed: ${killed}.`;
    for (const item of items) item.hidden = !listed(item.dataset);
    byId("nolatest").hidden = items.some((item) => !item.hidden);
  }

  kindButtons();
  areas();
  for (const id of ["from", "to"]) { byId(id).min = data.start; byId(id).max = iso(data.days - 1); }
  const form = byId("filters");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => show({ fit: true }));
  form.addEventListener("reset", () => {
    off.clear();
    for (const button of byId("kinds").children) button.setAttribute("aria-pressed", "true");
    setTimeout(() => show({ fit: true }));
  });
  show();
})();

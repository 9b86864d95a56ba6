// The list of all events: rows in files of a month or less, read when they may hold something that is asked for.
"use strict";

(() => {
  const { el, count, number, toll, days, placeLine, fold, held } = firstdraft;
  const index = held.index;
  const byId = (id) => document.getElementById(id);
  const total = index.parts.reduce((all, part) => all + part.n, 0);
  const FIELDS = ["q", "kind", "country", "from", "to", "source", "only"];
  const PAGE = 40;
  const MOST = 3000; // matches that are gathered before the reader is asked to go on
  const DENIED = 1, DIFFER = 2, NEW = 4, CHANGED = 8;
  const map = firstdraft.map(byId("map"), index.precision);
  let found = [];
  let shown = 0;
  let round = 0;
  let next = 0;
  let asked;

  function row(values) {
    const [id, start, end, precise, place, admin1, country, lat, lon, precision, kind, sub, by, against, killed, injured, flags, families, sources, head] = values;
    const [countryName, iso] = country >= 0 ? index.countries[country] : [null, null];
    return { id, start, end: end || start, precise, place: place || "", admin1: admin1 || "", country: countryName, iso, lat: lat || lon ? lat : null, lon, precision, kind, sub: index.subs[sub], by: by || "", against: against || "", killed, injured, head, flags, families, sources };
  }

  const text = (one) => (one.text ||= fold([one.place, one.admin1, one.country, index.kinds[one.kind], one.sub, one.by, one.against, one.head, one.id, one.start || "undated", ...one.sources.map((source) => index.sources[source][1])].join(" \n ")));

  function question() {
    const value = Object.fromEntries(FIELDS.map((name) => [name, byId(name).value]));
    return { ...value, words: fold(value.q.replace(/^evt_/, "")).split(/\s+/).filter(Boolean) };
  }

  const kept = {
    several: (one) => one.families > 1, single: (one) => one.families <= 1, disputed: (one) => one.flags & DENIED,
    differ: (one) => one.flags & DIFFER, new: (one) => one.flags & NEW, changed: (one) => one.flags & CHANGED,
    killed: (one) => one.killed && one.killed.slice(0, 3).some((n) => n > 0), undated: (one) => !one.start,
  };

  function mayHold(part) {
    if (asked.kind !== "" && !part.kinds.includes(Number(asked.kind))) return false;
    if (asked.country !== "" && !part.countries.includes(Number(asked.country))) return false;
    if (asked.only === "undated") return !part.first;
    if (asked.from || asked.to) return Boolean(part.first) && (!asked.from || part.last >= asked.from) && (!asked.to || part.first <= asked.to);
    return true;
  }

  function matches(one) {
    if (asked.kind !== "" && one.kind !== Number(asked.kind)) return false;
    if (asked.country !== "" && (one.country === null || one.country !== index.countries[Number(asked.country)][0])) return false;
    if ((asked.from || asked.to) && !one.start) return false;
    if (asked.from && one.end < asked.from) return false;
    if (asked.to && one.start > asked.to) return false;
    if (asked.source !== "" && !one.sources.includes(Number(asked.source))) return false;
    if (asked.only && !kept[asked.only](one)) return false;
    return asked.words.every((word) => text(one).includes(word));
  }

  async function gather(mine, most) {
    const parts = index.parts.filter(mayHold);
    while (next < parts.length && found.length < most) {
      const part = parts[next];
      try {
        await firstdraft.load(`data/events-${part.name}.js`);
      } catch (error) {
        if (mine === round) byId("told").textContent = `${error.message}. The list is not complete.`;
        return;
      }
      if (mine !== round) return;
      held.rows ||= {};
      held.rows[part.name] ||= held.parts[part.name].map(row);
      found.push(...held.rows[part.name].filter(matches));
      next += 1;
      if (next % 5 === 0) { say(next < parts.length, parts.length); await new Promise((go) => setTimeout(go)); if (mine !== round) return; }
    }
    show(parts.length);
  }

  const everything = () => !asked.words.length && FIELDS.slice(1).every((name) => asked[name] === "");

  function say(working, files) {
    const told = byId("told");
    if (working && next < files && found.length < MOST) { told.textContent = `Searching … ${count(found.length, "event")} so far.`; return; }
    if (next < files) told.textContent = everything() ? `${count(total, "event")}; the latest ${number(found.length)} are on the map.` : `The latest ${number(found.length)} that match; there are older ones. Narrow down, or show more.`;
    else told.textContent = found.length === total ? `All ${count(total, "event")}.` : `${count(found.length, "event")} of ${number(total)}.`;
  }

  function show(files) {
    say(false, files);
    list();
    const without = map.draw(groups(), { fit: true });
    const events = found.filter((one) => one.lat === null && (one.iso === null || one.iso === undefined)).length;
    byId("unplaced").textContent = without ? `${count(events, "event")} without a position ${events === 1 ? "is" : "are"} not on the map.` : "";
    byId("more").hidden = shown >= found.length && next >= files;
  }

  function list() {
    const upto = Math.min(found.length, shown + PAGE);
    byId("items").append(...found.slice(shown, upto).map(item));
    shown = upto;
  }

  function badges(one) {
    const badge = (name, word, meaning) => el("li", { class: `badge ${name}`, title: meaning }, word);
    return el("ul", { class: "badges", "aria-label": "How far to trust it" },
      one.flags & DENIED ? badge("disputed", "Disputed", "At least one source denies it.") : null,
      one.flags & DIFFER ? badge("differ", "Reports differ", "Reports disagree; the page says in what.") : null,
      one.families <= 1 ? badge("single", "Single source", "Only one publisher reports it in its own words.") : badge("several", `${one.families} independent sources`, "Publishers that report it in their own words."),
      one.flags & NEW ? badge("new", "New", "New in the last run.") : null,
      one.flags & CHANGED ? badge("changed", "Changed", "Changed in the last run.") : null);
  }

  function item(one) {
    const killed = toll(one.killed);
    const injured = toll(one.injured);
    const who = [one.by ? ["by ", el("bdi", {}, one.by)] : [], one.against ? [" against ", el("bdi", {}, one.against)] : []].flat();
    return el("li", { class: `item k${Math.min(one.kind, 6)}` },
      el("h3", {}, el("a", { href: `event/${one.id.slice(0, 2)}/${one.id}.html` }, el("bdi", {}, one.head || one.sub))),
      el("p", { class: "code" }, el("i", { class: `k k${Math.min(one.kind, 6)}`, "aria-hidden": "true" }), ` ${one.sub}`),
      el("p", { class: "where" }, el("bdi", {}, placeLine(one.place, one.admin1, one.country))),
      el("p", { class: "when" }, days(one.start, one.end, one.precise)),
      who.length ? el("p", { class: "who" }, who) : null,
      el("p", { class: "tolls" }, killed || injured ? [killed ? el("span", {}, el("b", {}, killed), " killed") : null, injured ? el("span", {}, el("b", {}, injured), " injured") : null] : el("span", { class: "none" }, "no count given")),
      badges(one));
  }

  function groups() {
    const by = new Map();
    for (const one of found) {
      const key = one.lat === null ? `country ${one.iso}` : `${one.lat} ${one.lon} ${one.precision}`;
      const group = by.get(key) || by.set(key, { name: one.place, admin1: one.admin1, country: one.country, iso: one.iso, lat: one.lat, lon: one.lon, precision: one.precision, n: 0, low: 0, high: 0, open: false, counted: 0, kinds: new Map(), kindName: (kind) => index.kinds[kind], single: true, href: `event/${one.id.slice(0, 2)}/${one.id}.html` }).get(key);
      group.n += 1;
      if (group.n > 1) { group.single = false; group.href = `events.html#${new URLSearchParams(one.country ? { q: one.place, country: one.country } : { q: one.place })}`; }
      group.kinds.set(one.kind, (group.kinds.get(one.kind) || 0) + 1);
      const known = (one.killed || []).filter((n) => n !== null);
      if (!known.length) continue;
      const [low, , high] = one.killed;
      group.counted += 1;
      group.low += low !== null ? low : Math.min(...known);
      group.high += high !== null ? high : Math.max(...known);
      group.open ||= high === null && low !== null;
    }
    return [...by.values()];
  }

  function start() {
    round += 1;
    asked = question();
    found = [];
    shown = 0;
    next = 0;
    byId("items").replaceChildren();
    remember();
    // Without a question the latest are enough; with one, as many as a map can show.
    return gather(round, everything() ? PAGE : MOST);
  }

  function remember() {
    const named = { ...asked };
    if (asked.country !== "") named.country = index.countries[Number(asked.country)][0];
    if (asked.kind !== "") named.kind = index.kinds[Number(asked.kind)];
    if (asked.source !== "") named.source = index.sources[Number(asked.source)][0];
    const query = new URLSearchParams(FIELDS.filter((name) => named[name] !== "").map((name) => [name, named[name]]));
    try { history.replaceState(null, "", query.size ? `#${query}` : location.pathname + location.search); } catch { /* a page from disk may refuse */ }
  }

  function recall() {
    const given = new URLSearchParams(location.hash.slice(1));
    if (given.get("when") === "undated") given.set("only", "undated");
    const at = (list, name, value) => { const number = list.findIndex((one) => (Array.isArray(one) ? one[0] : one) === value); return number < 0 ? "" : String(number); };
    byId("q").value = given.get("q") || "";
    byId("kind").value = at(index.kinds, "kind", given.get("kind"));
    byId("country").value = at(index.countries, "country", given.get("country"));
    byId("source").value = at(index.sources, "source", given.get("source"));
    for (const name of ["from", "to", "only"]) byId(name).value = given.get(name) || "";
  }

  function options() {
    const used = { kinds: new Set(index.parts.flatMap((part) => part.kinds)), countries: new Set(index.parts.flatMap((part) => part.countries)) };
    index.kinds.forEach((kind, n) => { if (used.kinds.has(n)) byId("kind").append(el("option", { value: n }, kind)); });
    const named = index.countries.map(([name], n) => [name, n]).sort((a, b) => a[0].localeCompare(b[0]));
    for (const [name, n] of named) byId("country").append(el("option", { value: n }, name));
    const outlets = index.sources.map(([, name], n) => [name, n]).sort((a, b) => a[0].localeCompare(b[0]));
    for (const [name, n] of outlets) byId("source").append(el("option", { value: n }, name));
  }

  options();
  recall();
  const form = byId("filters");
  form.hidden = false;
  let typing;
  form.addEventListener("submit", (event) => { event.preventDefault(); start(); });
  form.addEventListener("input", (event) => { clearTimeout(typing); typing = setTimeout(start, event.target.id === "q" ? 250 : 0); });
  form.addEventListener("reset", () => setTimeout(start));
  addEventListener("hashchange", () => { recall(); start(); });
  byId("more").addEventListener("click", async () => {
    if (shown < found.length) { list(); byId("more").hidden = shown >= found.length && next >= index.parts.filter(mayHold).length; return; }
    await gather(round, found.length + (everything() ? PAGE : MOST));
  });
  start();
})();

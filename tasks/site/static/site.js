// What every page shares: the theme, the run the site stands as of, and small helpers. Text only ever becomes text nodes.
"use strict";

const firstdraft = (() => {
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const waiting = new Map();
  const held = {};

  // --- theme -------------------------------------------------------------------------------------------------------
  const root = document.documentElement;
  const remembered = (() => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  })();
  if (remembered === "dark" || remembered === "light") root.dataset.theme = remembered;
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const onTheme = [];

  function themeButton() {
    const button = document.getElementById("theme");
    if (!button) return;
    const show = () => { button.textContent = dark() ? "Light" : "Dark"; button.setAttribute("aria-label", `Switch to ${dark() ? "light" : "dark"} colours`); };
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch { /* a page from disk may not remember */ }
      show();
      onTheme.forEach((run) => run());
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { show(); onTheme.forEach((run) => run()); });
  }

  // --- elements ----------------------------------------------------------------------------------------------------
  function el(tag, properties, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (value === null || value === undefined || value === false) continue;
      made.setAttribute(name, value === true ? "" : String(value));
    }
    for (const child of children.flat()) if (child !== null && child !== undefined && child !== "") made.append(child);
    return made;
  }
  const json = (id) => { const block = document.getElementById(id); return block ? JSON.parse(block.textContent) : null; };

  // --- words, as tasks/site/wording/words.py says them ---------------------------------------------------------------------
  const number = (value) => value.toLocaleString("en");
  const count = (n, one, many) => `${number(n)} ${n === 1 ? one : many || one + "s"}`;

  function toll(told) {
    if (!told) return "";
    const known = told.slice(0, 3).filter((value) => value !== null);
    if (!known.length) return "";
    const [low, , high, more] = told;
    const least = low !== null ? low : Math.min(...known);
    if (high === null) return low !== null ? `${number(least)} or more` : number(least);
    const range = least === high ? number(least) : `${number(least)}–${number(high)}`;
    return more ? `${range} or more` : range;
  }

  function sum(low, high, open, counted) {
    if (!counted) return "no count";
    const text = low === high ? number(low) : `${number(low)}–${number(high)}`;
    return open ? `${text} or more` : text;
  }

  const parts = (iso) => iso.split("-").map(Number);
  const day = (iso) => { const [y, m, d] = parts(iso); return `${d} ${MONTHS[m - 1]} ${y}`; };

  function days(start, end, precision) {
    if (!start) return "date not given";
    if (!end || end === start) return !precision || precision === 1 ? day(start) : `about ${day(start)}`;
    const [ys, ms, ds] = parts(start);
    const [ye, me, de] = parts(end);
    const same = ys === ye && ms === me;
    if (precision === 4 && same && ds === 1 && de === new Date(Date.UTC(ye, me, 0)).getUTCDate()) return `some day in ${MONTHS[ms - 1]} ${ys}`;
    if (same) return `${ds}–${day(end)}`;
    return ys === ye ? `${ds} ${MONTHS[ms - 1]} – ${day(end)}` : `${day(start)} – ${day(end)}`;
  }

  const placeLine = (...named) => [...new Set(named.filter(Boolean))].join(", ") || "place not given";
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // --- files: pages read from disk may not fetch, so data comes as scripts -----------------------------------------
  function load(path) {
    if (!waiting.has(path)) {
      waiting.set(path, new Promise((resolve, reject) => {
        const script = el("script", { src: path });
        script.addEventListener("load", () => { script.remove(); resolve(); });
        script.addEventListener("error", () => { waiting.delete(path); reject(new Error(`cannot read ${path}`)); });
        document.head.append(script);
      }));
    }
    return waiting.get(path);
  }

  function languages() {
    let names;
    try { names = new Intl.DisplayNames(["en"], { type: "language" }); } catch { return; }
    for (const place of document.querySelectorAll("[data-language]")) {
      try { place.textContent = names.of(place.dataset.language); } catch { /* not a language tag: stays as it is */ }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    themeButton();
    languages();
    const standing = document.getElementById("standing");
    if (standing && !standing.textContent.trim() && held.standing) standing.textContent = `The site stands as of ${held.standing}.`;
  });

  return {
    el, json, number, count, toll, sum, day, days, placeLine, fold, load, dark, held, onTheme,
    standing: (text) => { held.standing = text; },
    index: (value) => { held.index = value; },
    outline: (value) => { held.outline = value; },
    part: (name, rows) => { (held.parts ||= {})[name] = rows; },
  };
})();

// The volume of one source.
"use strict";

(() => {
  const rows = firstdraft.json("series").map(([iso, articles, telling]) => ({ iso, day: new Date(iso), articles, telling }));
  firstdraft.charts.volume(document.getElementById("volume-chart"), rows);
})();

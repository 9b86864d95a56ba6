// The map alone, for a frame in another page: the front page's cells, without filters.
"use strict";

(() => {
  const data = firstdraft.json("window");
  const places = data.places.map(([name, admin1, country, iso, lat, lon, precision]) => ({ name, admin1, country, iso, lat, lon, precision }));
  const by = new Map();
  for (const [place, kind, , n, low, high, open, counted] of data.cells) {
    const group = by.get(place) || by.set(place, { ...places[place], n: 0, low: 0, high: 0, open: false, counted: 0, kinds: new Map(), kindName: (one) => data.kinds[one] }).get(place);
    group.n += n; group.low += low; group.high += high; group.counted += counted; group.open ||= Boolean(open);
    group.kinds.set(kind, (group.kinds.get(kind) || 0) + n);
  }
  firstdraft.map(document.getElementById("map"), firstdraft.json("precision")).draw([...by.values()], { fit: true });
})();

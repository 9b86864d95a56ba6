// A map of places: bubbles where the place is known, areas where it is not, countries where only they are.
"use strict";

firstdraft.map = (element, precision) => {
  const { el, count, sum, placeLine } = firstdraft;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  element.replaceChildren();
  const map = L.map(element, { preferCanvas: true, attributionControl: Boolean(element.dataset.tiles), worldCopyJump: true, minZoom: 1, maxZoom: 12, zoomSnap: 0.5 });
  if (element.dataset.tiles) {
    map.attributionControl.setPrefix(false);
    const credit = el("span", {}, element.dataset.credit || "");
    L.tileLayer(element.dataset.tiles, { maxZoom: 18, attribution: credit.innerHTML }).addTo(map);
  }
  const shapes = topojson.feature(firstdraft.held.outline, firstdraft.held.outline.objects.countries);
  shapes.features.forEach(unwrap);
  const land = L.geoJSON(shapes, { interactive: false, style: () => landStyle() }).addTo(map);
  const layer = L.layerGroup().addTo(map);
  const names = L.layerGroup().addTo(map);
  let drawn = [];
  let lands = []; // countries that are all that is known of some events
  const bySize = [...shapes.features].filter(centre).sort((a, b) => b.wide * b.high - a.wide * a.high);
  let fitted = false;

  // A ring that steps over the 180th meridian goes on beyond it, or it would be drawn across the whole map.
  function unwrap(shape) {
    const polygons = shape.geometry.type === "Polygon" ? [shape.geometry.coordinates] : shape.geometry.coordinates;
    for (const ring of polygons.flat()) {
      let shift = 0;
      for (let at = 1; at < ring.length; at += 1) {
        const step = ring[at][0] + shift - ring[at - 1][0];
        if (step > 180) shift -= 360;
        else if (step < -180) shift += 360;
        ring[at] = [ring[at][0] + shift, ring[at][1]];
      }
    }
  }

  function landStyle() {
    const tiles = Boolean(element.dataset.tiles);
    return { color: colour("--coast"), weight: 1, fillColor: colour("--land"), fillOpacity: tiles ? 0 : 1 };
  }

  function popup(group) {
    const meaning = precision[group.precision];
    const items = [...group.kinds].sort((a, b) => b[1] - a[1]).map(([kind, n]) => el("li", {}, el("i", { class: `k k${Math.min(kind, 6)}`, "aria-hidden": "true" }), ` ${count(n, "event")}: ${group.kindName(kind)}`));
    return el("div", {},
      el("h3", {}, el("bdi", {}, group.country_only ? group.country : placeLine(group.name, group.admin1, group.country))),
      meaning ? el("p", { class: "fine" }, group.n === 1 ? `It happened ${meaning[0]}.` : `They happened ${meaning[0]}.`) : null,
      el("ul", {}, items),
      el("p", {}, `Killed: ${sum(group.low, group.high, group.open, group.counted)}${group.counted < group.n && group.counted ? ` (${group.n - group.counted} without a count)` : ""}`),
      group.href ? el("p", {}, el("a", { href: group.href }, group.n === 1 && group.single ? "The event" : "List them")) : null);
  }

  function mainKind(group) {
    return [...group.kinds].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0][0];
  }

  function drawCountries(groups) {
    const by = new Map();
    for (const group of groups) by.set(String(group.iso).padStart(3, "0"), group);
    const features = shapes.features.filter((shape) => by.has(shape.id) && centre(shape));
    lands = features.map((shape) => ({ group: by.get(shape.id), middle: centre(shape) }));
    return L.geoJSON({ type: "FeatureCollection", features }, {
      style: (shape) => ({ color: colour("--coast"), weight: 1.5, fillColor: colour(`--k${Math.min(mainKind(by.get(shape.id)), 6)}`), fillOpacity: 0.22 }),
      onEachFeature: (shape, made) => made.bindPopup(() => popup(by.get(shape.id))),
    }).addTo(layer);
  }

  // The number of a wide area stands in its north, clear of what is better known in its middle.
  const north = (group) => [group.lat + 0.7 * (precision[group.precision] || ["", 0])[1] / 111.32, group.lon];

  function drawPlace(group) {
    const at = [group.lat, group.lon];
    const fill = colour(`--k${Math.min(mainKind(group), 6)}`);
    const metres = ((precision[group.precision] || ["", 0])[1]) * 1000;
    const sharp = group.precision && group.precision <= 2;
    const area = L.circle(at, { radius: metres || 1000, color: sharp ? fill : colour("--ink"), weight: sharp ? 1 : 1.3, dashArray: sharp ? "2 4" : "5 4", fillColor: fill, fillOpacity: sharp ? 0.1 : 0.14 });
    area.bindPopup(() => popup(group)).addTo(layer);
    if (sharp) {
      const size = Math.min(26, 4.5 + 2.2 * Math.sqrt(group.n));
      L.circleMarker(at, { radius: size, color: colour("--card"), weight: 1.5, fillColor: fill, fillOpacity: 0.88 }).bindPopup(() => popup(group)).addTo(layer);
    }
    return area;
  }

  // Names of the places with most events, as many as stand apart; of countries where the map is wide.
  function label() {
    names.clearLayers();
    const taken = [];
    const free = (at) => {
      const point = map.latLngToContainerPoint(at);
      if (taken.some((other) => Math.abs(other.x - point.x) < 105 && Math.abs(other.y - point.y) < 20)) return false;
      taken.push(point);
      return true;
    };
    const bounds = map.getBounds();
    for (const { group, middle } of lands.filter((one) => bounds.contains(one.middle))) {
      if (!free(middle)) continue;
      const icon = L.divIcon({ className: "vague country-number", html: el("span", {}, String(group.n)), iconSize: [34, 22] });
      L.marker(middle, { icon, title: `${count(group.n, "event")} known to ${group.country} only`, alt: `${count(group.n, "event")} known to ${group.country} only` }).bindPopup(() => popup(group)).addTo(names);
    }
    for (const group of drawn.filter((one) => !(one.precision <= 2) && bounds.contains(north(one)))) {
      const wide = map.latLngToContainerPoint([group.lat, group.lon]).y - map.latLngToContainerPoint(north(group)).y;
      if (wide < 12 || !free(north(group))) continue;
      const icon = L.divIcon({ className: "vague", html: el("span", {}, String(group.n)), iconSize: [30, 20] });
      L.marker(north(group), { interactive: false, keyboard: false, icon }).addTo(names);
    }
    const put = (at, text, kind) => L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: `label ${kind}`, html: el("span", {}, text), iconSize: null, iconAnchor: kind === "country" ? [30, 6] : [-9, 7] }) }).addTo(names);
    for (const shape of bySize) {
      const middle = centre(shape);
      if (!middle || !bounds.contains(middle) || map.getZoom() >= 8) continue;
      const room = Math.abs(map.latLngToContainerPoint([middle[0], middle[1] + shape.wide]).x - map.latLngToContainerPoint(middle).x);
      if (room > 6 * shape.properties.name.length && free(middle)) put(middle, shape.properties.name, "country");
    }
    for (const group of drawn.filter((one) => one.name && one.precision <= 2 && bounds.contains([one.lat, one.lon])).slice(0, 60)) {
      const text = group.name.replace(/^(?:the )?(?:town|city|village|outskirts) of /, "");
      const room = map.getSize().x - map.latLngToContainerPoint([group.lat, group.lon]).x;
      if (taken.length < 18 && room > Math.min(190, 8 * text.length + 14) && free([group.lat, group.lon])) put([group.lat, group.lon], text, "place");
    }
  }

  function centre(shape) {
    if (!shape.middle) {
      const rings = (shape.geometry.type === "Polygon" ? [shape.geometry.coordinates] : shape.geometry.coordinates).map((polygon) => polygon[0]);
      const ring = rings.reduce((best, one) => (one.length > best.length ? one : best), rings[0] || []);
      if (!ring.length) return null;
      const xs = ring.map((point) => point[0]);
      const ys = ring.map((point) => point[1]);
      shape.wide = Math.max(...xs) - Math.min(...xs);
      shape.high = Math.max(...ys) - Math.min(...ys);
      shape.middle = [(Math.min(...ys) + Math.max(...ys)) / 2, (Math.min(...xs) + Math.max(...xs)) / 2];
    }
    return shape.middle;
  }

  function draw(groups, { fit = false } = {}) {
    element.classList.toggle("dark", firstdraft.dark());
    layer.clearLayers();
    const known = (group) => group.lat !== null && group.precision !== 6;
    const placed = groups.filter((group) => group.lat !== null || group.iso !== null);
    drawn = groups.filter(known).sort((a, b) => b.n - a.n);
    const wide = drawCountries(merged(groups.filter((group) => !known(group) && group.iso !== null)));
    // Wide areas first, so that what is better known lies on top and can be clicked.
    const order = [...drawn].sort((a, b) => (precision[b.precision] || ["", 0])[1] - (precision[a.precision] || ["", 0])[1]);
    const areas = order.map(drawPlace);
    if ((fit || !fitted) && (areas.length || placed.length)) {
      const box = areas.reduce((all, one) => all.extend(one.getBounds()), L.latLngBounds([]));
      if (lands.length) box.extend(wide.getBounds());
      if (box.isValid()) map.fitBounds(box.pad(0.06), { maxZoom: 9, animate: false });
      fitted = box.isValid();
    } else if (!fitted) map.setView([20, 20], 2);
    label();
    return groups.length - placed.length;
  }

  function merged(groups) {
    const by = new Map();
    for (const group of groups) {
      const old = by.get(group.iso);
      if (!old) { by.set(group.iso, { ...group, country_only: true, kinds: new Map(group.kinds) }); continue; }
      for (const key of ["n", "low", "high", "counted"]) old[key] += group[key];
      old.open = old.open || group.open;
      for (const [kind, n] of group.kinds) old.kinds.set(kind, (old.kinds.get(kind) || 0) + n);
    }
    return [...by.values()];
  }

  // A circle's bounds need a view.
  map.setView([20, 20], 2, { animate: false });
  map.on("zoomend moveend", label);
  let last = [];
  firstdraft.onTheme.push(() => { land.setStyle(landStyle()); draw(last); });
  return { draw: (groups, options) => { last = groups; return draw(groups, options); }, map };
};

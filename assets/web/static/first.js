// The first screen before there is Python: what Python will send Flutter for it was drawn when the site was built
// (web/first.py). It is played where it is sure to be the same: on the front page, in a browser where nothing is kept.
"use strict";

globalThis.firstScreen = (function () {
  const FOLDER = "digiklinikka", CHOICES = "choices.json"; // app/platform/browser_files.py, preferences.py
  const REFUSED = "digiklinikka.first"; // the app whose first screen was not the same: never played again in this tab

  // What to play in this window: {messages, dark, width}, or null. ``app``: address of the app's folder.
  async function find(app, base) {
    if (document.URL !== base || sessionStorage.getItem(REFUSED) === app || (await isKept())) return null;
    const [looks, settings] = await Promise.all([json(new URL("first/index.json", app)), json(new URL("settings.json", base))]);
    const look = settings.practice ? undefined : looks.find(fitting(looks, settings.region));
    if (!look) return null;
    const answer = await fetch(new URL(`first/${look.screen}`, app));
    return answer.ok ? { ...look, messages: unpacked(new Uint8Array(await answer.arrayBuffer())) } : null;
  }

  function fitting(looks, region) {
    const known = looks.filter((look) => look.region === region).map((look) => look.language);
    const asked = (navigator.languages || []).map((tag) => tag.split("-")[0].toLowerCase());
    const language = asked.find((code) => known.includes(code)) || known[0];
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    return (look) => look.region === region && look.language === language && look.dark === dark &&
      look.from <= innerWidth && innerWidth <= look.to;
  }

  async function json(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: HTTP ${answer.status}`);
    return answer.json();
  }

  // Whether the resident has said that this browser is their own. Looking leaves no trace.
  async function isKept() {
    if (!globalThis.FileSystemFileHandle?.prototype.createWritable) return inDatabase();
    try {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER);
      await folder.getFileHandle(CHOICES);
      return true;
    } catch (problem) {
      return problem.name !== "NotFoundError";
    }
  }

  async function inDatabase() {
    const known = indexedDB.databases ? await indexedDB.databases() : [{ name: FOLDER }];
    return known.some(({ name }) => name === FOLDER);
  }

  // Whether two messages say the same: the order of properties is Python's chance.
  function same(one, other) {
    return one.length === other.length && alike(unpacked(one.subarray(1)), unpacked(other.subarray(1)));
  }

  function alike(one, other) {
    if (one === other || typeof one !== "object" || typeof other !== "object" || one === null || other === null) return Object.is(one, other);
    const names = Object.keys(one);
    return one.constructor === other.constructor && names.length === Object.keys(other).length &&
      names.every((name) => name in other && alike(one[name], other[name]));
  }

  // MessagePack, as much of it as Flet's messages are made of.
  function unpacked(data) {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const utf8 = new TextDecoder();
    let at = 0;
    const number = (read, size) => { at += size; return view[`get${read}`](at - size); };
    const bytes = (count) => { at += count; return data.subarray(at - count, at); };
    const list = (count) => Array.from({ length: count }, next);
    const map = (count) => { const made = {}; while (count--) { const name = next(); made[name] = next(); } return made; };
    const text = (count) => utf8.decode(bytes(count));
    const extension = (count) => ({ kind: number("Int8", 1), data: bytes(count) });
    const sized = (read) => ["Uint8", "Uint16", "Uint32"].map((kind, power) => () => read(number(kind, 1 << power)));
    const value = (read, size) => () => number(read, size);
    const kinds = {
      0xc0: () => null, 0xc2: () => false, 0xc3: () => true, 0xca: value("Float32", 4), 0xcb: value("Float64", 8),
      0xcc: value("Uint8", 1), 0xcd: value("Uint16", 2), 0xce: value("Uint32", 4), 0xcf: value("BigUint64", 8),
      0xd0: value("Int8", 1), 0xd1: value("Int16", 2), 0xd2: value("Int32", 4), 0xd3: value("BigInt64", 8),
    };
    const several = (first, reads) => reads.forEach((read, place) => { kinds[first + place] = read; });
    several(0xc4, sized(bytes));
    several(0xc7, sized(extension));
    several(0xd4, [1, 2, 4, 8, 16].map((count) => () => extension(count)));
    several(0xd9, sized(text));
    several(0xdc, sized(list).slice(1));
    several(0xde, sized(map).slice(1));
    function next() {
      const kind = number("Uint8", 1);
      if (kind < 0x80) return kind;
      if (kind < 0x90) return map(kind & 15);
      if (kind < 0xa0) return list(kind & 15);
      if (kind < 0xc0) return text(kind & 31);
      return kind > 0xdf ? kind - 256 : kinds[kind]();
    }
    return next();
  }

  return { find, same, unpacked, refuse: (app) => sessionStorage.setItem(REFUSED, app) };
})();

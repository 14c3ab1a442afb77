// Offline use. Everything the app needs is kept under the version it belongs to; a version is fetched whole or not at
// all. Only the files listed here and the app's own page are answered: the platform's answers are never touched.
"use strict";

const { version, files, later } = self.build; // put before this text by the build
const NAME = `digiklinikka-${version}`;
const SETTINGS = "settings.json";
const home = () => self.registration.scope;
const here = (path) => new URL(path, home()).href;
const known = new Set(files.map(here));
const often = later.map(here);
const HASHED = /\/(client|python|app)-[0-9a-f]{12}\//;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || !url.href.startsWith(home())) return;
  const address = url.origin + url.pathname;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (address === here(SETTINGS)) event.respondWith(fresh(request, address));
  else if (known.has(address) || often.some((start) => address.startsWith(start))) event.respondWith(kept(request, address));
  else if (HASHED.test(url.pathname)) event.respondWith(kept(request, address));
});

async function install() {
  const cache = await caches.open(NAME);
  const waiting = [...known, here(SETTINGS), home()];
  const take = async () => {
    while (waiting.length) await keep(cache, waiting.shift());
  };
  await Promise.all(Array.from({ length: 4 }, take));
  await self.skipWaiting();
}

async function keep(cache, address) {
  const hashed = HASHED.test(address);
  const had = hashed ? await caches.match(address) : undefined;
  const answer = had || (await fetch(address, { cache: hashed ? "default" : "no-cache" }));
  if (!answer.ok) throw new Error(`${address}: HTTP ${answer.status}`);
  await cache.put(address, answer);
}

// The version before this one stays: a page that still runs it may need more of its files.
async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("digiklinikka-") && name !== NAME);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}

async function page(request, url) {
  const cache = await caches.open(NAME);
  const settings = await cache.match(here(SETTINGS));
  const apart = settings ? (await settings.clone().json().catch(() => ({}))).apart || [] : [];
  if (apart.some((path) => url.pathname.startsWith(path))) return fetch(request);
  return (await cache.match(home())) || fetch(request);
}

async function fresh(request, address) {
  const cache = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(address, answer.clone());
    return answer;
  } catch (problem) {
    const had = await cache.match(address);
    if (had) return had;
    throw problem;
  }
}

// What is under a hash may come from the browser's own store, which also keeps what it compiled of it; what lies there
// only is not asked from the network. When the browser has dropped it, the version's own copy is there.
async function kept(request, address) {
  if (HASHED.test(address)) {
    const stored = await fetch(request, { cache: "only-if-cached", mode: "same-origin" }).catch(() => null);
    if (stored && stored.ok) return stored;
  }
  const had = (await caches.match(address, { cacheName: NAME })) || (await caches.match(address));
  if (had) return had;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(NAME)).put(address, answer.clone());
  return answer;
}

// The static client: Python runs in a worker of this page. The worker starts before Flutter is loaded, and Flutter
// finds it running when it asks for a connection (jsConnect).
"use strict";

(function () {
  if (!window.digiklinikkaAble) return;
  const build = document.currentScript.dataset;
  const at = (path) => new URL(path, document.baseURI).href;
  const base = new URL(document.baseURI).pathname;
  const words = {
    fi: ["Digiklinikka avautuu…", "Ensimmäisellä kerralla tämä voi kestää hetken.", "Digiklinikka ei auennut.", "Yritä uudelleen"],
    sv: ["Digikliniken öppnas…", "Första gången kan det ta en stund.", "Digikliniken öppnades inte.", "Försök igen"],
    en: ["The digital clinic is opening…", "The first time can take a moment.", "The digital clinic did not open.", "Try again"],
  };
  const language = (navigator.languages || [navigator.language]).map((tag) => tag.slice(0, 2).toLowerCase())
    .find((code) => code in words) || "fi";
  const [opening, patience, failure, again] = words[language];
  const element = (id) => document.getElementById(id);

  Object.assign(flet, {
    pyodide: true,
    entrypointBaseUrl: base + build.client,
    assetBase: base + build.client,
    canvasKitBaseUrl: base + build.client + "canvaskit/",
    fontFallbackBaseUrl: base + build.client + "assets/fonts/",
    webSocketEndpoint: null,
  });

  // --- what the resident reads and hears meanwhile ---------------------------------------------------------------
  const steps = { python: 45, packages: 60, app: 85, connected: 95 };
  const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });
  let failed = false;
  let answers;
  const answered = new Promise((resolve) => { answers = () => { performance.mark("answers"); resolve(); }; });

  function progress(step) {
    const bar = document.querySelector("#opening progress");
    if (bar) bar.value = steps[step];
  }

  function fail(problem) {
    console.error("start:", problem);
    failed = true;
    const status = element("opening-status");
    if (!status) return;
    starting(false);
    Object.assign(element("opening"), { hidden: false, inert: false });
    element("opening-words").textContent = failure;
    status.querySelector("progress").hidden = true;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: again });
    button.addEventListener("click", () => location.reload());
    status.append(button);
  }

  // Flutter has a tree of elements before it has painted. The opening page stays in front until then, and behind the
  // screen until Python answers: should that fail, it says so.
  flet.opened = async (page) => {
    for (let tries = 0; tries < 15 && !isPainted(); tries++) await pause(100);
    page.hidden = true;
    await answered;
    page.remove();
  };

  function isPainted() {
    const canvas = document.querySelector("flt-glass-pane")?.shadowRoot?.querySelector("canvas");
    if (!canvas) return false;
    const small = new OffscreenCanvas(8, 8).getContext("2d");
    small.drawImage(canvas, 0, 0, 8, 8);
    return new Set(new Uint32Array(small.getImageData(0, 0, 8, 8).data.buffer)).size > 4;
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.documentElement.lang = language;
    element("opening-words").textContent = opening;
    setTimeout(() => { if (!failed && element("opening-words")) element("opening-words").textContent = `${opening} ${patience}`; }, 6000);
    const script = Object.assign(document.createElement("script"), { src: build.client + "flutter_bootstrap.js" });
    script.addEventListener("error", () => fail("flutter_bootstrap.js"));
    document.body.append(script);
  });

  // --- the worker ------------------------------------------------------------------------------------------------
  const PAGE = 1, PATCH = 2, EVENT = 3, CALL = 5; // what a message of Flet's is, after a byte for its type and one for its length
  const app = at(build.app);
  const worker = new Worker(new URL("worker.js", app), { type: "module", name: "digiklinikka" });
  let channel = null;
  let ready;
  const connected = new Promise((resolve) => { ready = resolve; });
  const first = firstScreen.find(app, document.baseURI).catch(() => null);
  let playing = null; // what Python has still to send of the first screen, and what Flutter has said meanwhile

  const post = (data) => worker.postMessage(data, [data.buffer]);

  worker.addEventListener("message", ({ data }) => {
    if (data instanceof Uint8Array) receive(data);
    else if (data.step) progress(data.step);
    else ready(data);
  });
  worker.addEventListener("error", (event) => ready({ problem: event.message || "worker" }));
  connected.then(({ problem }) => {
    if (problem) fail(problem);
    else if (!playing) answers();
  });
  worker.postMessage({
    start: {
      python: at(build.python),
      app,
      base: document.baseURI,
      page: document.URL,
      languages: [...(navigator.languages || [])],
    },
  });

  // While the first screen is played, Flutter has its page and waits for nothing. What it says is kept for Python, in
  // order. Python draws the same, which Flutter has already; from then on the two talk with each other.
  function play({ messages: { page, drawn, named } }) {
    const held = [];
    let asked = false;
    playing = {
      say(data) {
        if (asked && data[2] === CALL) return post(data); // the answer to a question of Python's, which waits for it
        if (asked) return held.push(data) && pressed(data);
        asked = true;
        connected.then(({ problem }) => { if (!problem) post(data); });
        return [...page, ...drawn, ...named].forEach((message) => channel(message.slice()));
      },
      hear(data) {
        if (data[2] === PAGE) return;
        if (data[2] !== PATCH) return channel(data);
        if (!firstScreen.same(data, drawn.shift())) return otherwise();
        if (drawn.length) return;
        playing = null;
        starting(false);
        answers();
        held.forEach(post);
      },
    };
    starting(true);
  }

  function receive(data) {
    if (playing) playing.hear(data);
    else channel(data);
  }

  // Python draws something else than was played: nothing was lost yet, for nothing was answered. Begin without it.
  function otherwise() {
    firstScreen.refuse(app);
    location.reload();
  }

  function starting(on) { element("starting").hidden = !on; }

  // What is pressed now is answered in a moment: say so.
  function pressed(data) {
    const [action, { name }] = firstScreen.unpacked(data.subarray(1));
    if (action === EVENT && ["click", "change", "submit"].includes(name)) element("starting-words").textContent = opening;
  }

  // Flutter's client calls these three.
  globalThis.jsConnect = async (_id, _args, receiver) => {
    channel = receiver;
    worker.postMessage({ connect: true });
    const screen = await Promise.race([first, connected.then(() => null)]);
    if (screen) return play(screen);
    const { problem } = await connected;
    if (problem) await new Promise(() => {}); // our own words stand on the page; Flutter's are English
    progress("connected");
  };
  globalThis.jsSend = async (_id, data) => { if (playing) playing.say(data); else post(data); };
  globalThis.jsDisconnect = async () => { worker.terminate(); };

  // --- offline and updates -----------------------------------------------------------------------------------------
  // After the app is there, so that the first visit is not slowed down. A new version is fetched whole in the background
  // and used at the next load; what runs now keeps its own files (every version has addresses of its own).
  if ("serviceWorker" in navigator) {
    answered.then(() => pause(2000)).then(() => navigator.serviceWorker.register(at("sw.js"), { updateViaCache: "none" }))
      .catch((problem) => console.warn("offline use:", problem.message));
  }
})();

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
  let failed = false;

  function progress(step) {
    const bar = document.querySelector("#opening progress");
    if (bar) bar.value = steps[step];
  }

  function fail(problem) {
    console.error("start:", problem);
    failed = true;
    const status = element("opening-status");
    if (!status) return;
    element("opening-words").textContent = failure;
    status.querySelector("progress").hidden = true;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: again });
    button.addEventListener("click", () => location.reload());
    status.append(button);
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
  const worker = new Worker(at(build.app + "worker.js"), { type: "module", name: "digiklinikka" });
  let channel = null;
  let ready;
  const connected = new Promise((resolve) => { ready = resolve; });

  worker.addEventListener("message", ({ data }) => {
    if (data instanceof Uint8Array) channel(data);
    else if (data.step) progress(data.step);
    else ready(data);
  });
  worker.addEventListener("error", (event) => ready({ problem: event.message || "worker" }));
  connected.then(({ problem }) => { if (problem) fail(problem); });
  worker.postMessage({
    start: {
      python: at(build.python),
      app: at(build.app),
      base: document.baseURI,
      page: document.URL,
      languages: [...(navigator.languages || [])],
    },
  });

  // Flutter's client calls these three.
  globalThis.jsConnect = async (_id, _args, receive) => {
    channel = receive;
    worker.postMessage({ connect: true });
    const { problem } = await connected;
    if (problem) await new Promise(() => {}); // our own words stand on the page; Flutter's are English
    progress("connected");
  };
  globalThis.jsSend = async (_id, data) => { worker.postMessage(data, [data.buffer]); };
  globalThis.jsDisconnect = async () => { worker.terminate(); };

  // --- offline and updates -----------------------------------------------------------------------------------------
  // After the app is there, so that the first visit is not slowed down. A new version is fetched whole in the background
  // and used at the next load; what runs now keeps its own files (every version has addresses of its own).
  if ("serviceWorker" in navigator) {
    const shown = new MutationObserver(() => {
      if (!document.querySelector("[flt-semantics-identifier]")) return;
      shown.disconnect();
      setTimeout(() => navigator.serviceWorker.register(at("sw.js"), { updateViaCache: "none" })
        .catch((problem) => console.warn("offline use:", problem.message)), 2000);
    });
    shown.observe(document.documentElement, { childList: true, subtree: true, attributes: true });
  }
})();

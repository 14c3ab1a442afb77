// What a browser needs around Flet's client. No build step; works in every browser that Flutter runs in.
"use strict";

window.flet = {
  pyodide: false,
  multiView: false,
  noCdn: true,
  webSocketEndpoint: "/ws",
  entrypointBaseUrl: "/",
  assetBase: "/",
  routeUrlStrategy: "path",
  canvasKitBaseUrl: null,
  pyodideUrl: "/pyodide/pyodide.mjs",
  webRenderer: "auto",
  fontFallbackBaseUrl: null,
  appPackageUrl: "app.tar.gz",
};
flet.flutterAppLoaded = new Promise((resolve) => { flet.flutterAppResolve = resolve; });

// Screen readers: Flutter builds its tree of real elements only when its hidden button is pressed. Press it for everybody.
(function semanticsForEverybody() {
  const watch = new MutationObserver(() => {
    const button = document.querySelector("flt-semantics-placeholder");
    if (!button) return;
    watch.disconnect();
    const box = button.getBoundingClientRect();
    button.dispatchEvent(new MouseEvent("click", {
      bubbles: true, cancelable: true, clientX: box.left + box.width / 2, clientY: box.top + box.height / 2,
    }));
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
})();

// The opening page stays until there is a screen behind it: every screen has a node with an identifier. The canvas
// follows a little later than the tree; until then the opening page is only a picture.
(function openWhenReady() {
  const watch = new MutationObserver(() => {
    if (!document.querySelector("[flt-semantics-identifier]")) return;
    watch.disconnect();
    const opening = document.getElementById("opening");
    if (!opening) return;
    opening.inert = true;
    opening.style.pointerEvents = "none";
    const opened = flet.opened || ((page) => setTimeout(() => page.remove(), 500));
    opened(opening);
  });
  watch.observe(document.documentElement, { childList: true, subtree: true, attributes: true });
})();

// Zoom with two fingers: Flutter forbids it in its own viewport element.
(function pinchZoom() {
  const allow = () => {
    const view = document.querySelector("meta[flt-viewport]");
    if (view && /user-scalable|maximum-scale/.test(view.content)) view.content = "width=device-width, initial-scale=1";
  };
  new MutationObserver(allow).observe(document.head, { childList: true, subtree: true, attributes: true });
})();

// WebKit restores a Flutter page from its back/forward cache frozen; only a new start helps.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && navigator.vendor && navigator.vendor.startsWith("Apple") && !flet.pyodide) location.reload();
});

// After its connection was lost and came back, Flet's client never draws again. Loading the page anew, as soon as the
// server answers, goes on with the same session: what was written is still there.
(function comeBack() {
  const words = {
    fi: "Yhteys katkesi. Yhdistetään uudelleen… Kirjoittamasi on tallessa.",
    sv: "Anslutningen bröts. Ansluter på nytt… Det du skrev finns kvar.",
    en: "The connection was lost. Reconnecting… What you wrote is safe.",
  };
  const tell = (lost) => {
    const line = document.getElementById("connection");
    if (!line) return;
    const language = (document.documentElement.lang || "fi").slice(0, 2);
    line.textContent = lost ? words[language] || words.fi : "";
    line.hidden = !lost;
  };
  let trying = false;
  const reload = async () => {
    try {
      await fetch("manifest.json", { cache: "no-store" });
      location.reload();
      return true;
    } catch {
      return false; // still no connection
    }
  };
  const retry = (wait) => setTimeout(async () => {
    if (!(await reload())) retry(Math.min(wait * 1.5, 5000));
  }, wait);
  const lost = () => {
    if (trying) return;
    trying = true;
    tell(true);
    window.addEventListener("online", reload);
    retry(300);
  };

  const Socket = window.WebSocket;
  let opened = false;
  let leaving = false;
  // An anonymous talk lives in memory alone: before the page is closed or loaded anew by hand, the browser asks.
  const talking = '[flt-semantics-identifier="ombudsman.leave"]';
  window.addEventListener("beforeunload", (event) => {
    leaving = true;
    if (trying || !document.querySelector(talking)) return;
    event.preventDefault();
    setTimeout(() => { leaving = false; }, 1000); // they stayed
  });
  window.WebSocket = class extends Socket {
    constructor(url, protocols) {
      const ours = new URL(url, location.href).pathname === flet.webSocketEndpoint;
      if (ours && trying) return new Waiting();
      super(url, protocols);
      if (!ours) return;
      this.addEventListener("open", () => { opened = true; });
      this.addEventListener("close", () => { if (opened && !leaving) lost(); });
    }
  };

  // What Flet's client gets instead of a second connection: one that never opens.
  class Waiting extends EventTarget {
    readyState = 0;
    binaryType = "arraybuffer";
    send() {}
    close() {}
  }
})();

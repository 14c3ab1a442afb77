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
    setTimeout(() => opening.remove(), 500);
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

// After its connection was lost and came back, Flet's client never draws again. Loading the page anew goes on with the
// same session, so what was written is still there.
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
  const Socket = window.WebSocket;
  let opened = false;
  let leaving = false;
  window.addEventListener("beforeunload", () => { leaving = true; });
  window.WebSocket = class extends Socket {
    constructor(url, protocols) {
      super(url, protocols);
      if (new URL(url, location.href).pathname !== flet.webSocketEndpoint) return;
      this.addEventListener("open", () => {
        if (opened) location.reload();
        opened = true;
      });
      this.addEventListener("close", () => { if (opened && !leaving) setTimeout(() => tell(!leaving), 500); });
    }
  };
})();

// Tab follows the order in which the page is read. Flutter's own order is by place on the screen: there what is scrolled
// out of sight comes before or after the bars around it. Among radio buttons the arrows choose, as everywhere else.
(function tabInReadingOrder() {
  const places = () => [...document.querySelectorAll('flt-semantics-host :is([tabindex="0"], input, textarea)')]
    .filter((e) => e.getClientRects().length && !e.closest('[aria-hidden="true"]') && e.ariaDisabled !== "true")
    .filter((e) => e.getAttribute("role") !== "radio" || e === oneOf(e));
  const oneOf = (radio) => {
    const group = radio.closest('[role="radiogroup"]');
    return group ? group.querySelector('[role="radio"][aria-checked="true"]') || group.querySelector('[role="radio"]') : radio;
  };
  const after = (e) => Boolean(document.activeElement.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING);
  const before = (e) => Boolean(document.activeElement.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING);
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
    const all = places();
    if (!all.length) return;
    event.stopImmediatePropagation();
    const group = document.activeElement.closest('[role="radiogroup"]');
    const others = group ? all.filter((e) => !group.contains(e)) : all;
    const within = document.querySelector('[role="alertdialog"], [role="dialog"]');
    const next = event.shiftKey ? others.filter(before).at(-1) || (within && all.at(-1)) : others.find(after) || (within && all[0]);
    if (!next) return; // the browser goes on to its own buttons
    event.preventDefault();
    next.focus();
  }, { capture: true });
})();

// On a new screen the focus is on its heading: a screen reader says where one is, and Tab goes on from there.
(function headingFirst() {
  let last = null;
  const idle = () => {
    const now = document.activeElement;
    return !now || !now.isConnected || now.matches("body, flutter-view") || now.getAttribute("tabindex") === "-1";
  };
  const look = () => {
    const heading = document.querySelector("flt-semantics-host h1");
    if (!heading || heading === last) return;
    const first = last === null;
    last = heading;
    if (!first) setTimeout(() => { if (heading.isConnected && idle()) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); } }, 100);
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();

// The keyboard in the browser: what Flutter does differently from every other page.
"use strict";

let free = -Infinity; // when the focus was last let go on purpose: by a finger, a mouse, or Tab at the end of the page

// Tab follows the order in which the page is read. Flutter's own order is by place on the screen: there what is scrolled
// out of sight comes before or after the bars around it. Among radio buttons the arrows choose, as everywhere else.
(function tabInReadingOrder() {
  const places = () => [...document.querySelectorAll('flt-semantics-host :is([tabindex="0"], input, textarea)')]
    .filter((e) => e.getClientRects().length && !e.closest('[aria-hidden="true"]') && e.ariaDisabled !== "true")
    .filter((e) => e.getAttribute("role") !== "radio" || e === oneOf(e));
  const oneOf = (radio) => {
    const group = radio.closest('[role="radiogroup"]');
    if (!group) return radio;
    return group.querySelector('[role="radio"][aria-checked="true"]') || group.querySelector('[role="radio"]');
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
    const [next, round] = event.shiftKey
      ? [others.filter(before).at(-1), all.at(-1)] : [others.find(after), all[0]];
    const to = next || (within && round);
    if (!to) {
      free = performance.now();
      return; // the browser goes on to its own buttons
    }
    event.preventDefault();
    to.focus();
  }, { capture: true });
})();

// On a new screen the focus is on its heading: a screen reader says where one is, and Tab goes on from there. When the
// same screen is drawn anew, as after a change of language, the focus stays where it was.
(function focusStays() {
  const named = "flt-semantics-identifier";
  let heading = null;
  let path = null;
  let held = null; // what had the focus last
  const idle = () => {
    const now = document.activeElement;
    return !now || !now.isConnected || now.matches("body, flutter-view") || now.getAttribute("tabindex") === "-1";
  };
  const again = () => {
    if (held?.isConnected) return held; // Flutter lost it, as it does when the language changes
    const name = held && held.closest(`[${named}]`)?.getAttribute(named);
    const found = name && document.querySelector(`[${named}="${CSS.escape(name)}"]`);
    if (!found) return null;
    const chosen = found.role === "radio" && found.closest('[role="radiogroup"]')?.querySelector('[aria-checked="true"]');
    return chosen || (found.matches('[tabindex="0"]') ? found : found.querySelector('[tabindex="0"], input, textarea'));
  };
  const settle = (fresh) => {
    if (!idle()) return;
    const to = fresh ? heading : again();
    if (!to || !to.isConnected) return;
    if (fresh) to.tabIndex = -1;
    to.focus({ preventScroll: true });
  };
  const look = () => {
    const now = document.querySelector("flt-semantics-host h1");
    if (now && now !== heading) {
      const fresh = path !== null && path !== location.pathname;
      heading = now;
      path = location.pathname;
      setTimeout(() => settle(fresh), 100); // after Flutter has put the focus on the first thing it finds
    } else if (held && !held.isConnected) setTimeout(() => settle(false), 100);
  };
  document.addEventListener("pointerdown", () => { free = performance.now(); }, { capture: true });
  document.addEventListener("focusout", (event) => {
    if (!event.relatedTarget && performance.now() - free > 1000) setTimeout(() => settle(false), 150);
  });
  document.addEventListener("focusin", (event) => { if (event.target.closest(`[${named}]`)) held = event.target; });
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();

// The keyboard in the browser: what Flutter does differently from every other page.
"use strict";

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
    if (!to) return; // the browser goes on to its own buttons
    event.preventDefault();
    to.focus();
  }, { capture: true });
})();

// On a new screen the focus is on its heading: a screen reader says where one is, and Tab goes on from there.
(function headingFirst() {
  let last = null;
  const idle = () => {
    const now = document.activeElement;
    return !now || !now.isConnected || now.matches("body, flutter-view") || now.getAttribute("tabindex") === "-1";
  };
  const move = (heading) => {
    if (!heading.isConnected || !idle()) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  };
  const look = () => {
    const heading = document.querySelector("flt-semantics-host h1");
    if (!heading || heading === last) return;
    const first = last === null;
    last = heading;
    if (!first) setTimeout(() => move(heading), 100); // after Flutter has put the focus on the first thing it finds
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();

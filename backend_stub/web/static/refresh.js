// Keeps the console's lists fresh. Everything works without it: then one reloads the page.
"use strict";
(() => {
  const EVERY = 3000;
  const status = document.getElementById("fresh");
  let known = null;

  async function look() {
    const answer = await fetch("/console/pulse", { cache: "no-store" });
    if (!answer.ok) return;
    const pulse = (await answer.json()).pulse;
    if (known !== null && pulse !== known) await show();
    known = pulse;
  }

  async function show() {
    const list = document.getElementById("list");
    // Never pull the ground from under somebody's focus, and never touch a page with a half-written answer.
    if (!list || list.contains(document.activeElement)) {
      status.textContent = status.dataset.here;
      return;
    }
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.getElementById("list");
    if (!fresh) return;
    list.replaceWith(fresh);
    status.textContent = status.dataset.list;
  }

  setInterval(() => look().catch(() => undefined), EVERY);
  look().catch(() => undefined);
})();

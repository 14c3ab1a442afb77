// A notification of the browser for what the resident waits for. Python opens an address of this kind; no tab is opened.
// The words are all there is in it: whoever sees the screen learns nothing of the matter.
"use strict";

(function notifications() {
  const WORDS = /^data:text\/x-notification(-now)?,(.*)$/;
  // Chrome on Android knows the constructor and refuses it to pages: for Python it is then as if there were none.
  const possible = () => {
    if (typeof Notification !== "function" || !window.isSecureContext) return false;
    if (Notification.permission === "granted") return true;
    try {
      new Notification("").close();
      return true;
    } catch (error) {
      return error.name !== "TypeError";
    }
  };
  if (/Android/.test(navigator.userAgent) || !possible()) window.Notification = undefined;

  const looking = () => document.visibilityState === "visible" && document.hasFocus();
  const show = (words) => {
    if (typeof Notification !== "function" || Notification.permission !== "granted") return;
    const shown = new Notification(words, {
      tag: "digiklinikka",
      icon: new URL("icons/apple-touch-icon-192.png", document.baseURI).href,
      lang: document.documentElement.lang,
    });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  };
  const open = window.open.bind(window);
  window.open = (url, target, features) => {
    const found = WORDS.exec(String(url));
    if (!found) return open(url, target, features);
    if (found[1] || !looking()) show(decodeURIComponent(found[2]));
    return null;
  };
})();

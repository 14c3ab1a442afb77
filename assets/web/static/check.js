// Before anything else, in the oldest JavaScript there is: can this browser run the app at all? If not, say so in words.
(function () {
  var able = false;
  try {
    able = typeof WebAssembly === "object" && typeof BigInt64Array === "function" && typeof Promise === "function" &&
      typeof structuredClone === "function" && "noModule" in document.createElement("script") && moduleWorkers();
  } catch (error) { able = false; }
  window.digiklinikkaAble = able;
  if (!able) document.addEventListener("DOMContentLoaded", tell);

  function moduleWorkers() {
    var asked = false;
    var options = { get type() { asked = true; return "module"; } };
    var address = URL.createObjectURL(new Blob([""], { type: "text/javascript" }));
    try { new Worker(address, options).terminate(); } finally { URL.revokeObjectURL(address); }
    return asked;
  }

  function tell() {
    document.getElementById("opening-status").hidden = true;
    document.getElementById("opening-old").hidden = false;
  }
})();

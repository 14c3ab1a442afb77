// Python in a worker of the page: the interpreter, the packages and the app are fetched at once, in parallel.
"use strict";

const bridge = {};
let opened;
const asked = new Promise((resolve) => { opened = resolve; });

async function bytes(address, options) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(`${address}: HTTP ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function settings(base) {
  try {
    const answer = await fetch(new URL("settings.json", base), { cache: "no-cache" });
    return answer.ok ? await answer.text() : "{}";
  } catch {
    return "{}";
  }
}

async function start({ python, app, base, page, languages }) {
  const parts = Promise.all([
    bytes(new URL("packages.zip", python)), bytes(new URL("native.zip", python)), bytes(new URL("app.zip", app)), settings(base),
  ]);
  parts.catch(() => {});
  const { loadPyodide } = await import(new URL("pyodide/pyodide.mjs", python).href);
  const pyodide = await loadPyodide({ stdout: (text) => console.log(text), stderr: (text) => console.error(text) });
  postMessage({ step: "python" });
  const [packages, native, code, chosen] = await parts;
  bridge.documentUrl = page;
  bridge.base = base;
  bridge.python = String(python);
  bridge.data = new URL("data.zip", app).href;
  bridge.settings = chosen;
  bridge.languages = languages.join(",");
  bridge.step = (step) => postMessage({ step });
  pyodide.registerJsModule("flet_js", bridge);
  pyodide.FS.mkdir("/site");
  for (const [name, data] of [["packages", packages], ["native", native], ["app", code]]) pyodide.FS.writeFile(`/site/${name}.zip`, data);
  await pyodide.runPythonAsync("import sys; sys.path.insert(0, '/site/app.zip'); import start; start.run()");
  await asked;
  await bridge.start_connection((message) => {
    const data = message.toJs();
    postMessage(data, [data.buffer]);
  });
  postMessage({});
}

onmessage = ({ data }) => {
  if (data.start) start(data.start).catch((problem) => postMessage({ problem: String(problem) }));
  else if (data.connect) opened();
  else bridge.send(data);
};

// Python in a worker, as the static client has it, without Flutter. Takes {id, code}, answers {id, ok, value}.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const ready = (async () => {
  const python = await loadPyodide({ indexURL: new URL("./pyodide/", import.meta.url).href });
  for (const name of ["packages.zip", "app.zip"]) {
    const got = await fetch(new URL(`./${name}`, import.meta.url));
    python.unpackArchive(await got.arrayBuffer(), "zip", { extractDir: "/app" });
  }
  python.runPython("import sys; sys.path.insert(0, '/app')");
  return python;
})();

self.onmessage = async ({ data: { id, code } }) => {
  try {
    const value = await (await ready).runPythonAsync(code);
    self.postMessage({ id, ok: true, value: Object(value) === value ? undefined : value });
  } catch (error) {
    self.postMessage({ id, ok: false, value: String(error.message ?? error) });
  }
};

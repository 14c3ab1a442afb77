// node python.mjs PYTHON-FOLDER APP-FOLDER CODE: runs CODE in the built site's own Python, with its packages and the app.
import { readFileSync } from "node:fs";
const [python, app, code] = process.argv.slice(2);
try {
  const { loadPyodide } = await import(`${python}/pyodide/pyodide.mjs`);
  const pyodide = await loadPyodide();
  pyodide.FS.mkdir("/site");
  for (const [name, folder] of [["packages", python], ["native", python], ["late", python], ["pdf", python], ["app", app], ["data", app]]) {
    pyodide.FS.writeFile(`/site/${name}.zip`, readFileSync(`${folder}/${name}.zip`));
  }
  await pyodide.runPythonAsync(`
import sys, zipfile
for name in ("native", "late", "pdf", "app", "data"):
    zipfile.ZipFile(f"/site/{name}.zip").extractall("/site")
sys.path[0:0] = ["/site", "/site/packages.zip"]
`);
  console.log(await pyodide.runPythonAsync(code));
  process.exit(0);
} catch (problem) {
  console.log(problem.message);
  process.exit(1);
}

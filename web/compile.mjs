// node compile.mjs PYODIDE SOURCE TARGET: every .py under SOURCE becomes a .pyc under TARGET, by Pyodide's own Python, so
// that its number of the byte code fits. Without docstrings and assertions. Other files are copied.
const [pyodide, source, target] = process.argv.slice(2);
const { loadPyodide } = await import(`${pyodide}/pyodide.mjs`);
const python = await loadPyodide();
for (const [at, root] of [["/source", source], ["/target", target]]) {
  python.FS.mkdirTree(at);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, at);
}
await python.runPythonAsync(`
import os, py_compile, shutil
for folder, _, names in os.walk("/source"):
    for name in names:
        path = os.path.join(folder, name)
        inside = os.path.relpath(path, "/source")
        out = os.path.join("/target", inside)
        os.makedirs(os.path.dirname(out), exist_ok=True)
        if name.endswith(".py"):
            py_compile.compile(path, cfile=out + "c", dfile=inside, doraise=True, optimize=2,
                               invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
        else:
            shutil.copyfile(path, out)
`);
process.exit(0);

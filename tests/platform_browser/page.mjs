const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
const waiting = new Map();
let last = 0;
worker.onmessage = ({ data: { id, ok, value } }) => {
  const { good, bad } = waiting.get(id);
  waiting.delete(id);
  ok ? good(value) : bad(new Error(value));
};
window.python = (code) =>
  new Promise((good, bad) => {
    waiting.set(++last, { good, bad });
    worker.postMessage({ id: last, code });
  });

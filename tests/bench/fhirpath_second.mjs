// A second FHIRPath engine (npm fhirpath) on jobs from stdin, for tests/bench/fhirpath_agreement.py.
// node tests/bench/fhirpath_second.mjs FOLDER_WITH_NODE_MODULES < jobs.json > answers.json
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const load = createRequire(resolve(process.argv[2], "package.json"));
const fhirpath = load("fhirpath");
const r4 = load("fhirpath/fhir-context/r4");

const answers = JSON.parse(readFileSync(0, "utf8")).map(({ text, resource, questionnaire }) => {
  try {
    const names = { resource, rootResource: resource, context: resource, questionnaire };
    return { values: fhirpath.evaluate(resource, text, names, r4, { async: false }) };
  } catch (problem) {
    return { failed: String(problem.message || problem).slice(0, 80) };
  }
});
process.stdout.write(JSON.stringify(answers, (_, value) => (value && value.asStr ? value.asStr : value)));

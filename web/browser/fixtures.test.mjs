// The fixtures are what the product would answer: each answer of the fixture server is held against docs/openapi.json, so
// that a test of the browser never proves a page over data that the product does not send.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { start } from '../dev/server.mjs';

const api = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));

/** What of a value the schema does not allow, with the place of it. The keywords are those that our own description uses. */
function wrong(schema, value, at) {
  if (schema.$ref) return wrong(schema.$ref.slice(2).split('/').reduce((o, k) => o[k], api), value, at);
  const types = [schema.type ?? []].flat();
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  if (types.length > 0 && !types.includes(kind) && !(kind === 'integer' && types.includes('number'))) return [`${at} is ${kind}, not ${types.join(' or ')}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at} is ${JSON.stringify(value)}, none of ${schema.enum.join(', ')}`];
  if (kind === 'string' && schema.format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return [`${at} is ${value}, no time`];
  if (kind === 'array') return value.flatMap((x, i) => wrong(schema.items ?? {}, x, `${at}[${i}]`));
  if (kind !== 'object') return [];
  const known = schema.properties ?? {};
  return [
    ...(schema.required ?? []).filter((k) => value[k] === undefined).map((k) => `${at}.${k} is missing`),
    ...Object.entries(value).flatMap(([k, v]) => {
      if (v === undefined) return [];
      if (known[k]) return wrong(known[k], v, `${at}.${k}`);
      if (schema.additionalProperties && typeof schema.additionalProperties === 'object') return wrong(schema.additionalProperties, v, `${at}.${k}`);
      return schema.properties && schema.additionalProperties === false ? [`${at}.${k} is unknown to the product`] : [];
    }),
  ];
}

let server;
let cookie;
before(async () => {
  server = await start();
  const res = await fetch(`${server.url}/api/v1/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'mira@halden.example', password: 'correct horse' }) });
  cookie = res.headers.get('set-cookie').split(';')[0];
});
after(() => server?.close());

const ask = async (path) => {
  const [, , pattern] = /^(\/api\/v1)?([^?]*)/.exec(path);
  const parts = pattern.split('/');
  const fits = Object.keys(api.paths).filter((p) => api.paths[p].get && p.replace('/api/v1', '').split('/').length === parts.length && p.replace('/api/v1', '').split('/').every((x, i) => x === parts[i] || x.startsWith('{')));
  const best = fits.sort((a, b) => a.split('{').length - b.split('{').length)[0];
  assert.ok(best, `the product has no GET ${pattern}`);
  const res = await fetch(`${server.url}/api/v1${path}`, { headers: { Cookie: cookie } });
  assert.equal(res.status, 200, path);
  return wrong(api.paths[best].get.responses['200'].content['application/json'].schema, await res.json(), pattern);
};

const answers = [
  '/session', '/overview', '/reviews', '/reviews/rev_acme', '/reviews/rev_solvane', '/reviews/rev_scan', '/reviews/rev_duties', '/reviews/rev_acme/nearest?name=claim_window', '/obligation-kinds', '/contracts', ...['con_acme', 'con_solvane', 'con_riverbend', 'con_muller'].map((id) => `/contracts/${id}`),
  '/contracts/con_acme/in-force', '/contracts/con_acme/in-force?on=2025-01-01', '/contracts/con_acme/versions', '/contracts/con_acme/obligations', '/contracts/con_veridian/obligations', '/occurrences/occ_up', '/occurrences/occ_0', '/obligations/obl_p1/check-ins', '/check-in-mails', '/contracts/con_acme/timeline', '/documents/doc_acme', '/documents/doc_acme/reading', '/documents/doc_solvane/reading', '/documents/doc_scan/words?page=1',
  '/connections/cnn_clm/mapping', '/documents/doc_acme/places?start=10&end=60', '/documents/doc_acme/clauses', '/documents/doc_solvane/clauses', '/documents/doc_acme/definitions', '/documents/doc_acme/references', '/documents/doc_acme/signatures', '/clauses', '/findings', '/findings/fnd_uptime', '/findings/fnd_p1', '/findings/fnd_claimed', '/findings/fnd_gap', '/findings/fnd_charge', '/approvals', '/obligations', '/obligations/obl_report/schedule', '/obligations/calendar', '/renewals?days=730', '/renewals?evergreen=true', '/claims', '/claims/sums', '/engines', '/quality', '/calibration', '/thresholds',
  '/event-kinds', '/event-imports', '/event-imports/imp_1', '/connectors', '/connections', '/connections/cnn_clm', '/connections/cnn_crm/actions', '/connections/cnn_clm/deliveries', '/connections/cnn_crm/mapping', '/connections/cnn_clm/webhook', '/connections/cnn_crm/webhook', '/links', '/events/unmatched', '/events/unmatched?ignored=true', '/events/evt_u1/contracts', '/audit', '/audit/verify', '/people', '/users', '/keys', '/policies',
];

for (const path of answers) {
  test(`the fixture of ${path} is as the product would answer`, async () => {
    assert.deepEqual([...new Set((await ask(path)).map((w) => w.replace(/\[\d+\]/g, '[]')))], []);
  });
}

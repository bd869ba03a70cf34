// Drives the simulator the way a customer's own integration would, with jsforce and nothing of ours. Prints one JSON line; any surprise ends with exit code 1.
import assert from 'node:assert/strict';
import jsforce from 'jsforce';

const url = process.argv[2];
const conn = new jsforce.Connection({
  loginUrl: url,
  instanceUrl: url,
  version: '62.0',
  oauth2: { loginUrl: url, clientId: 'pactloop', clientSecret: 'salesforce-secret' },
});

// Login.
const user = await conn.authorize({ grant_type: 'client_credentials' });
assert.ok(conn.accessToken, 'a token');
assert.equal(conn.instanceUrl, url);
const identity = await conn.identity();
assert.equal(identity.user_id, user.id);

// Describe.
const global = await conn.describeGlobal();
assert.ok(global.sobjects.some((o) => o.name === 'Contract_Obligation__c'));
const described = await conn.describe('Opportunity');
const stage = described.fields.find((f) => f.name === 'StageName');
assert.ok(stage.picklistValues.some((v) => v.value === 'Contract Executed'));

// Create, retrieve, update, upsert, delete.
const account = await conn.sobject('Account').create({ Name: "Acme's Corp", BillingCity: 'Berlin' });
assert.equal(account.success, true);
const deal = await conn.sobject('Opportunity').create({ Name: 'MSA', AccountId: account.id, StageName: 'Contract Sent', CloseDate: '2026-03-31', Amount: 1200.5 });
await conn.sobject('Opportunity').update({ Id: deal.id, StageName: 'Contract Executed', Contract_Renewal_Date__c: '2027-03-31' });
const row = await conn.sobject('Opportunity').retrieve(deal.id);
assert.equal(row.StageName, 'Contract Executed');
assert.equal(row.Contract_Renewal_Date__c, '2027-03-31');

const duty = { Name: 'Uptime', Pactloop_Key__c: 'obl_1-v1', Opportunity__c: deal.id };
const made = await conn.sobject('Contract_Obligation__c').upsert(duty, 'Pactloop_Key__c');
assert.equal(made.success, true);
const again = await conn.sobject('Contract_Obligation__c').upsert({ ...duty, Name: 'Uptime 99.9' }, 'Pactloop_Key__c');
assert.equal(again.id, made.id);

await assert.rejects(conn.sobject('Opportunity').update({ Id: deal.id, StageName: 'Signed' }), (e) => e.errorCode === 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
await assert.rejects(conn.query('SELECT Nope FROM Account'), (e) => e.errorCode === 'INVALID_FIELD');

// Many rows at once, then pages.
const names = Array.from({ length: 450 }, (_, i) => ({ Subject: `Task ${i}`, WhatId: deal.id }));
const many = await conn.sobject('Task').create(names, { allowRecursive: true });
assert.equal(many.filter((r) => r.success).length, 450);
let page = await conn.query('SELECT Id, Subject, What.Name FROM Task ORDER BY CreatedDate');
assert.equal(page.totalSize, 450);
let seen = page.records.length;
let pages = 1;
assert.equal(page.done, false);
while (!page.done) {
  page = await conn.queryMore(page.nextRecordsUrl);
  seen += page.records.length;
  pages += 1;
}
assert.equal(seen, 450);

// The query builder and relationship fields.
const found = await conn.sobject('Opportunity').find({ 'Account.Name': "Acme's Corp" }, 'Id, Account.Name').limit(5).execute();
assert.equal(found.length, 1);
assert.equal(found[0].Account.Name, "Acme's Corp");
const count = await conn.sobject('Task').count({ Subject: { $like: 'Task 4%' } });
assert.equal(count, 61);

// Composite, by hand as jsforce offers it.
const composite = await conn.requestPost('/composite', {
  allOrNone: true,
  compositeRequest: [
    { method: 'POST', url: '/services/data/v62.0/sobjects/Task', referenceId: 'task', body: { Subject: 'Renewal', WhatId: deal.id } },
    { method: 'GET', url: '/services/data/v62.0/sobjects/Task/@{task.id}', referenceId: 'read' },
  ],
});
assert.deepEqual(composite.compositeResponse.map((r) => r.httpStatusCode), [201, 200]);

// An expired session.
await fetch(`${url}/_sim/tokens/expire`, { method: 'POST' });
// The client recognises the answer and wants to refresh; this grant has no refresh token, so it signs in again.
await assert.rejects(conn.query('SELECT Id FROM Account'), /refresh session/);
await conn.authorize({ grant_type: 'client_credentials' });

const removed = await conn.sobject('Task').destroy(many[0].id);
assert.equal(removed.success, true);
assert.ok(conn.limitInfo?.apiUsage?.used > 0, 'Sforce-Limit-Info was read');

console.log(JSON.stringify({ tasks: seen, pages, count }));

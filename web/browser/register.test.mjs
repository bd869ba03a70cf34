// Obligations, renewals, claims and engines, in a real browser: what is due, the calendar, owners, notices, and what becomes of a credit.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { start } from '../dev/server.mjs';
import { violations } from './axe.mjs';
import { eventually, newPage, open, settled, signIn } from './browser.mjs';

let server;
let browser;
let page;
before(async () => { server = await start(); browser = await open(); });
after(async () => { await browser?.close(); server?.close(); });
beforeEach(async () => {
  page = await newPage(browser);
  await signIn(page, server.url);
});
afterEach(async () => { await page.context().close(); });

const row = (text) => page.locator('tbody tr', { hasText: text });
const says = (part, wanted) => eventually(async () => assert.match(await part.innerText(), wanted));
const rows = (n) => eventually(async () => assert.equal(await page.locator('.table tbody tr').count(), n));
const dialog = () => page.getByRole('dialog');

test('the register lists what is due first, with its side, state and owner', async () => {
  await page.goto(`${server.url}/obligations`);
  await rows(7);
  await says(page.locator('tbody tr').first(), /Deliver the monthly service report[\s\S]*Theirs[\s\S]*5 Mar 2026[\s\S]*Breached/);
  await says(row('Resolve P1 incidents'), /INC0012388[\s\S]*3 h 36 min \/ 4 h · 3 open[\s\S]*dana@halden\.example[\s\S]*through the contract/);
  await says(row('Hold general liability'), /Not known[\s\S]*no date[\s\S]*Nothing due yet[\s\S]*nobody/);
  await eventually(async () => assert.equal(await row('Resolve P1 incidents').getByRole('link', { name: 'Resolve P1 incidents within 4 hours' }).getAttribute('href'), '/contracts/con_acme?tab=obligations'));
});

test('what is to be done stands in the register and in the findings, and is done by a reviewer', async () => {
  await page.goto(`${server.url}/obligations`);
  await row('Milestones of the rollout').getByRole('link', { name: 'Invoice 25,000.00 USD for Go-live' }).click();
  await page.waitForURL(/findings\/fnd_todo/);
  await page.getByRole('heading', { name: 'Invoice 25,000.00 USD for Go-live' }).waitFor();
  await says(page.locator('main'), /To do[\s\S]*We may invoice 25,000\.00 USD/);
  assert.equal(await page.getByRole('button', { name: 'Confirm' }).count(), 0);
  await page.getByRole('button', { name: 'Done' }).click();
  await dialog().getByText('It is done').waitFor();
  await dialog().getByRole('textbox').fill('Invoice INV-7 of 3 March');
  await dialog().getByRole('button', { name: 'Done' }).click();
  await says(page.locator('main'), /was: to do[\s\S]*Closed/);
  assert.equal(await page.getByRole('button', { name: 'Done' }).count(), 0);
  await page.goto(`${server.url}/findings?severity=info`);
  await rows(1);
});

test('the schedule of an obligation shows what is past with its state, what is ahead, and more on request', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=obligations`);
  await page.getByRole('button', { name: /^Schedule: / }).first().click();
  const plan = page.getByRole('group', { name: /^Schedule: / });
  await says(plan, /5 Feb 2026[\s\S]*Breached[\s\S]*5 Apr 2026[\s\S]*Ahead/);
  await eventually(async () => assert.equal(await plan.locator('tbody tr').count(), 6));
  await page.getByRole('button', { name: 'Show another year' }).click();
  await eventually(async () => assert.equal(await plan.locator('tbody tr').count(), 8));
  assert.equal(await page.getByRole('button', { name: 'Show another year' }).count(), 0);
});

test('the register of a family is reached from its contracts, says so, and the filter is taken away', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=obligations`);
  await page.getByRole('link', { name: 'Register of the whole family' }).click();
  await page.waitForURL(/obligations\?family_id=con_acme$/);
  await rows(5);
  const chip = page.getByRole('button', { name: /^Remove the filter: Family of Master Subscription Agreement/ });
  await chip.waitFor();
  await settled(page);
  assert.deepEqual(await violations(page), []);
  await chip.click();
  await page.waitForURL(/obligations$/);
  await rows(7);
  await page.goto(`${server.url}/contracts/con_acme?tab=family`);
  await eventually(async () => assert.equal(await page.getByRole('link', { name: 'Register of the whole family' }).getAttribute('href'), '/obligations?family_id=con_acme'));
});

test('what is past and was not watched is not ahead', async () => {
  await page.route(/\/api\/v1\/obligations\/[^/]+\/schedule/, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    delete body.items[0].status;
    await route.fulfill({ response, json: body });
  });
  await page.goto(`${server.url}/contracts/con_acme?tab=obligations`);
  await page.getByRole('button', { name: /^Schedule: / }).first().click();
  const plan = page.getByRole('group', { name: /^Schedule: / });
  await says(plan.locator('tbody tr').first(), /Jan 2026[\s\S]*Before it was watched/);
  await says(plan.locator('tbody tr').last(), /Ahead/);
});

test('what a contract above passes on names that contract', async () => {
  await page.route(/\/api\/v1\/contracts\/con_acme\/obligations/, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    Object.assign(body.items[0], { inherited: { contract_id: 'con_veridian', title: 'Hosting Agreement' } });
    body.items[0].obligation.inherited_from = 'obl_above';
    await route.fulfill({ response, json: body });
  });
  await page.goto(`${server.url}/contracts/con_acme?tab=obligations`);
  await says(page.locator('main'), /Passed on by[\s\S]*Hosting Agreement; its rule says to whom/);
  assert.equal(await page.getByRole('link', { name: 'Hosting Agreement' }).getAttribute('href'), '/contracts/con_veridian?tab=obligations');
});

test('notice that either party may give is owed by neither, and is not said to be unknown', async () => {
  await page.route(/\/api\/v1\/obligations\?/, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    for (const d of body.items) if (d.kind === 'renewal_notice') d.side = 'unknown';
    await route.fulfill({ response, json: body });
  });
  await page.goto(`${server.url}/obligations`);
  await says(row('Notice of non-renewal'), /Either party/);
});

test('filters of the register stand in the address, and the file follows them', async () => {
  await page.goto(`${server.url}/obligations`);
  await rows(7);
  await page.getByRole('combobox', { name: 'Owed by' }).click();
  await page.getByRole('option', { name: 'Ours' }).click();
  await page.waitForURL(/side=ours/);
  await rows(3);
  const link = page.getByRole('link', { name: 'CSV' });
  await eventually(async () => assert.equal(await link.getAttribute('href'), '/api/v1/obligations.csv?side=ours'));
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  assert.equal(file.suggestedFilename(), 'obligations.csv');
  await page.getByLabel('Due from').fill('2026-04-01');
  await page.waitForURL(/due_from=2026-04-01/);
  await rows(1);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await rows(7);
});

test('a day of the calendar opens the list behind its number', async () => {
  await page.goto(`${server.url}/obligations?view=calendar`);
  const month = page.getByRole('region', { name: 'Due in March 2026' });
  await month.getByRole('link', { name: '5 Mar 2026: 1 due, 1 breached' }).waitFor();
  await says(month, /5 obligations due in this month/);
  await month.getByRole('link', { name: '31 Mar 2026: 2 due' }).click();
  await page.waitForURL(/due_from=2026-03-31&due_to=2026-03-31/);
  await rows(2);
});

test('the calendar goes to other months, by key too', async () => {
  await page.goto(`${server.url}/obligations?view=calendar`);
  await page.getByRole('region', { name: 'Due in March 2026' }).waitFor();
  await page.getByRole('button', { name: 'Month after' }).focus();
  await page.keyboard.press('Enter');
  const april = page.getByRole('region', { name: 'Due in April 2026' });
  await april.getByRole('link', { name: '1 Apr 2026: 1 due' }).waitFor();
  await page.waitForURL(/month=2026-04/);
  await april.getByRole('button', { name: 'This month' }).click();
  await page.getByRole('region', { name: 'Due in March 2026' }).waitFor();
});

test('an owner is saved; what is no e-mail is refused with the reason', async () => {
  await page.goto(`${server.url}/obligations`);
  await row('Resolve P1 incidents').getByRole('button', { name: /Change owner/ }).click();
  await dialog().getByLabel('E-mail of the owner').fill('nobody@nowhere');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByRole('alert').getByText('is no e-mail address').waitFor();
  await dialog().getByLabel('E-mail of the owner').fill('lee@halden.example');
  await dialog().getByRole('alert').waitFor({ state: 'detached' }); // what is corrected is refused no more
  const sent = page.waitForRequest((r) => r.method() === 'PUT' && r.url().endsWith('/obligations/obl_p1/owner'));
  await dialog().getByRole('button', { name: 'Save' }).click();
  assert.deepEqual((await sent).postDataJSON(), { owner: 'lee@halden.example', revision: 1 });
  await dialog().waitFor({ state: 'detached' });
  await says(row('Resolve P1 incidents'), /lee@halden\.example/);
});

test('an owner whom nobody here knows is said to be unknown', async () => {
  await page.goto(`${server.url}/obligations`);
  const part = row('Resolve P1 incidents');
  await part.getByRole('button', { name: /Change owner/ }).click();
  await dialog().getByRole('textbox').fill('stranger@elsewhere.example');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().waitFor({ state: 'detached' });
  await says(part, /stranger@elsewhere\.example|stranger\s*@elsewhere\.example/);
  await says(part, /no user here/);
  await part.getByRole('button', { name: /Change owner/ }).click();
  await says(dialog(), /stranger@elsewhere\.example: No user here has this address/);
});

test('on a narrow screen the current tab stands within its bar, and the file of a claim has its name', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${server.url}/contracts/con_acme?tab=audit`);
  const bar = page.locator('nav.tabs');
  await bar.getByRole('link', { name: 'Audit' }).waitFor();
  await eventually(async () => {
    const tab = await bar.locator('[aria-current=page]').boundingBox();
    assert.ok(tab && tab.x >= 0 && tab.x + tab.width <= 390, JSON.stringify(tab));
  });
  await page.goto(`${server.url}/claims`);
  const file = page.getByRole('link', { name: /PDF with the evidence/ }).first();
  await file.waitFor();
  await eventually(async () => assert.ok(await file.locator('.mantine-Button-label').evaluate((e) => e.scrollWidth <= e.clientWidth && e.clientWidth > 15)));
});

test('renewals stand by their day, what has to be noticed before a later one below, and a deadline that passed is said', async () => {
  await page.goto(`${server.url}/renewals`);
  await rows(4);
  const later = page.getByRole('region', { name: 'Notice to be sent within 90 days, renewal later' }); // today is 27 March: 90 days reach 25 June
  assert.deepEqual(await later.locator('tbody tr').evaluateAll((list) => list.map((row) => /1 (Jul|Sep) 2026/.exec(row.textContent)?.[0])), ['1 Jul 2026', '1 Sep 2026']);
  const file = await later.getByRole('link', { name: /CSV/ }).getAttribute('href');
  assert.match(file ?? '', /renewals\.csv\?.*early_notice=true/);
  await says(page.locator('tbody tr').first(), /20 Mar 2026[\s\S]*passed 7 days ago[\s\S]*Deadline passed[\s\S]*No notice was recorded by 20 Mar 2026: it renews on 18 Jun 2026/);
  await says(row('Master Subscription'), /1 Apr 2026[\s\S]*5 days left[\s\S]*1 Jul 2026[\s\S]*renews by itself[\s\S]*1,020,000\.00 USD[\s\S]*To decide/);
  await says(row('Mutual Non-Disclosure'), /No notice needed[\s\S]*nobody has to write/);
  await says(row('Hosting Agreement'), /ends on 14 Jul 2026, by the notice[\s\S]*Notice sent[\s\S]*sent on 16 Mar 2026[\s\S]*registered letter RL 4471/);
  await page.getByRole('img', { name: /notice deadlines, the nearest on 1 Apr 2026/ }).waitFor();
  await page.getByRole('link', { name: 'Evergreen' }).click();
  await says(row('Services Agreement (evergreen)'), /Any time[\s\S]*Notice sent today ends it on 31 May 2026/);
});

test('that notice was sent is recorded only after it is confirmed', async () => {
  await page.goto(`${server.url}/renewals`);
  await row('Master Subscription').getByRole('button', { name: /Record notice/ }).click();
  const save = dialog().getByRole('button', { name: 'Record notice' });
  await eventually(async () => assert.ok(await save.isDisabled()));
  await dialog().getByLabel('Sent on').fill('2026-03-26');
  await dialog().getByLabel('Reference').fill('RL 5501');
  await dialog().getByLabel(/I have sent this notice/).check();
  const sent = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/contracts/con_acme/notice'));
  await save.click();
  assert.deepEqual((await sent).postDataJSON(), { renewal: '2026-07-01', sent_on: '2026-03-26', reference: 'RL 5501', note: '' });
  await dialog().waitFor({ state: 'detached' });
  await says(row('Master Subscription'), /Notice sent[\s\S]*sent on 26 Mar 2026[\s\S]*RL 5501/);
  await row('Master Subscription').getByRole('button', { name: /Take back the notice/ }).click();
  await dialog().getByLabel('Reason').fill('it went to another supplier');
  const back = page.waitForRequest((r) => r.url().endsWith('/contracts/con_acme/notice/withdrawal'));
  await dialog().getByRole('button', { name: 'Take back' }).click();
  assert.deepEqual((await back).postDataJSON(), { event_id: 'evt_s', reason: 'it went to another supplier' });
  await dialog().waitFor({ state: 'detached' });
  await says(row('Master Subscription'), /To decide/);
});

test('a renewal is let go without notice, for a reason, and that is taken back', async () => {
  await page.goto(`${server.url}/renewals`);
  await row('Master Subscription').getByRole('button', { name: /Decide without notice/ }).click();
  const save = dialog().getByRole('button', { name: 'Record decision' });
  await eventually(async () => assert.ok(await save.isDisabled()));
  await dialog().getByText(/the renewal on 1 Jul 2026\. Notice could be sent until 1 Apr 2026/).waitFor();
  assert.ok(await dialog().getByLabel('Let it renew').isChecked());
  assert.equal(await dialog().getByLabel('Let it end').count(), 0);
  await dialog().getByLabel('Decided on').fill('2026-03-26');
  await dialog().getByLabel('Why').fill('the price is right');
  await dialog().getByLabel('Note').fill('minutes of 25 March');
  const sent = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/contracts/con_acme/renewal-decision'));
  await save.click();
  assert.deepEqual((await sent).postDataJSON(), { renewal: '2026-07-01', decision: 'renew', decided_on: '2026-03-26', reason: 'the price is right', note: 'minutes of 25 March' });
  await dialog().waitFor({ state: 'detached' });
  await says(row('Master Subscription'), /Will renew[\s\S]*No notice is sent; it renews on 1 Jul 2026\.[\s\S]*decided on 26 Mar 2026 · decided by Mira Okafor · the price is right · minutes of 25 March/);
  assert.doesNotMatch(await row('Master Subscription').innerText(), /days left/);
  await says(row('Master Subscription'), /Record notice/); // until the last day it still can be sent
  await page.goto(`${server.url}/contracts/con_acme`);
  const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Next renewal' }) });
  await says(panel, /Will renew[\s\S]*the price is right/);
  await panel.getByRole('button', { name: /Take back the decision/ }).click();
  await dialog().getByLabel('Reason').fill('the board wants another offer');
  const back = page.waitForRequest((r) => r.url().endsWith('/contracts/con_acme/renewal-decision/withdrawal'));
  await dialog().getByRole('button', { name: 'Take back' }).click();
  assert.deepEqual((await back).postDataJSON(), { event_id: 'evt_d', reason: 'the board wants another offer' });
  await dialog().waitFor({ state: 'detached' });
  await says(panel, /To decide/);
  await panel.getByRole('button', { name: /Decide without notice/ }).click();
  await dialog().getByLabel('Renegotiate').check();
  await dialog().getByLabel('Why').fill('another price');
  await dialog().getByRole('button', { name: 'Record decision' }).click();
  await says(panel, /Renegotiating[\s\S]*since 27 Mar 2026; notice can still be sent/);
});

test('a notice that is late, or long before its time, is said before it is recorded', async () => {
  await page.goto(`${server.url}/renewals`);
  const late = page.locator('tbody tr').first();
  await late.getByRole('button', { name: /Record notice/ }).click();
  await dialog().getByLabel('Sent on').fill('2026-03-24');
  await dialog().getByText(/4 days after 20 Mar 2026, the last day to send notice\. It is kept and shown as late/).waitFor();
  await dialog().getByLabel('Sent on').fill('2024-03-24');
  await dialog().getByLabel(/I have sent this notice/).check();
  await eventually(async () => assert.ok(await dialog().getByRole('button', { name: 'Record notice' }).isDisabled()));
  await dialog().getByLabel(/more than a year before 20 Mar 2026/).check();
  await eventually(async () => assert.ok(!(await dialog().getByRole('button', { name: 'Record notice' }).isDisabled())));
});

test('the claim desk adds up each currency by itself, and a sum filters', async () => {
  await page.goto(`${server.url}/claims`);
  await rows(4);
  const sums = page.getByRole('region', { name: 'Sums by state' });
  await says(sums, /980\.00 USD[\s\S]*To claim · 1 credit/);
  await says(sums, /2,400\.00 EUR[\s\S]*We owe · 1 credit/);
  await sums.getByRole('link', { name: /Claimed/ }).click();
  await page.waitForURL(/state=claimed/);
  await rows(1);
  await eventually(async () => assert.equal(await page.getByRole('link', { name: 'CSV' }).getAttribute('href'), '/api/v1/claims.csv?state=claimed'));
});

test('a credit is claimed, and agreed to with another amount and a reason', async () => {
  await page.goto(`${server.url}/claims`);
  const relay = row('in January 2026');
  await relay.getByRole('button', { name: /^Claim:/ }).click();
  await dialog().getByLabel('On', { exact: true }).fill('2026-03-27');
  await dialog().getByLabel('Reference').fill('letter 12');
  const sent = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/findings/fnd_due/claim'));
  await dialog().getByRole('button', { name: 'Claim' }).click();
  assert.deepEqual((await sent).postDataJSON(), { kind: 'claim', revision: 1, on: '2026-03-27', reference: 'letter 12' });
  await dialog().waitFor({ state: 'detached' });
  await says(relay, /Claimed[\s\S]*letter 12/);
  await relay.getByRole('button', { name: /^Agreed:/ }).click();
  await dialog().getByLabel(/^Amount/).fill('900.00');
  await dialog().getByLabel('Reason').fill('two outages were theirs to excuse');
  await dialog().getByRole('button', { name: 'Agreed' }).click();
  await dialog().waitFor({ state: 'detached' });
  await says(relay, /Agreed[\s\S]*900\.00 USD[\s\S]*980\.00 USD/);
});

test('a sum above what the finding comes to is shown as one that waits for a second person', async () => {
  await page.goto(`${server.url}/findings/fnd_claimed`);
  const claim = page.getByRole('region', { name: 'Claim' });
  await claim.getByRole('button', { name: /^Agreed:/ }).click();
  await dialog().getByLabel(/^Amount/).fill('9000.00');
  await dialog().getByLabel('Reason').fill('and their travel');
  await dialog().getByRole('button', { name: 'Agreed' }).click();
  await dialog().waitFor({ state: 'detached' });
  await page.getByText(/Kept\. The sum is above the limit/).waitFor();
  await says(claim, /Agreed[\s\S]*9,000\.00 USD[\s\S]*Waits for a second person[\s\S]*and their travel/);
});

test('a finding shows what was done about its credit, and gives its evidence', async () => {
  await page.goto(`${server.url}/findings/fnd_claimed`);
  const claim = page.getByRole('region', { name: 'Claim' });
  await says(claim, /Claimed, 3 Mar 2026[\s\S]*1,250\.00 USD[\s\S]*Mira Okafor[\s\S]*letter of 3 March/);
  await eventually(async () => assert.equal(await page.getByRole('link', { name: 'Evidence (PDF)' }).getAttribute('href'), '/api/v1/findings/fnd_claimed/evidence.pdf'));
  await claim.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Take back' }).click();
  await dialog().getByLabel('Reason').fill('entered by mistake');
  await dialog().getByRole('button', { name: 'Take back' }).click();
  await dialog().waitFor({ state: 'detached' });
  await says(claim, /Taken back[\s\S]*entered by mistake[\s\S]*Claimed, 3 Mar 2026/);
});

test('the engines show versions, comparison and accuracy, and roll back with a reason', async () => {
  await page.goto(`${server.url}/settings?tab=engines`);
  await says(page.getByRole('region', { name: 'What reads now' }), /grammar\/4, clause\/2/);
  await says(page.getByRole('region', { name: 'Accuracy by field' }), /Notice period[\s\S]*48[\s\S]*46[\s\S]*95\.83 %/);
  await says(page.getByRole('region', { name: 'Confidence by decisions' }), /Governing law[\s\S]*30[\s\S]*3[\s\S]*98 %[\s\S]*45\.2 %[\s\S]*Liability cap[\s\S]*12 readings from before the engine’s own confidence was kept[\s\S]*90 %[\s\S]*94\.11 %/);
  const versions = page.getByRole('region', { name: 'Versions', exact: true });
  await says(versions.getByRole('region', { name: 'Version 2' }), /active[\s\S]*no worse in any field[\s\S]*on 60 labelled contracts/);
  await versions.getByText('Comparison (2)').click();
  await says(versions, /Reporting · obligation[\s\S]*9 of 12[\s\S]*11 of 12/);
  await versions.getByRole('button', { name: 'Roll back' }).click();
  await eventually(async () => assert.ok(await dialog().getByRole('button', { name: 'Roll back' }).isDisabled()));
  await dialog().getByLabel('Reason').fill('reads tables worse here');
  const sent = page.waitForRequest((r) => r.url().endsWith('/policies/rollback'));
  await dialog().getByRole('button', { name: 'Roll back' }).click();
  assert.deepEqual((await sent).postDataJSON(), { kind: 'engines', reason: 'reads tables worse here' });
  await dialog().waitFor({ state: 'detached' });
  await says(versions.getByRole('region', { name: 'Version 1' }), /active/);
  await settled(page);
});

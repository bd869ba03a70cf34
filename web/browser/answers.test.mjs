// What people answer, replay and bring, in a real browser: a question of a finding, the charge it waits for, a backtest, a table of events.
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

const says = (part, wanted) => eventually(async () => assert.match(await part.innerText(), wanted));
const dialog = () => page.getByRole('dialog');
const region = (name) => page.getByRole('region', { name });

test('a question is answered where it stands, and every finding of it gets its amount', async () => {
  await page.goto(`${server.url}/findings/fnd_gap`);
  const asked = region('Left open by the text');
  await says(asked, /99\.45 % falls in no row[\s\S]*below 99\.4 %: 25 %: 3,000\.00 USD[\s\S]*10 %: 1,200\.00 USD/);
  await asked.getByRole('button', { name: /^Answer/ }).click();
  const save = dialog().getByRole('button', { name: 'Answer', exact: true });
  await says(dialog(), /P1 – Critical 30 minutes 4 hours 24x7/);
  await eventually(async () => assert.ok(await save.isDisabled()));
  await dialog().getByRole('radio', { name: /below 99\.4 %: 25 %/ }).check();
  await eventually(async () => assert.ok(await save.isDisabled(), 'an answer needs a reason'));
  await dialog().getByLabel('Reason').fill('Annex 2 was to have no gap.');
  await settled(page);
  assert.deepEqual(await violations(page), []);
  const sent = page.waitForRequest((r) => r.url().endsWith('/findings/fnd_gap/answer'));
  await save.click();
  assert.deepEqual((await sent).postDataJSON(), { question: '99.45 % falls in no row of the credit table. Which credit is due?', reading: 'below 99.4 %: 25 %', reason: 'Annex 2 was to have no gap.', revision: 1 });
  await dialog().waitFor({ state: 'detached' });
  await asked.waitFor({ state: 'detached' }); // by the live update, without a click
  await says(page.locator('main'), /3,000\.00 USD/);
  await says(region('Clause'), /Answer: below 99\.4 %: 25 %\. Why: Annex 2 was to have no gap\.[\s\S]*Mira Okafor/);
  await page.goto(`${server.url}/findings/fnd_gap2`);
  await says(page.locator('main'), /3,000\.00 USD/);
});

test('an answer that takes something back waits, says what it takes, and is taken back', async () => {
  await page.goto(`${server.url}/findings/fnd_gap`);
  const asked = region('Left open by the text');
  await asked.getByRole('button', { name: /^Answer/ }).click();
  await dialog().getByRole('radio', { name: /below 99\.9 %: 10 %/ }).check();
  await dialog().getByLabel('Reason').fill('as agreed by telephone');
  await dialog().getByRole('button', { name: 'Answer', exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
  const waits = region('An answer waits for a second person');
  await says(waits, /Which credit is due\?[\s\S]*Answer: from 99\.5 % to below 99\.9 %: 10 %[\s\S]*as agreed by telephone[\s\S]*It takes back:[\s\S]*4,250\.00 USD becomes 1,200\.00 USD[\s\S]*breached becomes met/);
  await says(waits, /You gave this answer: an approver other than you decides\. Until then you can take it back\./);
  await eventually(async () => assert.equal(await waits.getByRole('button', { name: 'Approve answer' }).count(), 0));
  await eventually(async () => assert.equal(await asked.getByRole('button', { name: /^Answer/ }).count(), 0, 'one answer at a time'));
  await settled(page);
  assert.deepEqual(await violations(page), []);
  await page.goto(`${server.url}/findings?tab=approvals`);
  await region('An answer waits for a second person').waitFor();
  await page.emulateMedia({ colorScheme: 'dark' });
  await settled(page);
  assert.deepEqual(await violations(page), []);
  await eventually(async () => assert.equal(await waits.getByRole('button', { name: 'Refuse answer' }).count(), 0, 'who gave it takes it back instead'));
  await waits.getByRole('button', { name: 'Take answer back' }).click();
  await dialog().getByLabel('Reason').fill('not in writing');
  const sent = page.waitForRequest((r) => r.url().endsWith('/approvals/apr_a/withdrawal'));
  await dialog().getByRole('button', { name: 'Take answer back' }).click();
  assert.deepEqual((await sent).postDataJSON(), { reason: 'not in writing' });
  await dialog().waitFor({ state: 'detached' });
  await region('An answer waits for a second person').waitFor({ state: 'detached' });
  await page.goto(`${server.url}/findings/fnd_gap`);
  await asked.getByRole('button', { name: /^Answer/ }).waitFor();
});

const waits = () => region('An answer waits for a second person');
const take = async (name, reason) => {
  await waits().getByRole('button', { name }).click();
  await dialog().getByLabel('Reason').fill(reason);
};

test('an answer that no finding asked for waits where it was given, and who gave it takes it back', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=obligations`);
  const p1 = page.getByRole('region', { name: 'Resolve P1 incidents within 4 hours', exact: true });
  const asked = p1.getByRole('group', { name: 'Left open by the text' });
  await asked.getByRole('button', { name: /^Answer/ }).click();
  await dialog().getByRole('radio', { name: 'around the clock, in UTC' }).check();
  await dialog().getByLabel('Reason').fill('as agreed by telephone');
  await dialog().getByRole('button', { name: 'Answer', exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
  await says(asked.getByRole('region', { name: 'An answer waits for a second person' }), /Answer: around the clock, in UTC[\s\S]*Mira Okafor, 27 Mar 2026[\s\S]*as agreed by telephone[\s\S]*4,250\.00 USD becomes 1,200\.00 USD[\s\S]*an approver other than you decides\. Until then you can take it back\./);
  await eventually(async () => assert.equal(await asked.getByRole('button', { name: /^Answer/ }).count(), 0, 'one answer at a time'));
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    assert.deepEqual(await violations(page), []);
  }
  await waits().getByRole('link', { name: 'Open it under Approvals' }).click();
  await page.waitForURL(/\/findings\?tab=approvals&state=waiting$/);
  await waits().waitFor();
  await page.goto(`${server.url}/contracts/con_acme?tab=obligations`);
  await take('Take answer back', 'I misread the letter');
  const sent = page.waitForRequest((r) => r.url().endsWith('/approvals/apr_a/withdrawal'));
  await dialog().getByRole('button', { name: 'Take answer back' }).click();
  assert.deepEqual((await sent).postDataJSON(), { reason: 'I misread the letter' });
  await dialog().waitFor({ state: 'detached' });
  await waits().waitFor({ state: 'detached' });
  await asked.getByRole('button', { name: /^Answer/ }).waitFor();
});

test('an answer that was decided on meanwhile is not taken back, and that is said', async () => {
  await page.goto(`${server.url}/findings/fnd_gap`);
  await region('Left open by the text').getByRole('button', { name: /^Answer/ }).click();
  await dialog().getByRole('radio', { name: /below 99\.9 %: 10 %/ }).check();
  await dialog().getByLabel('Reason').fill('as agreed by telephone');
  await dialog().getByRole('button', { name: 'Answer', exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
  await take('Take answer back', 'too late');
  server.decidedBetween();
  await dialog().getByRole('button', { name: 'Take answer back' }).click();
  await page.getByText('This answer was approved meanwhile, so it can not be taken back. Nothing was changed.').first().waitFor();
  await waits().waitFor({ state: 'detached' });
});

test('what an approver did not see is not approved: the new consequence is shown, and then it is', async () => {
  server.colleagueAnswers();
  await page.goto(`${server.url}/findings/fnd_gap`);
  await says(waits(), /Jon Aldous[\s\S]*4,250\.00 USD becomes 1,200\.00 USD/);
  await eventually(async () => assert.equal(await waits().getByRole('button', { name: 'Take answer back' }).count(), 0, 'it is not theirs'));
  await take('Approve answer', 'as the letter says');
  await says(dialog(), /It takes back:[\s\S]*4,250\.00 USD becomes 1,200\.00 USD/);
  server.chargeBetween();
  const sentTo = () => page.waitForRequest((r) => r.url().endsWith('/approvals/apr_a/decision'));
  let sent = sentTo();
  await dialog().getByRole('button', { name: 'Approve answer' }).click();
  assert.deepEqual((await sent).postDataJSON(), { kind: 'approve', reason: 'as the letter says', revision: 1 });
  await dialog().getByRole('alert').getByText('This answer takes back other things now than when you looked at it.').waitFor();
  await says(dialog().getByRole('group', { name: 'It takes back now:' }), /42,500\.00 USD becomes 12,000\.00 USD/);
  await settled(page);
  assert.deepEqual(await violations(page), []);
  await eventually(async () => assert.equal(await dialog().getByLabel('Reason').inputValue(), 'as the letter says'));
  sent = sentTo();
  await dialog().getByRole('button', { name: 'Approve answer' }).click();
  assert.deepEqual((await sent).postDataJSON(), { kind: 'approve', reason: 'as the letter says', revision: 2 });
  await dialog().waitFor({ state: 'detached' });
  await waits().waitFor({ state: 'detached' });
});

test('where no reading is right the parameters are stated, and what can not be used is said at its field', async () => {
  await page.goto(`${server.url}/findings/fnd_gap`);
  await region('Left open by the text').getByRole('button', { name: /^Answer/ }).click();
  await dialog().getByRole('radio', { name: 'None of these: state the parameters' }).check();
  await dialog().getByLabel('Reason').fill('as agreed by letter');
  const save = dialog().getByRole('button', { name: 'Answer', exact: true });
  await eventually(async () => assert.ok(await save.isDisabled(), 'nothing was changed yet'));
  await dialog().locator('[data-field="target"]').fill('120');
  await save.click();
  await dialog().getByText('must lie above 0 and not above 100 percent').first().waitFor();
  await dialog().locator('[data-field="target"]').fill('99.8');
  const sent = page.waitForRequest((r) => r.url().endsWith('/findings/fnd_gap/answer'));
  await save.click();
  assert.deepEqual((await sent).postDataJSON().params, { target: '99.8' });
  await dialog().waitFor({ state: 'detached' });
  await says(page.locator('main'), /600\.00 USD/);
});

test('planned maintenance is stated together, and what can not be is said at its field', async () => {
  await page.goto(`${server.url}/findings/fnd_gap`);
  await region('Left open by the text').getByRole('button', { name: /^Answer/ }).click();
  await dialog().getByRole('radio', { name: 'None of these: state the parameters' }).check();
  await dialog().getByLabel('Reason').fill('as in annex 3');
  await dialog().getByRole('button', { name: 'State the planned maintenance' }).click();
  const group = dialog().getByRole('group', { name: 'Planned maintenance', exact: true });
  await group.getByRole('button', { name: 'State the maintenance hours' }).click();
  const row = group.getByRole('group', { name: 'Weekly hours 1' });
  await row.getByRole('checkbox', { name: 'Sun' }).check();
  await row.getByLabel('From').fill('02:00');
  await row.getByLabel('Until').fill('25:00');
  const allowance = group.locator('[data-field="maintenance_allowance.value"]');
  await allowance.fill('8');
  await settled(page);
  assert.deepEqual(await violations(page), []);
  const save = dialog().getByRole('button', { name: 'Answer', exact: true });
  await save.click();
  await group.getByText('"25:00" is no time of day; write it as 06:00.').waitFor();
  await row.getByLabel('Until').fill('06:00');
  const sent = page.waitForRequest((r) => r.url().endsWith('/findings/fnd_gap/answer'));
  await save.click();
  const { params } = (await sent).postDataJSON();
  assert.deepEqual(params.maintenance_hours, { week: [{ days: ['sun'], from: '02:00', until: '06:00' }] });
  assert.equal(params.maintenance_allowance.value, 8);
  await dialog().waitFor({ state: 'detached' });
});

test('the charge that a credit waits for is stated, and the amount follows', async () => {
  await page.goto(`${server.url}/findings/fnd_charge`);
  const form = page.getByRole('form', { name: 'The charge is missing' });
  await eventually(async () => assert.equal(await form.getByLabel('Service').inputValue(), 'Halden Relay'));
  await eventually(async () => assert.equal(await form.getByLabel('Month').inputValue(), '2025-09'));
  await form.getByLabel('Amount').fill('-1');
  await form.getByRole('button', { name: 'Keep the charge' }).click();
  await form.getByRole('alert').getByText('The charge is no sum').waitFor();
  await form.getByLabel('Amount').fill('12,000.00');
  await form.getByLabel('Reference').fill('INV-25-0912');
  const sent = page.waitForRequest((r) => r.url().endsWith('/contracts/con_acme/charge'));
  await form.getByRole('button', { name: 'Keep the charge' }).click();
  assert.deepEqual((await sent).postDataJSON(), { service: 'Halden Relay', month: '2025-09', amount: { value: '12000.00', currency: 'USD' }, reference: 'INV-25-0912' });
  await form.waitFor({ state: 'detached' });
  await says(page.locator('main'), /1,200\.00 USD/);
});

test('who may not answer is told who may, and sees no button', async () => {
  server.become('approver');
  try {
    await page.goto(`${server.url}/findings/fnd_gap`);
    await says(region('Left open by the text'), /waits for the answer of somebody with the role reviewer/);
    assert.equal(await region('Left open by the text').getByRole('button').count(), 0);
    await page.goto(`${server.url}/findings/fnd_charge`);
    await says(region('The charge is missing'), /Somebody with the role reviewer can state it/);
  } finally {
    server.become('admin');
  }
});

test('last quarter is replayed, with every step, and nothing is kept', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=backtest`);
  await says(region('Replay'), /nothing is kept/);
  await eventually(async () => assert.equal(await page.getByRole('button', { name: 'Last quarter' }).getAttribute('aria-pressed'), 'true'));
  const sent = page.waitForRequest((r) => r.url().endsWith('/contracts/con_acme/backtest'));
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  assert.deepEqual((await sent).postDataJSON(), { from: '2025-10-01', to: '2026-01-01' });
  await says(region('What follows'), /7 events, 3 occurrences[\s\S]*1,200\.00 USD/);
  await says(page.locator('tbody tr', { hasText: '2025-11' }), /Breached[\s\S]*ambiguous/i);
  await says(region('Left open by the text'), /3,000\.00 USD/);
  await says(region('Events that nothing used'), /OUT-77[\s\S]*Perhaps "Halden Relay" is meant/);
  await eventually(async () => assert.equal(await region('What would be different').count(), 0));
  await page.getByRole('button', { name: /^How it was computed.*2025-10/ }).click();
  await says(dialog(), /band of the credit table[\s\S]*10 %/);
  await settled(page);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await settled(page);
  assert.deepEqual(await violations(page), []);
});

test('another target, and an amendment that is left out, show the difference in money', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=backtest`);
  await page.getByRole('combobox', { name: 'Other parameters of an obligation' }).click();
  await page.getByRole('option', { name: 'Keep the service available' }).click();
  await page.locator('[data-field="target"]').fill('120');
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByText('must lie above 0 and not above 100 percent. Which').first().waitFor();
  await page.locator('[data-field="target"]').fill('99.5');
  await page.getByRole('checkbox', { name: /Amendment No\. 1/ }).check();
  const sent = page.waitForRequest((r) => r.url().endsWith('/contracts/con_acme/backtest'));
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  assert.deepEqual((await sent).postDataJSON(), { from: '2025-10-01', to: '2026-01-01', changes: [{ obligation: 'availability', params: { target: '99.5' } }], without: ['con_acme_am1'] });
  await says(region('What follows'), /With another target of[\s\S]*Without Amendment No\. 1/);
  await says(region('What would be different'), /2025-10[\s\S]*Breached[\s\S]*1,200\.00 USD[\s\S]*Met[\s\S]*\u22121,200\.00 USD/);
  await says(region('What would be different'), /As registered, with the amendment[\s\S]*With the change, without the amendment/);
});

test('where an amendment alone is left out, the columns say which side has it, and the form begins with what it states', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=backtest`);
  await page.getByRole('combobox', { name: 'Other parameters of an obligation' }).click();
  await page.getByRole('option', { name: 'Resolve P1 incidents within 4 hours' }).click();
  await eventually(async () => assert.equal(await page.locator('[data-field="target"] input').first().inputValue(), '2'));
  await page.getByRole('checkbox', { name: /Amendment No\. 1/ }).check();
  const sent = page.waitForRequest((r) => r.url().endsWith('/contracts/con_acme/backtest'));
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  assert.deepEqual((await sent).postDataJSON(), { from: '2025-10-01', to: '2026-01-01', without: ['con_acme_am1'] });
  await says(region('What would be different'), /As registered, with the amendment[\s\S]*Without the amendment/);
  await region('Occurrences without the amendment').waitFor();
  await eventually(async () => assert.equal(await page.getByText('With the change').count(), 0));
});

test('what an amendment states today is replayed on all days where that is ticked, and what is as registered says so', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=backtest`);
  await page.getByRole('combobox', { name: 'Other parameters of an obligation' }).click();
  await page.getByRole('option', { name: 'Resolve P1 incidents within 4 hours' }).click();
  const everyDay = page.getByRole('checkbox', { name: 'Target: 2 hours on all days (4 hours from 1 Jul 2024 until 15 Mar 2026)' });
  const same = page.getByText('No parameter of the obligation is changed: it is replayed as it is registered.');
  await same.waitFor();
  await everyDay.check();
  await same.waitFor({ state: 'detached' });
  await settled(page);
  assert.deepEqual(await violations(page), []);
  const replay = async () => {
    const sent = page.waitForRequest((r) => r.url().endsWith('/contracts/con_acme/backtest'));
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    return (await sent).postDataJSON().changes;
  };
  assert.deepEqual(await replay(), [{ obligation: 'resolution_time/P1', params: { target: { value: 2, unit: 'hour' } } }]);
  await page.locator('[data-field="target"] input').first().fill('3'); // what is changed counts on all days without a tick
  await everyDay.waitFor({ state: 'detached' });
  assert.deepEqual(await replay(), [{ obligation: 'resolution_time/P1', params: { target: { value: 3, unit: 'hour' } } }]);
});

test('a period in which nothing falls due says so', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=backtest&from=2026-01-01&to=2026-03-31`);
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByRole('heading', { name: 'Nothing falls into this period' }).waitFor();
});

const charges = 'No,Service,Month,Amount,Remark\nC-1,Halden Relay,2026-01,12000.00,\nC-2,Halden Relay,2026-02,many,by phone\n';

test('a table of events is mapped, looked at and brought; what is rejected is kept and can be taken away', async () => {
  await page.goto(`${server.url}/connections?tab=tables`);
  await says(region('Brought before'), /payments-february\.csv[\s\S]*Mira Okafor/);
  await page.locator('input[type=file]').setInputFiles({ name: 'charges.csv', mimeType: 'text/csv', buffer: Buffer.from(charges) });
  const column = (name) => page.getByRole('group', { name, exact: true });
  await says(column('Amount'), /12000\.00[\s\S]*\bamount/); // guessed from the heading
  assert.doesNotMatch(await column('Remark').innerText(), /amount|service/);
  const take = page.getByRole('button', { name: 'Bring it' });
  await eventually(async () => assert.ok(await take.isDisabled(), 'nothing is brought unseen'));
  await page.getByRole('combobox', { name: 'Kind of event' }).click();
  await page.getByRole('option', { name: 'Charge' }).click();
  await page.getByText('Judged from it: availability').waitFor();
  await column('No').getByRole('combobox', { name: 'Meaning of No' }).click(); // a column can mean two things
  await page.getByRole('option', { name: 'subject', exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add a value' }).click();
  await page.getByRole('group', { name: 'The same for every line 1' }).getByRole('combobox', { name: 'Field' }).click();
  await page.getByRole('option', { name: /currency/i }).click();
  await page.getByLabel('Value', { exact: true }).fill('USD');
  await settled(page);
  assert.deepEqual(await violations(page), []);
  const looked = page.waitForRequest((r) => r.url().endsWith('/events/import'));
  await page.getByRole('button', { name: 'Look at it' }).click();
  assert.deepEqual((await looked).postDataJSON(), { business_unit: 'default', name: 'charges.csv', csv: charges, dry_run: true, mapping: { kind: 'charge', columns: [{ column: 'No', field: 'external_id' }, { column: 'No', field: 'subject' }, { column: 'Service', field: 'data.service' }, { column: 'Month', field: 'data.month' }, { column: 'Amount', field: 'data.amount.value' }], fixed: [{ field: 'data.amount.currency', value: 'USD' }], dates: 'iso', decimal: 'point', zone: 'UTC' } });
  await says(region('What would be taken'), /nothing was kept[\s\S]*Rejected\s*1/);
  await says(region('Lines that are not taken'), /3[\s\S]*"many" is no number[\s\S]*C-2,Halden Relay,2026-02,many,by phone/);
  await says(region('The first events as they are read'), /Halden Relay[\s\S]*names contract SA-2023-789/);
  const [file] = await Promise.all([page.waitForEvent('download'), region('Lines that are not taken').getByRole('button', { name: 'Download' }).click()]);
  assert.equal(file.suggestedFilename(), 'rejected-charges.csv');
  await page.getByLabel('Zone of times').fill('Europe/Berlin');
  await eventually(async () => assert.ok(await take.isDisabled(), 'another mapping is looked at again'));
  await page.getByRole('button', { name: 'Look at it' }).click();
  await region('What would be taken').waitFor();
  await take.click();
  await region('What was taken').waitFor();
  await says(region('Brought before'), /charges\.csv/);
  await settled(page);
  assert.deepEqual(await violations(page), []);
  await region('Brought before').getByRole('button', { name: 'charges.csv' }).click();
  await says(dialog(), /"many" is no number/);
});

test('a mapping that lacks what is needed is refused with the reason, and that of an earlier table is taken over', async () => {
  await page.goto(`${server.url}/connections?tab=tables`);
  await page.locator('input[type=file]').setInputFiles({ name: 'march.csv', mimeType: 'text/csv', buffer: Buffer.from('Number,Paid,On\nP-9,10.00,1.3.2026\n') });
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.getByRole('alert').getByText('map a column to external_id').first().waitFor();
  await page.getByRole('combobox', { name: 'Columns as in' }).click();
  await page.getByRole('option', { name: 'payments-february.csv' }).click();
  await says(page.getByRole('group', { name: 'Paid', exact: true }), /\bamount/);
  await eventually(async () => assert.equal(await page.getByRole('combobox', { name: 'Kind of event' }).inputValue(), 'Payment'));
  await eventually(async () => assert.match(await page.getByRole('combobox', { name: 'Dates' }).inputValue(), /Day first/));
});

test('who may not bring tables still sees what was brought', async () => {
  server.become('reviewer');
  try {
    await page.goto(`${server.url}/connections?tab=tables`);
    await page.getByText('Tables are brought with the role connector or admin').waitFor();
    await says(region('Brought before'), /payments-february\.csv/);
    assert.equal(await page.locator('input[type=file]').count(), 0);
  } finally {
    server.become('admin');
  }
});

// What the other systems sent and what was found for it: events without a contract, and the webhook of a connection.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { start } from '../dev/server.mjs';
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

/** Until the text of a part of the page is as it must be: its facts come with several answers. */
const says = (part, wanted) => eventually(async () => assert.match(await part.innerText(), wanted));
const card = (name) => page.locator(`section.panel[aria-label^="${name}"]`);

test('a ticket without a contract shows why, and is matched by hand to one of its candidates', async () => {
  await page.goto(`${server.url}/connections?tab=unmatched`);
  const ticket = card('INC0013007');
  await ticket.waitFor();
  await says(ticket, /Labels do not print[\s\S]*Acme[\s\S]*3 events[\s\S]*two companies are as close[\s\S]*91 %/);
  await ticket.getByLabel('Note (optional)').fill('the order number is theirs');
  const sent = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/events/evt_u1/decision'));
  const posts = [];
  page.on('request', (r) => { if (r.method() === 'POST') posts.push(r.url()); });
  await ticket.getByRole('button', { name: 'This one: Order form 3391' }).dblclick(); // the second click decides nothing
  assert.deepEqual((await sent).postDataJSON(), { kind: 'match', contract_id: 'con_tidewater', reason: 'the order number is theirs' });
  await ticket.waitFor({ state: 'detached' });
  await settled(page);
  assert.equal(posts.length, 1);
  assert.doesNotMatch(await page.locator('.toasts').innerText(), /already/);
});

test('a contract that is no candidate is found by its words', async () => {
  await page.goto(`${server.url}/connections?tab=unmatched`);
  const outage = card('Halden Relay');
  await outage.waitFor();
  await outage.getByLabel('Another contract: Halden Relay').fill('Hosting');
  await page.getByRole('option', { name: /Hosting Agreement/ }).click();
  const sent = page.waitForRequest((r) => r.url().endsWith('/events/evt_u2/decision'));
  await outage.getByRole('button', { name: 'Match' }).click();
  assert.equal((await sent).postDataJSON().contract_id, 'con_veridian');
  await outage.waitFor({ state: 'detached' });
});

test('an event is set aside with a reason, stays in its list, and can be taken back', async () => {
  await page.goto(`${server.url}/connections?tab=unmatched`);
  const outage = card('Halden Relay');
  await outage.getByRole('button', { name: 'Set aside' }).click();
  const dialog = page.getByRole('dialog');
  await eventually(async () => assert.ok(await dialog.getByRole('button', { name: 'Set aside' }).isDisabled()));
  await dialog.getByLabel('Reason').fill('A service of our own.');
  await dialog.getByRole('button', { name: 'Set aside' }).click();
  await outage.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Set aside' }).click();
  await page.waitForSelector('.panel:has-text("A service of our own.")');
  await page.getByRole('button', { name: 'Take back: Halden Relay' }).click();
  await outage.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Waiting' }).click();
  await outage.waitFor();
});

test('only the tab that is shown is called the current page', async () => {
  await page.goto(`${server.url}/connections?tab=unmatched`);
  await card('INC0013007').waitFor();
  await settled(page);
  await eventually(async () => assert.deepEqual(await page.locator('.tabs [aria-current="page"]').allInnerTexts(), ['Without a contract']));
});

test('the webhook is registered from the page; a refusal is shown with its reason', async () => {
  await page.goto(`${server.url}/connections/cnn_clm`);
  const panel = page.locator('section.panel[aria-label="Webhook"]');
  await panel.getByText('Not registered').waitFor();
  await says(panel, /fetched 27 Mar 2026[\s\S]*Last event[\s\S]*27 Mar 2026, 10:40/);
  await panel.getByRole('button', { name: 'Register webhook' }).click();
  await panel.getByRole('alert').getByText('the target address must begin with https').waitFor();
  await panel.getByRole('button', { name: 'Try again' }).click();
  await panel.getByText('Registered', { exact: true }).waitFor();
  await says(panel, /Last registered[\s\S]*by Mira Okafor[\s\S]*workflow completed/);
  await panel.getByRole('button', { name: 'Register again' }).waitFor();
});

test('a question on a term names its days as every other line does', async () => {
  await page.route('**/api/v1/contracts/con_acme/in-force*', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const term = body.items.find((f) => f.name === 'notice_period');
    delete term.value;
    term.question = 'What is the notice period from 2026-03-15 on?';
    return route.fulfill({ response: answer, json: body });
  });
  await page.goto(`${server.url}/contracts/con_acme?on=2026-03-20`);
  await says(page.locator('.term-head:has-text("Notice period")'), /What is the notice period from 15 Mar 2026 on\?/);
});

test('the terms of a day: what holds, what it took the place of, what comes', async () => {
  await page.goto(`${server.url}/contracts/con_acme`);
  const notice = page.locator('.term-head:has-text("Notice period")');
  await says(notice, /90 days[\s\S]*governed by Amendment No\. 1, from 15 Mar 2026[\s\S]*60 days[\s\S]*Master Subscription Agreement/);
  await notice.click();
  await says(page.locator('.term:has-text("Notice period")').first(), /Why this holds: Later over earlier: Amendment No\. 1 holds from 15 Mar 2026[\s\S]*The notice period of Section 3\.2 is ninety/);
  await eventually(async () => assert.equal(await notice.locator('del').innerText(), '60 days'));
  await page.getByLabel('As of').fill('2026-03-14');
  await page.waitForSelector('h2:has-text("In force on 14 Mar 2026")');
  await page.waitForSelector('.term-head:has-text("Notice period"):has-text("from 15 Mar 2026 90 days")');
  await eventually(async () => assert.equal(await notice.locator('del').count(), 0));
  await page.waitForURL(/on=2026-03-14/);
  await page.getByLabel('As of').fill('2020-01-01');
  await page.waitForSelector('.empty:has-text("Nothing was in force on 1 Jan 2020")');
  await page.getByRole('button', { name: 'Today' }).click();
  await page.waitForSelector('h2:text-is("In force")');
});

test('a mapping says its constants, what it does without fields, and where it comes from', async () => {
  await page.goto(`${server.url}/connections/cnn_crm?tab=mapping`);
  await page.getByText('Version 3 of the mapping.').waitFor();
  const main = page.locator('#main');
  await says(main, /always Contract Executed[\s\S]*StageName[\s\S]*mark while a review is open[\s\S]*No field of its own[\s\S]*always Not Started/);
  await eventually(async () => assert.deepEqual(await page.locator('.tabs a').allInnerTexts(), ['Streams', 'Writes', 'Dry run', 'Mapping', 'Settings'])); // it sends no webhooks
  await page.goto(`${server.url}/connections/cnn_clm?tab=mapping`);
  await page.getByText('nobody has replaced it').waitFor();
  await page.locator('.tabs').getByText('Webhooks').waitFor();
});

test('a link to confirm names its contract and its system', async () => {
  await page.goto(`${server.url}/connections?tab=links`);
  const link = card('Account: Acme Corporation');
  await link.waitFor();
  await says(link, /Master Subscription Agreement · SA-2023-789 · Salesforce/);
  await link.getByRole('button', { name: 'This one: Acme Corp', exact: true }).waitFor();
});

test('the audit log says in words what was done to what', async () => {
  await page.goto(`${server.url}/audit`);
  const row = page.getByRole('row').filter({ hasText: 'Wrote to another system' });
  await says(row, /Pactloop: exchange[\s\S]*Master Subscription Agreement · Acme Corporation/);
  await row.getByRole('button').click();
  await page.getByRole('dialog').getByText('action.write', { exact: true }).waitFor(); // the word of the API stands in the entry
});

test('a passage leads to its place in the document', async () => {
  await page.goto(`${server.url}/contracts/con_acme`);
  await page.locator('.term-head:has-text("Governing law")').click();
  await page.locator('.term-body').getByRole('link', { name: 'show in document' }).click();
  await page.waitForURL(/tab=clauses&document=doc_acme&at=\d+-\d+/);
  await page.waitForSelector('.pdf-mark[data-active="true"]');
});

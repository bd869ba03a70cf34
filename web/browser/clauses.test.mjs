// What a document says where, in a real browser: clauses beside the document, words, references, and contracts by their clauses.
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

/** The parts of what the document says: clauses, definitions, references, signatures. The page beside them may hold the same word. */
const show = (page, part) => page.getByRole('radiogroup', { name: 'Show' }).getByText(part, { exact: true }).click();
const says = (part, wanted) => eventually(async () => assert.match(await part.innerText(), wanted));
/** Until the words under the mark in the document are these. */
const marked = (wanted) => eventually(async () => {
  await settled(page);
  const under = await page.evaluate(() => {
    const marks = [...document.querySelectorAll('.pdf-mark[data-active="true"]')].map((m) => m.getBoundingClientRect());
    const pane = document.querySelector('.doc-scroll').getBoundingClientRect();
    if (!marks.some((m) => m.top > pane.top && m.bottom < pane.bottom)) return 'no mark inside the view';
    return [...document.querySelectorAll('.textLayer span')].filter((s) => { const r = s.getBoundingClientRect(); const y = (r.top + r.bottom) / 2; return marks.some((m) => y > m.top && y < m.bottom && r.right > m.left && r.left < m.right); }).map((s) => s.textContent).join(' ');
  });
  assert.match(under, wanted);
});

test('the clauses of a contract stand by kind beside the document, and each is shown where it stands', async () => {
  await page.goto(`${server.url}/contracts/con_acme`);
  await page.locator('.tabs').getByText('Clauses', { exact: true }).click();
  await says(page.locator('section[aria-label="Cap on liability"]'), /Is liability limited[\s\S]*clause 10\.2[\s\S]*97 %[\s\S]*total aggregate liability/);
  await page.getByRole('button', { name: /laws of the State of Delaware/ }).click();
  await marked(/State of Delaware/);
  await page.getByRole('button', { name: /total aggregate liability/ }).click();
  await marked(/aggregate liability/);
  await page.waitForSelector('.clause[aria-pressed="true"]:has-text("total aggregate liability")');
});

test('what was not found is listed as absent, and a kind can be chosen', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=clauses`);
  await says(page.getByRole('region', { name: 'Not found: 2 kinds' }), /Non-compete\s*2 %[\s\S]*Change of control\s*31 %/);
  await page.getByRole('combobox', { name: 'Kind of clause' }).click();
  await page.getByRole('option', { name: 'Notice against renewal (2)' }).click();
  await page.waitForURL(/kind=notice_to_terminate_renewal/);
  await eventually(async () => assert.equal(await page.locator('.clause').count(), 2));
  await page.goto(`${server.url}/contracts/con_acme?tab=clauses&kind=non_compete`);
  await page.waitForSelector('.empty:has-text("Non-compete: none was found")');
});

test('defined words with their uses, references with their targets, and who signs', async () => {
  await page.goto(`${server.url}/contracts/con_acme?tab=clauses`);
  await show(page, 'Definitions');
  await says(page.locator('.clause-rows'), /Effective Date[\s\S]*July 1, 2024[\s\S]*used 1 time/);
  await page.getByRole('button', { name: 'Use in clause 4.1' }).click();
  await marked(/June 30, 2026/);
  await show(page, 'References');
  await says(page.locator('.clause-rows'), /clause 10\.2[\s\S]*leads to 10\.2 Limit of liability[\s\S]*Section 99[\s\S]*nothing here has this number[\s\S]*another document/);
  await page.getByRole('button', { name: /leads to/ }).click();
  await marked(/aggregate liability/);
  await show(page, 'Signatures');
  await says(page.locator('.clause-rows'), /Halden Systems, Inc\.[\s\S]*signed[\s\S]*Dana Wolff · Chief Executive Officer · 28 Jun 2024[\s\S]*Acme Corporation[\s\S]*nothing on the line/);
});

test('the workbench shows clauses beside the document and comes back to the values as they were', async () => {
  await page.goto(`${server.url}/reviews/rev_acme`);
  await page.waitForSelector('.cand[data-current="true"] .cand-head:focus');
  await page.keyboard.press('j');
  await page.waitForSelector('.cand[data-current="true"]:has-text("Auto-renewal")');
  await page.locator('.side-bar').getByText('Clauses', { exact: true }).click();
  await page.getByRole('button', { name: /laws of the State of Delaware/ }).click();
  await marked(/State of Delaware/);
  await page.locator('.side-bar').getByText('Values', { exact: true }).click();
  await page.waitForSelector('.cand[data-current="true"]:visible:has-text("Auto-renewal")');
});

test('contracts are found by a clause that they have or lack', async () => {
  await page.goto(`${server.url}/clauses`);
  const row = page.locator('tr:has-text("Change of control")');
  await says(row, /What follows when a side is sold[\s\S]*7 contracts[\s\S]*1 contract/);
  await row.getByRole('link', { name: '7 contracts' }).click();
  await page.waitForURL(/\/contracts\?with_clause=change_of_control/);
  await eventually(async () => assert.equal(await page.locator('tbody tr').count(), 1));
  await eventually(async () => assert.equal(await page.getByRole('combobox', { name: 'Has clause' }).inputValue(), 'Change of control'));
});

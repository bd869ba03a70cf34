// A person at the workbench, in Chromium: run by browser_test.go with the address, the review and who signs in.
//   node browser.mjs review    decides every value of REVIEW by keys, corrects the notice period to DAYS, and finishes; a second
//                              session sees the first decision without loading anything again
//   node browser.mjs tour      opens every page in both themes: nothing that axe finds, no word on the console; pictures in SHOTS
//   node browser.mjs shots     pictures of the workbench (REVIEW) and the overview into SHOTS
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { settled, watch } from '../web/browser/browser.mjs';

const web = createRequire(new URL('../web/package.json', import.meta.url));
const { chromium } = web('playwright-core');
const { BASE, EMAIL, PASSWORD, REVIEW, CONTRACT, DAYS, SHOTS, TITLE } = process.env;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
watch(page);
page.setDefaultTimeout(180_000);
const dialogs = [];
const violations = [];
page.on('dialog', (d) => { dialogs.push(d.message()); void d.dismiss(); });
page.on('console', (m) => { if (/Content Security Policy/.test(m.text())) violations.push(m.text()); });

const status = () => page.locator('.bench-foot [role=status]').innerText();
const said = (before) => page.waitForFunction((old) => {
  const now = document.querySelector('.bench-foot [role=status]')?.textContent ?? '';
  return now !== '' && now !== old;
}, before);

async function signIn(page) {
  await page.goto(`${BASE}/sign-in`);
  await page.fill('input[name=email]', EMAIL);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForSelector('h1:has-text("Overview")');
}

async function open(page) {
  await page.goto(`${BASE}/reviews/${REVIEW}`);
  await page.waitForSelector('.cand[data-current="true"] .cand-head:focus');
  await page.locator('.pdf-mark').first().waitFor();
}

// decide takes the value under the hand: what can be accepted is, the rest does not stand in the contract.
async function decide(label) {
  const before = await status();
  if (label === 'Notice period') {
    await page.keyboard.press('e');
    await page.getByLabel('Number', { exact: true }).fill(DAYS);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.bench-foot [role=status]:has-text("Notice period corrected")');
    return 'corrected';
  }
  await page.keyboard.press('a');
  await said(before);
  if (/accepted/.test(await status())) return 'accepted';
  const missing = (await page.locator('.cand[data-current="true"]').getAttribute('data-state')) === 'not_found';
  await page.keyboard.press('r');
  if (missing) { // the decision is the absence itself: no reason is asked for
    await page.waitForSelector('.bench-foot [role=status]:has-text("is marked as absent")');
    return 'rejected';
  }
  await page.keyboard.press('3');
  await page.waitForSelector('.bench-foot [role=status]:has-text("rejected")');
  return 'rejected';
}

async function review() {
  await signIn(page);
  if (TITLE) { // a title that is markup stands there as text
    await page.goto(`${BASE}/contracts`);
    await page.getByText(TITLE, { exact: false }).first().waitFor();
  }
  const other = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  other.setDefaultTimeout(180_000);
  await signIn(other);
  await open(other);
  await other.waitForSelector('.live[data-state="live"]', { state: 'attached' });
  const undecided = await other.locator('.progress').innerText();
  await other.evaluate(() => { globalThis.sameDocument = true; });
  await open(page);
  const counts = {};
  for (let i = 0; i < 80; i++) {
    const open = page.locator('.cand[data-state="open"], .cand[data-state="not_found"]');
    const left = await open.count();
    if (left === 0) break;
    await open.first().locator('.cand-head').click();
    await page.waitForSelector('.cand[data-current="true"]');
    const label = await page.locator('.cand[data-current="true"] .cand-label').innerText();
    const kind = await decide(label.trim());
    counts[kind] = (counts[kind] ?? 0) + 1;
    await page.waitForFunction((n) => document.querySelectorAll('.cand[data-state="open"], .cand[data-state="not_found"]').length < n, left);
    if (i === 0) {
      await other.waitForFunction((text) => document.querySelector('.progress')?.innerText !== text && globalThis.sameDocument, undecided);
      await other.context().close();
    }
  }
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.bench-bar:has-text("Finished")');
  console.log(JSON.stringify(counts));
}

async function shots() {
  await signIn(page);
  await settled(page);
  await page.screenshot({ path: `${SHOTS}/overview.png` });
  await open(page);
  await page.locator('.pdf-mark[data-active="true"]').first().waitFor();
  await settled(page);
  await page.screenshot({ path: `${SHOTS}/workbench.png` });
}

/** What axe finds on the page as it stands. */
async function wrong(axe) {
  await page.evaluate(axe); // not a script tag: the content security policy would rightly refuse it
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return found.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} (${n.failureSummary})`).join(' | ').slice(0, 500)}`);
}

/** Every page over the data of the month, in both themes. */
async function tour() {
  const axe = readFileSync(web.resolve('axe-core/axe.min.js'), 'utf8');
  const noise = [];
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) noise.push(m.text()); });
  page.on('pageerror', (e) => noise.push(e.message));
  await signIn(page);
  const first = async (path) => (await (await page.request.get(`${BASE}/api/v1${path}`)).json()).items?.[0];
  const [finding, connection] = [await first('/findings'), await first('/connections')];
  const contract = `/contracts/${CONTRACT}`;
  const pages = ['/', '/reviews', `/reviews/${REVIEW}`, `/reviews/${REVIEW}?side=clauses`, '/findings', '/findings?tab=approvals', `/findings/${finding.finding.id}`, '/obligations', '/obligations?view=calendar', '/renewals', '/claims', '/contracts', contract,
    ...['clauses', 'family', 'obligations', 'findings', 'backtest', 'timeline', 'documents', 'audit'].map((tab) => `${contract}?tab=${tab}`), `${contract}?tab=clauses&part=definitions`, `${contract}?tab=clauses&part=references`, `${contract}?tab=clauses&part=signatures`, '/clauses',
    '/connections', '/connections?tab=links', '/connections?tab=unmatched', '/connections?tab=tables', ...['', '?tab=actions', '?tab=deliveries', '?tab=mapping', '?tab=settings'].map((tab) => `/connections/${connection.connection.id}${tab}`), '/audit', '/settings', '/settings?tab=keys', '/settings?tab=policies', '/settings?tab=engines'];
  const found = [];
  for (const path of pages) {
    await page.goto(BASE + path);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      for (const w of await wrong(axe)) found.push(`${path} in ${colorScheme}: ${w}`);
      if (SHOTS) await picture(path, colorScheme);
    }
  }
  if (found.length + noise.length > 0) throw new Error([...found, ...noise].join('\n'));
  console.log(`${pages.length} pages in both themes`);
}

/** The page on a desk and on a phone. */
async function picture(path, theme) {
  const name = path.replace(/[^a-z]+/gi, '-').replace(/^-|-$/g, '').replaceAll(REVIEW, 'review') || 'overview';
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await settled(page);
    await page.screenshot({ path: `${SHOTS}/${name.slice(0, 70)}-${theme}-${width}.png` });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

try {
  await ({ shots, tour, review }[process.argv[2]]());
  if (dialogs.length > 0 || violations.length > 0) throw new Error(`the page ran what it should show: ${dialogs.join()} ${violations.join()}`);
} catch (error) {
  console.error(error);
  console.error(`status: ${await status().catch(() => 'none')}, at ${page.url()}`);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/failed.png` });
  process.exitCode = 1;
} finally {
  await browser.close();
}

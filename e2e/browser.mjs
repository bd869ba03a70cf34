// A person at the workbench, in Chromium: run by browser_test.go with the address, the review and who signs in.
//   node browser.mjs review    decides every value of REVIEW by keys, corrects the notice period to DAYS, and finishes
//   node browser.mjs shots     pictures of the workbench (REVIEW) and the overview into SHOTS
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../web/package.json', import.meta.url))('playwright-core');
const { BASE, EMAIL, PASSWORD, REVIEW, DAYS, SHOTS, TITLE } = process.env;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
page.setDefaultTimeout(60_000);
const dialogs = [];
const violations = [];
page.on('dialog', (d) => { dialogs.push(d.message()); void d.dismiss(); });
page.on('console', (m) => { if (/Content Security Policy/.test(m.text())) violations.push(m.text()); });

const status = () => page.locator('.bench-foot [role=status]').innerText();
const said = (before) => page.waitForFunction((old) => {
  const now = document.querySelector('.bench-foot [role=status]')?.textContent ?? '';
  return now !== '' && now !== old;
}, before);

async function signIn() {
  await page.goto(`${BASE}/sign-in`);
  await page.fill('input[name=email]', EMAIL);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForSelector('h1:has-text("Overview")');
}

async function open() {
  await page.goto(`${BASE}/reviews/${REVIEW}`);
  await page.waitForSelector('.cand[data-current="true"]');
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
  await signIn();
  if (TITLE) { // a title that is markup stands there as text
    await page.goto(`${BASE}/contracts`);
    await page.getByText(TITLE, { exact: false }).first().waitFor();
  }
  await open();
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
  }
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.bench-bar:has-text("Finished")');
  console.log(JSON.stringify(counts));
}

async function shots() {
  await signIn();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: `${SHOTS}/overview.png` });
  await open();
  await page.waitForFunction(() => document.querySelectorAll('.textLayer span').length > 20);
  await page.locator('.pdf-mark[data-active="true"]').first().waitFor();
  await page.screenshot({ path: `${SHOTS}/workbench.png` });
}

try {
  await (process.argv[2] === 'shots' ? shots() : review());
  if (dialogs.length > 0 || violations.length > 0) throw new Error(`the page ran what it should show: ${dialogs.join()} ${violations.join()}`);
} catch (error) {
  console.error(error);
  console.error(`status: ${await status().catch(() => 'none')}, at ${page.url()}`);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/failed.png` });
  process.exitCode = 1;
} finally {
  await browser.close();
}

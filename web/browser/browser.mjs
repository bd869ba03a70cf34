// The browser of the tests: Chromium of the system, never a download. And how tests wait: for what must be seen, never for
// a time. PACTLOOP_SLOW=1 makes every answer of the fixture server late by chance, which
// finds what relies on the order or the speed of things.
import { chromium } from 'playwright-core';

/** What a wait may take on a machine that does much else. Nothing waits this long where all is well. */
export const patience = 180_000;

export const open = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', timeout: patience, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });

const pending = new WeakMap();

/** A page in a context of its own, whose requests are counted for settled. */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  // What the content security policy refuses fails the test that runs: a page must not need what the product does not allow.
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) setImmediate(() => { throw new Error(`${page.url()}: ${message.text()}`); }); });
  watch(page);
  return page;
}

/** Counts the requests of a page that are under way, for settled. The stream of live updates never ends and is no work. */
export function watch(page) {
  const open = new Set();
  pending.set(page, open);
  page.on('request', (r) => { if (r.resourceType() !== 'eventsource') open.add(r); });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => open.delete(r));
}

/** Until the page has come to rest: its title stands, nothing is being fetched, loaded, drawn or moved. */
export async function settled(page) {
  await page.waitForSelector('h1, [role=alert]');
  const open = pending.get(page);
  const still = () => page.evaluate(async () => {
    const frame = () => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
    for (let i = 0; i < 2; i++) { // what was just drawn may ask for more
      if (document.querySelector('[aria-busy="true"]')) return false;
      if (document.getAnimations().some((a) => a.playState === 'running' && a.effect?.getComputedTiming().iterations !== Infinity)) return false;
      await frame();
    }
    return true;
  });
  const began = Date.now();
  for (let quiet = 0; quiet < 2;) {
    if (Date.now() - began > patience) throw new Error(`the page does not come to rest: ${[...open].map((r) => r.url()).join(', ') || 'something is loading, drawn or moving'}`);
    quiet = open.size === 0 && await still() && open.size === 0 ? quiet + 1 : 0;
    if (quiet === 0) await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
}

/** Until the check passes; its last complaint is the failure. */
export async function eventually(check) {
  const began = Date.now();
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() - began > patience) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 25); });
    }
  }
}

export async function signIn(page, url) {
  await page.goto(`${url}/sign-in`);
  await page.fill('input[name=email]', 'mira@halden.example');
  await page.fill('input[name=password]', 'correct horse');
  await page.click('button[type=submit]');
  await page.waitForSelector('h1:has-text("Overview")');
}

// The browser of the tests: Chromium of the system, never a download.
import { chromium } from 'playwright-core';

export const open = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });

export async function signIn(page, url) {
  await page.goto(`${url}/sign-in`);
  await page.fill('input[name=email]', 'mira@halden.example');
  await page.fill('input[name=password]', 'correct horse');
  await page.click('button[type=submit]');
  await page.waitForSelector('h1:has-text("Overview")');
}

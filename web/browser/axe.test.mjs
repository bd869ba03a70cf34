// Every page, in both themes: axe finds nothing, the console stays silent, and the page answers its question.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../dev/server.mjs';
import { violations } from './axe.mjs';
import { eventually, newPage, open, settled, signIn } from './browser.mjs';

const pages = [
  '/', '/reviews', '/reviews/rev_acme', '/reviews/rev_solvane', '/reviews/rev_scan', '/reviews/rev_duties', '/contracts', '/contracts/con_acme', '/contracts/con_acme?tab=clauses', '/contracts/con_acme?tab=clauses&part=definitions', '/contracts/con_acme?tab=clauses&part=references', '/contracts/con_acme?tab=clauses&part=signatures', '/contracts/con_acme?tab=clauses&kind=non_compete', '/contracts/con_solvane?tab=clauses', '/reviews/rev_acme?side=clauses', '/clauses', '/contracts?with_clause=governing_law', '/contracts/con_acme?tab=family', '/contracts/con_acme?tab=obligations', '/contracts/con_acme?tab=findings', '/contracts/con_acme?tab=backtest', '/contracts/con_acme_am1?tab=backtest', '/contracts/con_solvane?tab=backtest', '/contracts/con_acme?tab=timeline',
  '/contracts/con_riverbend?tab=documents', '/contracts/con_acme?tab=audit', '/findings', '/findings?tab=approvals', '/findings/fnd_uptime', '/findings/fnd_p1', '/connections', '/connections?tab=links', '/connections?tab=unmatched', '/connections?tab=unmatched&aside=yes', '/connections?tab=tables', '/contracts/con_acme?on=2025-01-01', '/contracts/con_acme?on=2020-01-01', '/connections/cnn_clm', '/connections/cnn_crm?tab=actions',
  '/connections/cnn_clm?tab=actions', '/connections/cnn_itsm?tab=actions', '/connections/cnn_clm?tab=mapping', '/connections/cnn_crm?tab=dry', '/connections/cnn_clm?tab=deliveries', '/connections/cnn_crm?tab=mapping', '/connections/cnn_clm?tab=settings', '/audit', '/settings', '/settings?tab=keys', '/settings?tab=policies', '/settings?tab=engines', '/obligations', '/obligations?side=ours&state=none', '/obligations?view=calendar', '/renewals', '/renewals?window=730', '/renewals?window=evergreen', '/claims', '/claims?state=claimed', '/findings/fnd_claimed', '/findings/fnd_gap', '/findings/fnd_charge', '/contracts?q=nothing-like-it', '/no-such-page', '/findings/fnd_missing',
];

// Faces of the workbench that only work brings up.
const faces = {
  'a term that was not found': async (page) => { await page.locator('.cand-head:has-text("Claim window")').click(); await page.waitForSelector('[data-reading="3"]'); },
  'the form of an obligation': async (page) => { await page.locator('.cand-head:has-text("Resolution time")').click(); await page.keyboard.press('e'); await page.getByRole('button', { name: /more parameter/ }).last().click(); await page.waitForSelector('[data-field="on_reopen"]'); },
  'errors at their fields': async (page) => { await page.locator('.cand-head:has-text("Resolution time")').click(); await page.keyboard.press('e'); await page.getByLabel('Thresholds').fill('most'); await page.getByRole('button', { name: 'Save' }).click(); await page.waitForSelector('[role=alert]'); await page.waitForFunction(() => !document.querySelector('[data-loading]')); },
  'adding a value': async (page) => { await page.locator('.desk-bar label:has-text("Missing")').click(); await page.getByRole('button', { name: 'Currency' }).click(); await page.getByLabel('Text').waitFor(); },
  'what was selected': async (page) => { await page.keyboard.press('/'); await page.keyboard.type('thirty (30) days'); await page.waitForSelector('.pdf-mark[data-tone="found"]'); await page.keyboard.press('Enter'); await page.waitForSelector('.selected'); },
};

// What opens above a page: each locks the scrolling behind it, and must do so within the content security policy.
const dialogs = {
  'upload': ['/contracts', (page) => page.getByRole('button', { name: 'Upload' }).click()],
  'the command bar': ['/contracts', (page) => page.keyboard.press('Control+k')],
  'a person': ['/settings', (page) => page.getByRole('button', { name: 'Jon Aldous' }).click()],
  'a new key': ['/settings?tab=keys', (page) => page.getByRole('button', { name: 'New key' }).click()],
  'a policy': ['/settings?tab=policies', (page) => page.getByRole('button', { name: 'New version' }).first().click()],
  'a connection': ['/connections', (page) => page.getByRole('button', { name: 'New connection' }).click()],
  'an audit entry': ['/audit', (page) => page.getByRole('button', { name: 'Corrected a value' }).click()],
  'a reason': ['/connections?tab=unmatched', (page) => page.getByRole('button', { name: 'Set aside' }).first().click()],
  'the own password': ['/', async (page) => { await page.getByRole('button', { name: /Mira Okafor/ }).click(); await page.getByRole('menuitem', { name: 'Change password' }).click(); }],
  'an answer': ['/findings/fnd_gap', async (page) => { await page.getByRole('button', { name: /^Answer:/ }).click(); await page.getByRole('radio', { name: /None of these/ }).check(); }],
  'a rule of what passes on': ['/contracts/con_acme?tab=obligations', async (page) => { await page.getByRole('button', { name: /^Pass on:/ }).first().click(); await page.getByRole('checkbox', { name: 'Statements of work' }).check(); await page.getByText('gets a line of its own').waitFor(); }],
  'a plan of check-ins': ['/contracts/con_acme?tab=obligations', (page) => page.getByRole('button', { name: /^Plan check-ins:/ }).first().click()],
  'a check-in': ['/obligations', (page) => page.getByRole('button', { name: /^Check in:/ }).first().click()],
  'steps of an escalation': ['/settings?tab=policies', async (page) => { await page.getByRole('region', { name: 'Escalation', exact: true }).getByRole('button', { name: 'New version' }).click(); await page.getByRole('button', { name: 'Add a step' }).click(); }],
  'a conflict': ['/reviews/rev_acme', async (page) => { await page.locator('.cand-head:has-text("Notice period")').click(); server.conflictOnce(); await page.keyboard.press('r'); await page.keyboard.press('2'); }],
};

let server;
let browser;
before(async () => { server = await start(); browser = await open(); });
after(async () => { await browser?.close(); server?.close(); });

for (const theme of ['light', 'dark']) {
  test(`every page is accessible and silent in ${theme}`, async (t) => {
    const page = await newPage(browser, { colorScheme: theme });
    const noise = [];
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) noise.push(message.text()); });
    page.on('pageerror', (error) => noise.push(error.message));
    await page.goto(`${server.url}/sign-in`);
    await settled(page);
    assert.deepEqual(await violations(page), [], 'sign-in');
    await signIn(page, server.url);
    for (const path of pages) {
      await t.test(path, async () => {
        noise.length = 0;
        await page.goto(server.url + path);
        if (path === '/reviews/rev_acme') await page.waitForSelector('.pdf-mark[data-active="true"]');
        await settled(page);
        assert.deepEqual(await violations(page), []);
        // A refused request is logged by the browser itself; the page shows it.
        assert.deepEqual(noise.filter((n) => !/the server responded with a status of (404|401)/.test(n)), []);
      });
    }
    for (const [name, act] of Object.entries(faces)) {
      await t.test(name, async () => {
        noise.length = 0;
        await page.goto(`${server.url}/reviews/rev_acme`);
        await page.waitForSelector('.pdf-mark[data-active="true"]');
        await act(page);
        await settled(page);
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(noise.filter((n) => !/the server responded with a status of 422/.test(n)), []);
      });
    }
    for (const [name, [path, act]] of Object.entries(dialogs)) {
      await t.test(name, async () => {
        noise.length = 0;
        await page.goto(server.url + path);
        if (path === '/reviews/rev_acme') await page.waitForSelector('.pdf-mark[data-active="true"]');
        await settled(page);
        await act(page);
        await page.getByRole('dialog').waitFor();
        await settled(page);
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(noise.filter((n) => !/the server responded with a status of 409/.test(n)), []);
      });
    }
    await page.context().close();
  });
}

test('the page fits a narrow screen', async () => {
  const page = await newPage(browser, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await signIn(page, server.url);
  for (const path of ['/reviews', '/audit', '/connections/cnn_crm?tab=actions', '/', '/contracts', '/reviews/rev_acme', '/findings/fnd_uptime', '/connections', '/connections?tab=unmatched', '/connections/cnn_clm', '/contracts/con_acme', '/contracts/con_acme?tab=obligations', '/settings?tab=policies', '/contracts/con_acme?tab=clauses', '/reviews/rev_acme?side=clauses', '/clauses', '/settings', '/settings?tab=engines', '/obligations', '/obligations?view=calendar', '/renewals', '/claims', '/findings/fnd_claimed']) {
    await page.goto(server.url + path);
    await settled(page);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wider <= 0, `${path} is ${wider} px wider than the screen`);
  }
  await page.context().close();
});

test('on a narrow screen each row of a list is a card that shows everything, and still a row of a table', async () => {
  const page = await newPage(browser, { viewport: { width: 390, height: 844 } });
  await signIn(page, server.url);
  await page.goto(`${server.url}/reviews`);
  const row = page.getByRole('row').filter({ hasText: 'Master Subscription Agreement' });
  await row.waitFor();
  await settled(page);
  for (const name of ['Contract', 'Lowest', 'Due', 'Assignee']) await page.getByRole('columnheader', { name, exact: true }).waitFor({ state: 'attached' });
  for (const cell of await row.getByRole('cell').all()) {
    const box = await cell.boundingBox();
    assert.ok(!box || (box.x >= 0 && box.x + box.width <= 390), `a value lies off the screen: ${await cell.innerText()}`);
  }
  const { height } = await row.boundingBox();
  assert.ok(height < 220, `a row is ${height} px high`);
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});

test('on a narrow screen contracts for a ticket are cards, and a short page keeps its bar low', async () => {
  const page = await newPage(browser, { viewport: { width: 390, height: 844 } });
  await signIn(page, server.url);
  await page.goto(`${server.url}/connections?tab=unmatched`);
  const choose = page.locator('.as-cards').getByRole('button').first();
  await choose.waitFor();
  await settled(page);
  const box = await choose.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390, 'the button is cut off');
  await page.goto(`${server.url}/findings?tab=approvals`);
  await page.locator('.mobile-bar').waitFor();
  await settled(page);
  const bar = await page.locator('.mobile-bar').boundingBox();
  assert.ok(bar.height < 90, `the bar is ${bar.height} px high`);
  await page.context().close();
});

test('a viewer is shown no button and no tab that would be refused', async () => {
  const page = await newPage(browser);
  await signIn(page, server.url);
  server.become('viewer');
  await page.goto(`${server.url}/contracts`);
  await page.getByRole('link', { name: 'Master Subscription Agreement' }).first().waitFor();
  await settled(page);
  assert.equal(await page.getByRole('button', { name: 'Upload' }).count(), 0);
  await page.goto(`${server.url}/settings`);
  await page.getByText('Review policy').first().waitFor();
  await settled(page);
  await eventually(async () => assert.deepEqual(await page.locator('.tabs a').allInnerTexts(), ['Policies', 'Engines']));
  await page.goto(`${server.url}/audit`);
  await settled(page);
  assert.equal(await page.getByRole('button', { name: 'Verify the chain' }).count(), 0);
  server.become('admin');
  await page.context().close();
});

test('everybody changes their own password, with the old one', async () => {
  const page = await newPage(browser);
  await signIn(page, server.url);
  await page.getByRole('button', { name: /Mira Okafor/ }).click();
  await page.getByRole('menuitem', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password now').fill('wrong horse');
  await dialog.getByLabel('New password', { exact: true }).fill('a better horse');
  await dialog.getByLabel('New password again').fill('a bitter horse');
  await dialog.getByText('The two are not the same.').waitFor();
  await eventually(async () => assert.ok(await dialog.getByRole('button', { name: 'Change password' }).isDisabled()));
  await dialog.getByLabel('New password again').fill('a better horse');
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await dialog.getByText('The old password is wrong.').waitFor();
  await dialog.getByLabel('Password now').fill('correct horse');
  const sent = page.waitForRequest((r) => r.method() === 'PUT' && r.url().endsWith('/session/password'));
  await dialog.getByRole('button', { name: 'Change password' }).click();
  assert.deepEqual((await sent).postDataJSON(), { old: 'correct horse', new: 'a better horse' });
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Your password is changed').waitFor();
  await page.context().close();
});

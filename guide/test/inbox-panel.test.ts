import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notification } from '../../lab/model/reader.ts';
import { noChromium } from '../../test/support/chromium.ts';
import { createAppliedStore } from '../src/applied.ts';
import { createInbox } from '../src/inbox.ts';
import { axeFindings } from './axe.ts';
import { inBrowser, servePage } from './served-page.ts';

const now = Math.floor(Date.now() / 1_000);
const longName = 'InstanceHasBeenDownForLongerThanAnyoneWouldLike';

const notification = (alertname: string, status: 'firing' | 'resolved', receivedAt: number): Notification => ({
  alertname,
  status,
  labels: { alertname },
  annotations: {},
  startsAt: receivedAt - 3,
  endsAt: status === 'resolved' ? receivedAt - 1 : undefined,
  receivedAt,
});

test('the inbox is by step and alert, can be cleared, and breaks no name inside a word', {
  skip: noChromium,
  timeout: 120_000,
}, async (t) => {
  const applied = createAppliedStore(undefined, assert.fail);
  for (const [step, from] of [
    ['exp-6', now - 200],
    ['exp-14', now - 100],
  ] as const)
    applied.set({ step, from, to: from + 5 });
  const inbox = createInbox();
  inbox.add([notification('HighCPU', 'firing', now - 150)]);
  inbox.add([notification('HighCPU', 'firing', now - 60), notification('HighCPU', 'resolved', now - 50)]);
  inbox.add([notification('HighCPU', 'firing', now - 40), notification(longName, 'firing', now - 30)]);
  const url = await servePage(t, { inbox, applied });
  await inBrowser(url, async (page) => {
    await page.locator('#alerts summary').click();
    const groups = page.locator('#inbox li.group > h3');
    await groups.nth(2).waitFor();
    const heads = (await groups.allTextContents()).map((text) => text.replace(/ · (Experiment \d+) .*/, ' · $1'));
    assert.deepEqual(heads, [
      `${longName} fired once · Experiment 14`,
      'HighCPU fired twice, resolved once · Experiment 14',
      'HighCPU fired once · Experiment 6',
    ]);
    assert.match(
      (await page.locator('#inbox-count').textContent())!,
      new RegExp(`^${longName} fired once; HighCPU fired twice, resolved once · newest \\d\\d:\\d\\d:\\d\\d UTC$`),
    );
    assert.deepEqual(await axeFindings(page), []);
    // Each word of a name is on one line: where it breaks, it breaks between them.
    await page.setViewportSize({ width: 390, height: 844 });
    const broken = await page.locator('#inbox .alertname').evaluateAll((names) =>
      names.flatMap((name) =>
        [...name.childNodes].flatMap((node) => {
          const range = name.ownerDocument.createRange();
          range.selectNodeContents(node);
          return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1 ? [node.textContent] : [];
        }),
      ),
    );
    assert.deepEqual(broken, []);

    await page.locator('#inbox-clear').click();
    await page.locator('#inbox .empty').waitFor();
    assert.equal(await page.locator('#inbox-count').textContent(), 'nothing has arrived yet');
    assert.ok(await page.locator('#inbox-clear').isHidden());
    inbox.add([notification('HighCPU', 'firing', Date.now() / 1_000 + 1)]);
    await page.locator('#inbox li.group').waitFor();
    assert.equal(await page.locator('#inbox li.group').count(), 1);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queue } from '../page/queue.ts';

/** A lab of which so many slices are left out, and what is done, in its order. */
const queueOf = (slices: number, fails?: Error) => {
  const done: string[] = [];
  const lab = {
    left: slices,
    isComplete: () => lab.left === 0,
    goOn: async () => {
      if (fails !== undefined) throw fails;
      lab.left -= 1;
      done.push('slice');
    },
  };
  const pauses: (() => void)[] = [];
  const queue = new Queue(
    lab,
    () => () => true,
    () => new Promise<void>((resolve) => pauses.push(resolve)),
  );
  const add = (name: string, ...waits: [() => boolean] | []) => queue.do(async () => void done.push(name), ...waits);
  /** The page has done what it waited for. */
  const resume = async () => {
    await new Promise(setImmediate);
    pauses.shift()?.();
    await new Promise(setImmediate);
  };
  return { lab, done, add, resume };
};
const atOnce = () => false;

test('what needs all that is simulated waits for it, and nothing else does', async () => {
  const { done, add, resume } = queueOf(2);
  void add('verdict');
  void add('picture', atOnce);
  for (let times = 0; times < 2; times += 1) await resume();
  assert.deepEqual(done, ['slice', 'picture', 'slice', 'verdict']);
});

test('a knob that is turned between two slices goes first, and what waited is asked of the new lab', async () => {
  const { lab, done, add, resume } = queueOf(3);
  void add('verdict');
  await resume();
  void add('knob', atOnce).then(() => {
    lab.left = 1;
  });
  for (let times = 0; times < 5; times += 1) await resume();
  assert.deepEqual(done, ['slice', 'slice', 'knob', 'slice', 'verdict']);
});

test('what cannot be simulated is said to whoever needs it', async () => {
  const { add, resume } = queueOf(1, new Error('no such rule'));
  const verdict = add('verdict');
  await assert.rejects(verdict, /no such rule/);
  await resume();
  await add('picture', atOnce);
});

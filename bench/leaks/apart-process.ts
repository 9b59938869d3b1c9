/** The process that tries a mode in a network of its own. */
import { once } from 'node:events';
import type { ApartTask, FromApart } from './apart.ts';
import { check } from './check.ts';
import { setUpNetwork } from './network.ts';

// Whoever sent us has gone, or wants no more.
const over = new AbortController();
process.on('disconnect', () => over.abort());

const [{ spec, options }] = (await once(process, 'message')) as [ApartTask];
let answer: FromApart;
try {
  setUpNetwork();
  answer = { result: await check(spec, options, over.signal, () => {}, true) };
} catch (error) {
  answer = { failed: (error as Error).message };
}
if (process.connected) process.send!(answer);

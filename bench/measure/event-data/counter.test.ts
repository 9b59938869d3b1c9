/** The reader of counter events, compared with the pattern of their data. */
import { expect, test } from 'vitest';
import { randomFrom } from '../../statistics/random.ts';
import { counterReader } from './counter.ts';

const pattern = /^(\d+)(?: (\d+))?\.*$/;
const parts = ['0', '7', '12345', '007', ' ', '  ', '.', '....', '-', 'x', '\n', '9'.repeat(17)];

function expectedOf(data: string, needsStamp: boolean) {
  const [, number, stamp] = pattern.exec(data) ?? [];
  return number === undefined || (needsStamp && stamp === undefined)
    ? { number: undefined, stampNs: undefined }
    : { number: Number(number), stampNs: stamp === undefined ? undefined : Number(stamp) };
}

test.each([true, false])('equals the pattern in random data, with stamps needed: %s', (needs) => {
  const random = randomFrom(1);
  const below = (limit: number) => Math.floor(random() * limit);
  const reader = counterReader(needs);
  let numbers = 0;
  for (let attempt = 0; attempt < 20_000; attempt++) {
    const data = Array.from({ length: below(6) }, () => parts[below(parts.length)]!).join('');
    const values = reader.read(data, undefined, undefined, 0);
    expect({ data, ...values }).toEqual({ data, ...expectedOf(data, needs) });
    if (values.number !== undefined) numbers++;
  }
  expect(numbers).toBeGreaterThan(100);
});

test('reads a stamp of 18 digits as closely as a number can', () => {
  const { stampNs } = counterReader(true).read('5 123456789012345678', undefined, undefined, 0);
  expect(stampNs).toBe(Number('123456789012345678'));
});

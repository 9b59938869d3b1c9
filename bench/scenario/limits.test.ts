import { expect, test } from 'vitest';
import { localAddressesFor } from './limits.ts';

const limits = { descriptors: 20_000, ports: 28_232 };

test.each([
  ['the ports of one address suffice', '127.0.0.1', 20_000, [undefined]],
  [
    'more streams than that connect from several addresses',
    '127.0.0.1',
    40_000,
    ['127.0.1.1', '127.0.1.2'],
  ],
  ['only the loopback network has addresses to spare', '10.0.0.1', 40_000, [undefined]],
  ['a name may be anything', 'localhost', 40_000, [undefined]],
  ['whatever it begins with', '127.example.com', 40_000, [undefined]],
])('%s', (_what, hostname, streams, addresses) =>
  expect(localAddressesFor(hostname, streams, limits)).toEqual(addresses),
);

test('gives a million streams addresses enough, each one valid', () => {
  const addresses = localAddressesFor('127.0.0.1', 1_000_000, { ...limits, ports: 1_000 });
  expect(new Set(addresses).size).toBe(1_250);
  for (const address of addresses)
    expect(address!.split('.').every((part) => Number(part) <= 255)).toBe(true);
});

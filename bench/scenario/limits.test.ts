import { expect, test } from 'vitest';
import { localAddressesFor } from './limits.ts';

const limits = { descriptors: 20_000, ports: 28_232, memoryBytes: 24e9 };

test.each([
  ['uses one address if its ports are enough', '127.0.0.1', 11_000, [undefined]],
  [
    'uses several addresses for more streams',
    '127.0.0.1',
    12_000,
    ['127.0.1.1', '127.0.1.2', '127.0.1.3'],
  ],
  ['has no more addresses outside the loopback network', '10.0.0.1', 40_000, [undefined]],
  ['has no more addresses for a host name', 'localhost', 40_000, [undefined]],
  [
    'has no more addresses for a host name that looks like a loopback address',
    '127.example.com',
    40_000,
    [undefined],
  ],
])('%s', (_what, hostname, streams, addresses) =>
  expect(localAddressesFor(hostname, streams, limits)).toEqual(addresses),
);

test('gives a million streams enough addresses, all of them valid', () => {
  const addresses = localAddressesFor('127.0.0.1', 1_000_000, { ...limits, ports: 1_000 });
  expect(new Set(addresses).size).toBe(5_000);
  for (const address of addresses)
    expect(address!.split('.').every((part) => Number(part) <= 255)).toBe(true);
});

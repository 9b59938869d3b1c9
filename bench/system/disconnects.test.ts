import { describe, expect, test } from 'vitest';
import {
  acceptedIn,
  createDisconnectCounter,
  establishedIn,
  type ConnectionSample,
} from './disconnects.ts';

const sampled = (open: string, accepted: number | null): ConnectionSample => ({
  open: new Set(open),
  accepted,
});

/** A counter that reads these samples in order. */
function counterOf(...samples: readonly ConnectionSample[]) {
  const left = [...samples];
  return createDisconnectCounter(() => left.shift()!);
}

describe('closed connections', () => {
  test('are those that are missing in the next sample', () => {
    const counter = counterOf(sampled('abc', 3), sampled('bcd', 4), sampled('de', 5));
    counter.sample();
    expect(counter.take()).toEqual({ open: 2, closed: 3, atMost: 3 });
  });

  test('that no sample has seen are within the upper bound', () => {
    const counter = counterOf(sampled('a', 10), sampled('a', 17));
    expect(counter.take()).toEqual({ open: 1, closed: 0, atMost: 7 });
  });

  test('have no upper bound without the count of the kernel', () => {
    const counter = counterOf(sampled('a', null), sampled('', null));
    expect(counter.take()).toEqual({ open: 0, closed: 1, atMost: null });
  });

  test('are counted once', () => {
    const counter = counterOf(sampled('ab', 2), sampled('a', 2), sampled('a', 2));
    expect(counter.take()).toMatchObject({ closed: 1 });
    expect(counter.take()).toEqual({ open: 1, closed: 0, atMost: 0 });
  });
});

describe('the count of the kernel', () => {
  test('is found by its name', () =>
    expect(
      acceptedIn(['Ip: A B', 'Ip: 1 2', 'Tcp: ActiveOpens PassiveOpens', 'Tcp: 12 34', 'Udp: A']),
    ).toBe(34));

  test.each([[[]], [['Tcp: ActiveOpens', 'Tcp: 12']]])('is unknown without it: %j', (lines) =>
    expect(acceptedIn(lines)).toBeNull(),
  );
});

describe('established connections', () => {
  const line = (local: string, remote: string, state: string, inode: number) =>
    `  12: ${local} ${remote} ${state} 00000000:00000000 02:000A4C1E 00000000  1000        0 ${inode} 2 0000 20 4 29 10 -1`;
  const lines = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    line('0100007F:0BB8', '00000000:0000', '0A', 1),
    line('0100007F:0BB8', '0100007F:D431', '01', 23),
    line('0100007F:0BB8', '0100007F:D432', '08', 4),
    line('0100007F:0BB8', '0100007F:D433', '01', 0),
    line('0100007F:D431', '0100007F:0BB8', '01', 5),
    line('00000000000000000000000001000000:0050', '00000000000000000000000001000000:D1', '01', 67),
    '',
  ];

  test('are those of these ports that no side has closed, and that were accepted', () => {
    expect(establishedIn(lines, [3000, 80])).toEqual(['23', '67']);
    expect(establishedIn(lines, [80])).toEqual(['67']);
  });
});

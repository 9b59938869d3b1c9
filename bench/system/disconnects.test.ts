import { describe, expect, test } from 'vitest';
import { acceptedIn, createDisconnectCounter, type ConnectionSample } from './disconnects.ts';

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

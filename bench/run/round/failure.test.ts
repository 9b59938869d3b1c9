import { expect, test } from 'vitest';
import { nothingCounted } from '../../result/recording.ts';
import { LoadFailure } from './failure.ts';

const nothing = nothingCounted();
const ended = { failures: {}, counts: { ...nothing.counts, ended: 20 } };

test('streams that the server ended need another load, unless the load cuts them', () => {
  expect(new LoadFailure('measure', 'no stream stayed open', ended, 'steady').message).toBe(
    'all 20 streams were ended by the server; if they end by design, use --arrivals with a shorter --lifetime',
  );
  expect(new LoadFailure('measure', 'no stream reconnected', ended, 'reconnect').message).toBe(
    'no stream reconnected: 20 × ended by the server',
  );
});

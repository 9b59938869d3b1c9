import { expect, test } from 'vitest';
import { noEventOptions } from '../scenario/event-options.ts';
import { fromOutside } from '../scenario/scenario.ts';
import { whyNoExpectations } from './url-figures.ts';

const servers = [fromOutside('it', 'http://127.0.0.1:3000/event', null)];
const complaints = (events: Partial<typeof noEventOptions>) =>
  whyNoExpectations(['fan-out.p99 < 50ms'], servers, { ...noEventOptions, ...events });

test('the fan-out of a URL needs the numbers of a feed', () => {
  const reason =
    '--expect fan-out.p99 < 50ms: needs the numbers of a feed; give their path with --sequence, such as --sequence meta.seq';
  expect(complaints({})).toEqual([reason]);
  expect(complaints({ sequence: 'id', sequenceOf: 'stream' })).toEqual([reason]);
  expect(complaints({ sequence: 'id' })).toEqual([]);
});

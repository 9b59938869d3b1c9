/**
 * 300,000 random streams: twenty seconds on one core, too long for the pure tests, which try
 * 20,000.
 */
import { testRandomStreams } from '../tests/fixtures/helpers/random-streams.ts';

testRandomStreams(30_000);

/**
 * One million random streams: one minute on one core, too long for the pure tests, which try
 * 20,000.
 */
import { testRandomStreams } from '../tests/fixtures/helpers/random-streams.ts';

testRandomStreams(100_000);

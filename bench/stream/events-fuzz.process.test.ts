/**
 * 120,000 random streams: four seconds on one core, too long for the pure tests, which try 2,000 of
 * them.
 */
import { testRandomStreams } from '../tests/fixtures/helpers/random-streams.ts';

testRandomStreams(12_000);

import { expect, test } from 'vitest';
import { steady } from '../../tests/fixtures/helpers/scenario.ts';
import { describeScenario } from './scenario-words.ts';

test('describes when clients reconnect', () => {
  const reconnect = { retryMs: 1_000, jitterMs: 500 };
  expect(describeScenario({ ...steady, reconnect })).toContain(
    '; clients reconnect after 1s to 1.5s; ',
  );
  expect(describeScenario(steady)).not.toContain('reconnect');
});

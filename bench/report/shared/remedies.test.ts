import { expect, test } from 'vitest';
import { checks } from '../../verdict/validity.ts';
import { remediesOf } from './remedies.ts';

test('a remedy for a URL alone follows the one for every server, as one sentence more', () => {
  const all = checks.filter(({ remedyForUrl }) => remedyForUrl !== undefined);
  expect(all.length).toBeGreaterThan(0);
  for (const check of all) expect(remediesOf(check)).toMatch(/\. For a URL alone, [a-z][^.]*\.$/);
});

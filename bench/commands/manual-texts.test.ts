import { expect, test } from 'vitest';
import { scenariosManual } from './manual-texts.ts';

test('the manual of scenarios has the smaller load of a URL alone', () => {
  const storm = scenariosManual(100)
    .split('\n\n')
    .find((text) => text.startsWith('disconnect-storm:'));
  expect(storm).toMatch(/^ +URL alone +--streams 100 --remaining-streams 20$/m);
});

import { expect, test } from 'vitest';
import { createGeneratorNamer, mostFrequent } from './generators.ts';

const place = (line: number) => ({ url: 'file:///app/src/events.ts', line, column: 5 });
const generator = {
  kind: 'generator',
  what: 'async generator',
  place: undefined,
  library: undefined,
  traced: false,
  count: 100,
} as const;

test('most generators wait where the leaking ones do', () => {
  expect(mostFrequent([place(3), place(7), undefined, place(7)])).toEqual(place(7));
  expect(mostFrequent([undefined, undefined, place(3)])).toBeUndefined();
  expect(mostFrequent([])).toBeUndefined();
});

test('the process is asked once for each kind of generator, and never for other things', async () => {
  let asked = 0;
  const name = createGeneratorNamer({
    call: async () => undefined as never,
    callOnAllAtOnce: async () => void asked++ as never,
    placesOf: async () => [place(7)],
  });
  const timer = { ...generator, kind: 'timer' } as const;
  expect(await name([timer])).toEqual([timer]);
  expect(asked).toBe(0);
  const [named] = await name([generator, generator]);
  expect(named!.place).toMatchObject({ line: 7, column: 5 });
  await name([generator]);
  expect(asked).toBe(1);
});

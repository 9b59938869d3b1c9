import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { originOfFunction, originOfStack, placeOfCrash } from './places.ts';

const at = (file: string) => pathToFileURL(join(process.cwd(), file)).href;
const stackOf = (...frames: string[]) =>
  ['Error', ...frames.map((frame) => `    at ${frame}`)].join('\n');

describe('the origin of a stack:', () => {
  test.each([
    [
      'a function of the user',
      stackOf(`start (${at('src/a.ts')}:3:5)`),
      { place: { file: 'src/a.ts', line: 3, column: 5 }, library: undefined },
    ],
    [
      'an anonymous function in CommonJS',
      stackOf(`${join(process.cwd(), 'src/a.cjs')}:3:5`),
      { place: { file: 'src/a.cjs', line: 3, column: 5 }, library: undefined },
    ],
    [
      'a function in a folder with parentheses',
      stackOf(`GET (${at('app/(auth)/route.ts')}:3:5)`),
      { place: { file: 'app/(auth)/route.ts', line: 3, column: 5 }, library: undefined },
    ],
    [
      'an anonymous function in such a folder',
      stackOf(`async ${join(process.cwd(), 'app/(auth)/route.ts')}:3:5`),
      { place: { file: 'app/(auth)/route.ts', line: 3, column: 5 }, library: undefined },
    ],
    [
      'evaluated code',
      stackOf(
        `eval (eval at start (${at('src/a.ts')}:3:5), <anonymous>:1:1)`,
        `${at('src/b.ts')}:1:1`,
      ),
      { place: { file: 'src/b.ts', line: 1, column: 1 }, library: undefined },
    ],
    [
      'a function after an await',
      stackOf(`async ${at('src/a.ts')}:3:5`),
      { place: { file: 'src/a.ts', line: 3, column: 5 }, library: undefined },
    ],
    [
      'a library function that user code called',
      stackOf(
        'new Promise (<anonymous>)',
        `sleep (${at('node_modules/hono/x.js')}:9:1)`,
        'node:internal/x:1:1',
        `${at('src/a.ts')}:3:5`,
        `main (${at('src/b.ts')}:1:1)`,
      ),
      {
        place: { file: 'src/a.ts', line: 3, column: 5 },
        library: { file: 'node_modules/hono/x.js', line: 9, column: 1 },
      },
    ],
    [
      'a library function that Node called',
      stackOf(
        `keepAlive (${at('node_modules/sse/x.js')}:9:1)`,
        'listOnTimeout (node:internal/timers:585:17)',
      ),
      { place: { file: 'node_modules/sse/x.js', line: 9, column: 1 }, library: undefined },
    ],
    [
      'a function of Node',
      stackOf('listOnTimeout (node:internal/timers:585:17)'),
      { place: undefined, library: undefined },
    ],
    [
      'a function below a frame of the probe',
      stackOf(`wrapped (${at('bench/inspector/probe/probe.cjs')}:1:1)`, `${at('src/a.ts')}:3:5`),
      { place: { file: 'src/a.ts', line: 3, column: 5 }, library: undefined },
    ],
    [
      'a function in a folder that is called like that of the probe',
      stackOf(`${at('src/probe/health.cjs')}:3:5`),
      { place: { file: 'src/probe/health.cjs', line: 3, column: 5 }, library: undefined },
    ],
  ])('%s', (_what, stack, origin) => expect(originOfStack(stack)).toEqual(origin));
});

test('a function of Node has no place', () => {
  expect(
    originOfFunction({ url: 'node:timers/promises', line: 1, column: 1 }).place,
  ).toBeUndefined();
  expect(originOfFunction({ url: '', line: 1, column: 1 }).place).toBeUndefined();
  expect(originOfFunction(undefined).place).toBeUndefined();
});

describe('a source map', () => {
  // Maps column 5 of the only line to line 10, column 3 of the source: ",IASE" after the empty
  // first segment.
  const map = JSON.stringify({
    version: 3,
    sources: ['../src/events.ts'],
    names: [],
    mappings: 'AAAA,IASE',
  });

  test.each([
    ['webpack://app/src/events.ts', 'webpack://app/src/events.ts'],
    ['file://elsewhere/events.ts', 'file://elsewhere/events.ts'],
    ['http://[', 'http://['],
  ])('keeps the name of a source that is not a local file: %s', (source, file) => {
    const changed = JSON.stringify({ ...JSON.parse(map), sources: [source] });
    const { file: script } = compiled(`data:application/json,${encodeURIComponent(changed)}`);
    expect(placeIn(script)).toEqual({ file, line: 10, column: 3 });
  });

  function compiled(mention: string): { file: string; folder: string } {
    const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'events.js');
    writeFileSync(file, `0; setInterval();\n//# sourceMappingURL=${mention}\n`);
    writeFileSync(join(folder, 'events.js.map'), map);
    return { file, folder };
  }
  const placeIn = (file: string) =>
    originOfFunction({ url: pathToFileURL(file).href, line: 1, column: 5 }).place;

  test.each([
    ['in a separate file', 'events.js.map'],
    ['inline, in base64', `data:application/json;base64,${Buffer.from(map).toString('base64')}`],
    ['inline, escaped', `data:application/json,${encodeURIComponent(map)}`],
  ])('%s: gives the source line', (_what, mention) => {
    const { file, folder } = compiled(mention);
    expect(placeIn(file)).toEqual({
      file: relative('.', join(folder, '../src/events.ts')),
      line: 10,
      column: 3,
    });
  });

  test.each(['missing.js.map', 'data:application/json,nonsense'])(
    'that is missing or broken: gives the compiled line (%s)',
    (mention) => {
      const { file } = compiled(mention);
      expect(placeIn(file)).toEqual({ file: relative('.', file), line: 1, column: 5 });
    },
  );
});

describe('the last output of a program that crashed', () => {
  test.each([
    [
      'in JavaScript, the first own frame',
      `${resolve('src/hub.ts')}:8
  session.end();
          ^

TypeError: Cannot read properties of undefined (reading 'end')
    at emit (node:events:514:20)
    at release (${pathToFileURL(resolve('src/hub.ts')).href}:8:11)

Node.js v26.10.0`,
      { file: 'src/hub.ts', line: 8, column: 11 },
    ],
    [
      'in Python, the last frame',
      `Traceback (most recent call last):
  File "/usr/lib/python3/asyncio/runners.py", line 194, in run
  File "app/hub.py", line 8, in release
KeyError: 'session'`,
      { file: 'app/hub.py', line: 8, column: 1 },
    ],
    ['without a stack', 'out of memory', undefined],
  ])('%s', (_what, output, place) => expect(placeOfCrash(output)).toEqual(place));
});

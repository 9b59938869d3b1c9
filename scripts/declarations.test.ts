import { expect, test } from 'vitest';
import { declarationsFrom } from './declarations.ts';

const files: Record<string, string> = {
  'bench/index.d.ts': `import type { A } from './api/a.ts';\nexport * from "../servers/list.js";`,
  'bench/api/a.d.ts': `export declare const b: import('../b.ts').B;\nimport { z } from 'zod';`,
  'bench/b.d.ts': `import type { A } from './api/a.ts';`,
  'servers/list.d.ts': '',
  'bench/unused.d.ts': `import './b.ts';`,
};

test('the declarations of a package are those that its exports import, directly or not', () =>
  expect([...declarationsFrom(['bench/index.d.ts'], (file) => files[file]!)].toSorted()).toEqual([
    'bench/api/a.d.ts',
    'bench/b.d.ts',
    'bench/index.d.ts',
    'servers/list.d.ts',
  ]));

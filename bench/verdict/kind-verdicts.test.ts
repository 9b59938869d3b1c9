import { expect, test } from 'vitest';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { judgeByKind } from './kind-verdicts.ts';

test('a load kind without verdicts says nothing', () => {
  expect(judgeByKind(runResult(['koa'], [measuredRound('koa', 1)]))).toEqual([]);
});

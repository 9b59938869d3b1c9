/** The result itself as saved. Every other format can be made from it. */
import type { RunResult } from '../../result/run-result.ts';
import { jsonText } from '../shared/escape.ts';

export const resultFile = 'result.json';

export const resultJson = (result: RunResult): string => `${jsonText(result, 1)}\n`;

/** What programs may import: `import { runResultSchema } from 'ssebench'` reads a saved `result.json`, and checks it. */
export { runResultSchema, type RunResult } from './result.ts';

import { expect, test } from 'vitest';
import { isNodeOrDeno, programIn } from './may-signal.ts';

test('a program keeps its name when an update has removed its file', () => {
  expect(programIn('/usr/bin/node')).toBe('node');
  expect(programIn('/usr/bin/node (deleted)')).toBe('node');
});

test('Node and Deno are recognised by their names, with or without a version', () => {
  for (const name of ['node', 'nodejs', 'node22', 'node-22', 'node-22.19.0', 'deno'])
    expect(isNodeOrDeno(name)).toBe(true);
  for (const name of ['bun', 'node_exporter', 'node-exporter', 'python3.12', 'nodemon', 'denoise'])
    expect(isNodeOrDeno(name)).toBe(false);
});

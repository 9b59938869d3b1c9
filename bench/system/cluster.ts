/** Processes of `node:cluster`: the primary owns the port, and its workers own the connections. */
import { readFileSync } from 'node:fs';
import { childrenOf } from './processes.ts';

/** Set by the primary; a worker does not pass it on. */
const workerVariable = /^NODE_UNIQUE_ID=/;

/** The workers of a process, in ascending order of pid; empty if it is not a primary. */
export function workersOf(pid: number): number[] {
  return childrenOf(pid)
    .map((child) => child.pid)
    .filter(isWorker)
    .toSorted((a, b) => a - b);
}

/** The primary of a worker; any other process leads itself. */
export function leaderOf(pid: number): number {
  const parent = isWorker(pid) ? /^PPid:\s*(\d+)$/m.exec(read(pid, 'status'))?.[1] : undefined;
  return parent === undefined ? pid : Number(parent);
}

const isWorker = (pid: number) =>
  read(pid, 'environ')
    .split('\0')
    .some((variable) => workerVariable.test(variable));

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

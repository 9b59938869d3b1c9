/** Decides whether ssebench may send SIGUSR1 to a process to open its inspector. Linux only. */
import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { inspectorOptionsIn, isLoopbackHost, type InspectorOptions } from './inspector-options.ts';

/** @returns why a process must not get the signal, or `undefined` */
export function whyNoSignal(
  pid: number,
  { host, unknown }: InspectorOptions,
  endsWithUs: boolean,
): string | undefined {
  if (!catchesSigusr1(pid))
    return `process ${pid} has no handler for SIGUSR1, the signal that opens Node’s inspector: it is not Node, or was started with --disable-sigusr1`;
  if (isStopped(pid))
    return `process ${pid} is stopped (SIGSTOP, Ctrl-Z); continue it with: kill -CONT ${pid}`;
  if (!isLoopbackHost(host)) {
    return `process ${pid} would open its inspector, which is a debugger, at ${host}, where other machines can reach it; start it with --inspect-port=127.0.0.1:0`;
  }
  if (unknown.length > 0)
    return `process ${pid} was started with ${unknown.join(' ')}, so ssebench does not know where its inspector, which is a debugger, would open; start it with --inspect-port=127.0.0.1:0 instead`;
  if (!endsWithUs && isDenoThatCannotClose(pid))
    return `process ${pid} is Deno without the permission to close its inspector again; start it with --allow-all, or with --allow-net --allow-sys`;
  return undefined;
}

/**
 * Whether a process catches SIGUSR1, as Node does. The signal kills a process that does not.
 * `SigCgt` is a hexadecimal mask with signal 1 as its lowest bit: proc_pid_status(5).
 */
export function catchesSigusr1(pid: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(textOf(pid, 'status'))?.[1];
  return mask !== undefined && (BigInt(`0x${mask}`) & (1n << 9n)) !== 0n;
}

/**
 * A stopped process would open its inspector when it continues, possibly long after ssebench has
 * ended.
 */
const isStopped = (pid: number) => /^State:\s*[Tt]/m.test(textOf(pid, 'status'));

/** Deno checks its permissions even for calls from an inspector. */
function isDenoThatCannotClose(pid: number): boolean {
  if (programOf(pid) !== 'deno') return false;
  const words = wordsOf(pid, 'cmdline');
  const allows = (name: string, letter: string) =>
    words.some(
      (word) => word === `--allow-${name}` || new RegExp(`^-[A-Za-z]*${letter}`).test(word),
    );
  return !allows('all', 'A') && !(allows('net', 'N') && allows('sys', 'S'));
}

export function optionsOf(pid: number): InspectorOptions {
  const variable = 'NODE_OPTIONS=';
  const nodeOptions = wordsOf(pid, 'environ')
    .find((each) => each.startsWith(variable))
    ?.slice(variable.length);
  return inspectorOptionsIn(nodeOptions ?? '', wordsOf(pid, 'cmdline'));
}

const wordsOf = (pid: number, file: 'environ' | 'cmdline') =>
  textOf(pid, file)
    .split('\0')
    .filter((word) => word !== '');

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // no Linux, or the process has ended
  }
}

/** The name of the program that a process runs. */
export function programOf(pid: number): string | undefined {
  try {
    return programIn(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return undefined; // no Linux, or another user's process
  }
}

/** @param link as the kernel shows it; an update may have removed the file of a running program */
export const programIn = (link: string): string => basename(link).replace(/ \(deleted\)$/, '');

/** Whether this is the name of Node or Deno. Some systems add the version: `node-22`. */
export const isNodeOrDeno = (program: string): boolean =>
  /^(node(js)?(-?\d+(\.\d+)*)?|deno)$/.test(program);

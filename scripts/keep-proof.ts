/**
 * Saves a measurement of the harness itself in `results/proofs`, with the machine and versions that
 * it was measured on.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { ssebenchVersion } from '../bench/run/environment.ts';

export function keepProof(name: string, command: string, proof: object): void {
  const folder = new URL('../results/proofs/', import.meta.url);
  const stamped = {
    date: new Date().toISOString().slice(0, 10),
    ssebench: ssebenchVersion,
    node: process.versions.node,
    machine: `${os.platform()} ${os.arch()}, ${os.cpus().length} cores`,
    command,
    ...proof,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(stamped)}\n`);
}

/**
 * Fields that every proof has: the command, the date and the machine. Proofs are saved in
 * `results/proofs`.
 */
import { z } from 'zod';

export const count = z.int().nonnegative();

export const stamp = {
  date: z.iso.date(),
  ssebench: z.string(),
  node: z.string(),
  machine: z.string(),
  command: z.string(),
};

type Stamp = { [Key in keyof typeof stamp]: string };

export function stampOf({ date, ssebench, node, machine, command }: Stamp): string {
  return `\`${command}\`, ${date}, ssebench ${ssebench}, Node ${node}; ${machine}.`;
}

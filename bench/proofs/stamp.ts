/** What every proof says of itself: how, when and on what it was made. It is kept in `results/proofs`. */
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

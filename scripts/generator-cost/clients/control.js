/**
 * Takes orders on stdin: `open N` opens N streams, and `count` prints the number of open streams
 * and of events. The process ends with its stdin. Plain JavaScript, because the script copies these
 * files beside the packages that it installs.
 */
import { createInterface } from 'node:readline';

export const url = process.argv[2];

export const counts = { streams: 0, events: 0 };
export const opened = () => void counts.streams++;
export const event = () => void counts.events++;

/** @param open opens so many streams, which call `opened` once and `event` for each event */
export function control(open) {
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const [order, number] = line.split(' ');
      if (order === 'open') open(Number(number));
      else process.stdout.write(`${counts.streams} ${counts.events}\n`);
    })
    .once('close', () => process.exit());
  process.stdout.write('ready\n');
}

/** @param open opens one stream */
export const controlEach = (open) =>
  control((number) => {
    for (let left = number; left > 0; left--) open();
  });

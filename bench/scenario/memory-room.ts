/** Estimates the memory that a load needs, from measured figures. Pure. */
import { reservedDescriptors, type MachineLimits } from './limits.ts';
import { hasProcess, type ServerUnderTest } from './scenario.ts';

/**
 * Bytes of one stream, measured with 10,000 streams. The reference servers take 5 to 33 KB, and
 * express 20 KB. The kernel takes 10 KB for the sockets of both sides.
 */
const perStream = { server: 20_000, generator: 20_000, kernel: 10_000 } as const;
/** A Node process without streams: 70 to 115 MB. */
const perProcess = 100e6;

/**
 * The memory of server and generators. A server of the user counts only as far as it is like a
 * reference server, and not at all if it runs elsewhere.
 */
export function bytesNeeded(
  serversUnderTest: readonly ServerUnderTest[],
  streams: number,
  serverProcesses: number,
  { descriptors }: MachineLimits,
): number {
  const generators = Math.ceil(streams / (descriptors - reservedDescriptors));
  const isHere = serversUnderTest.some(hasProcess);
  return (
    streams * (perStream.kernel + perStream.generator + (isHere ? perStream.server : 0)) +
    perProcess * (generators + (isHere ? serverProcesses : 0))
  );
}

export const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

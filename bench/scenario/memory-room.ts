/** Estimates the memory that a load needs, from measured figures. Pure. */
import { reservedDescriptors, type MachineLimits } from './limits.ts';
import { hasProcess, type ServerUnderTest } from './scenario.ts';
import { anyUsesTls } from './tls-cost.ts';

interface PerStream {
  server: number;
  generator: number;
  kernel: number;
}

/**
 * Bytes of one stream, measured with 10,000 streams. The reference servers take 5 to 33 KB, and
 * express 20 KB. The kernel takes 10 KB for the sockets of both sides.
 */
const perStream: PerStream = { server: 20_000, generator: 20_000, kernel: 10_000 };
/** The same over TLS, measured with 1,000 streams of node:https: 51 to 62 and 48 to 68 KB. */
const perStreamOverTls: PerStream = { ...perStream, server: 60_000, generator: 65_000 };
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
    streams * bytesPerStream(serversUnderTest, isHere) +
    perProcess * (generators + (isHere ? serverProcesses : 0))
  );
}

/** @param isHere whether the server runs on this machine */
function bytesPerStream(serversUnderTest: readonly ServerUnderTest[], isHere: boolean): number {
  const each = anyUsesTls(serversUnderTest) ? perStreamOverTls : perStream;
  return each.kernel + each.generator + (isHere ? each.server : 0);
}

/** @returns the memory that the encryption of these streams needs, in bytes; 0 without TLS */
export function bytesForTls(serversUnderTest: readonly ServerUnderTest[], streams: number): number {
  const isHere = serversUnderTest.some(hasProcess);
  return streams * (bytesPerStream(serversUnderTest, isHere) - bytesPerStream([], isHere));
}

export const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

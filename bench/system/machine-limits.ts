/** Reads the limits that this machine sets for a run. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { MachineLimits } from '../scenario/limits.ts';

/** The size of the range that most systems without `/proc` use: 49152 to 65535. */
const usualPorts = 16_384;

/** The part of Node's diagnostic report that is missing from its types. */
interface Report {
  /** Unless this is set, the report looks up the name of every peer. */
  excludeNetwork: boolean;
  getReport(): { userLimits?: { open_files?: { soft: number | 'unlimited' } } };
}

export function machineLimits(): MachineLimits {
  const report = process.report as unknown as Report;
  report.excludeNetwork = true;
  const soft = report.getReport().userLimits?.open_files?.soft;
  return {
    descriptors: typeof soft === 'number' ? soft : Infinity,
    ports: ephemeralPorts(),
    memoryBytes: availableMemory(),
  };
}

/** Other systems than Linux report as free only what no cache uses, which is always little. */
function availableMemory(): number {
  if (process.platform !== 'linux') return os.totalmem();
  return Math.min(os.freemem(), process.constrainedMemory() || Infinity);
}

function ephemeralPorts(): number {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    return last! - first! + 1;
  } catch {
    return usualPorts;
  }
}

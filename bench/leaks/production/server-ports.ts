/** Finds the ports of a server among those on which its process listens. Pure. */
import type { Listener } from '../../system/listeners.ts';

type Listening = Pick<Listener, 'port' | 'loops'>;

const usualInspectorPort = 9229;

/**
 * Leaves out an inspector that is already open. It listens on a port that the options name, on an
 * event loop of its own, which Node creates after the one of the program.
 *
 * @param inspectorPort from the options of the process; 0 is any port
 * @returns the ports in ascending order
 */
export function serverPortsAmong(listeners: readonly Listening[], inspectorPort: number): number[] {
  const isNamed = ({ port }: Listening) =>
    port === usualInspectorPort || port === inspectorPort || inspectorPort === 0;
  const isInspector = (one: Listening) => {
    const others = listeners.filter((each) => each !== one);
    return (
      isNamed(one) &&
      others.every(({ loops }) => !loops.some((loop) => one.loops.includes(loop))) &&
      others.some((other) => firstLoop(other) < firstLoop(one))
    );
  };
  const ports = listeners.filter((one) => !isInspector(one)).map(({ port }) => port);
  return [...new Set(ports)].toSorted((a, b) => a - b);
}

/** The system numbers descriptors in the order of their creation. */
const firstLoop = ({ loops }: Listening) => Math.min(...loops.map(Number));

/** Functions that close an inspector from inside the process that has it. They are sent there as text. */

/** Closes it with all its sessions, also that of the caller, who must ask nothing more. */
export function closeNow(): void {
  // Below Node 20.16 there is only the `require` of the console.
  const { close } = process.getBuiltinModule?.('node:inspector') ?? require('node:inspector');
  setTimeout(close);
}

/**
 * Closes it when the connection to ssebench is over, or cannot be made: see `lifelines.ts`. A little later, since Node
 * crashes (SIGSEGV, 20 to 26) if it still reads what a session has asked: what a killed ssebench had sent is done by then.
 */
export function closeWithLifeline(port: number, token: string, pid: number): void {
  const { close } = process.getBuiltinModule?.('node:inspector') ?? require('node:inspector');
  const { connect } = process.getBuiltinModule?.('node:net') ?? require('node:net');
  const socket = connect(port, '127.0.0.1');
  socket.unref();
  socket.resume();
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => void setTimeout(close, 100).unref());
  socket.write(`${token} ${pid}\n`);
}

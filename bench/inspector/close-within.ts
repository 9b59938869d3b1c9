/** Functions that close an inspector from within its process. ssebench sends them there as text. */

/**
 * Closes the inspector with all its sessions, including the caller's, which ends with this call.
 */
export function closeNow(): void {
  // Below Node 20.16, only the `require` of the console is available.
  const { close } = process.getBuiltinModule?.('node:inspector') ?? require('node:inspector');
  setTimeout(close);
}

/**
 * Closes the inspector when the connection to ssebench ends or cannot be established: see
 * `lifelines.ts`. It waits 100 ms, since Node 20 to 26 crashes (SIGSEGV) if it still reads messages
 * of a session. By then it has handled all messages of a killed ssebench.
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

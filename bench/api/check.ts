/** `check`, the function. */
import { whyNotListening } from '../commands/ports.ts';
import { exitCodeOfCheck } from '../endpoint/exit-code.ts';
import { checkServerAt } from '../endpoint/own-server.ts';
import type { EndpointToCheck } from '../endpoint/request.ts';
import { readCheckSettings, type CheckSettings } from '../endpoint/settings.ts';
import { endpointCiTexts } from '../report/ci/texts.ts';
import type { EndpointResult } from '../result/endpoint-result.ts';
import { exitCodes, unlessUnsaved, type ExitCode } from '../result/exit-codes.ts';
import { BadInput, complaintsOf } from '../scenario/complaint.ts';
import { appOf, type App } from '../scenario/own-servers/app.ts';
import { readCiSettings, writeCiFiles } from './ci-files.ts';
import { guardCalls } from './guard-calls.ts';
import { inProgramWords } from './program-words.ts';

/** The findings and observations of a check, as `ssebench check --json` prints them. */
export interface CheckResult extends EndpointResult {
  /** The exit code of `ssebench check`; 0 if nothing fails, and 130 after an abort. */
  exitCode: ExitCode;
}

const eachMs = 1_000;

/** See `check` of the package. */
export async function check(app: string | App, settings: CheckSettings = {}): Promise<CheckResult> {
  const read = readCheckSettings(appOf(app), settings);
  const files = readCiSettings(settings, 'check');
  const complaints = [
    ...complaintsOf(read, files),
    ...(read.ok ? whyNotListening(read.value.endpoints).map(inProgramWords) : []),
  ];
  if (!read.ok || !files.ok || complaints.length > 0) throw new BadInput(complaints);
  const { failOn, endpoints } = read.value;
  const [{ endpoint, process }] = endpoints as [EndpointToCheck];
  const { signal, guarded, rethrow } = guardCalls(settings.signal);
  const { onProgress } = settings;
  const startMs = performance.now();
  const report = guarded(() =>
    onProgress?.({ elapsedMs: performance.now() - startMs, watchMs: endpoint.watchMs }),
  );
  const timer = onProgress && setInterval(report, eachMs);
  try {
    const result = await checkServerAt(endpoint, process, signal);
    rethrow();
    const texts = endpointCiTexts([result], failOn, signal.aborted);
    const areWritten = writeCiFiles(files.value, texts);
    if (signal.aborted) return { ...result, exitCode: exitCodes.interrupted };
    return { ...result, exitCode: unlessUnsaved(exitCodeOfCheck(result, failOn), areWritten) };
  } finally {
    clearInterval(timer);
  }
}

/** The options of a check, with the default of each. */
import { disconnectModes } from '../../scenario/disconnect-modes.ts';
import type { StreamRequest } from '../../scenario/read-request.ts';
import type { RequestOptions } from '../../scenario/request-options.ts';
import type { CheckOptions } from './check-options.ts';
import type { LeaksInput, LeaksValues } from './leaks-input.ts';

export const checkOptions = (
  { trace = false, probe = true }: LeaksInput,
  values: LeaksValues,
  { request, hasOwnMethod }: StreamRequest,
): CheckOptions => ({
  ...withRequest(request, hasOwnMethod),
  ...(values.modes && { modes: values.modes }),
  areModesNamed: values.modes !== undefined && values.modes !== disconnectModes,
  strict: values.strict ?? false,
  streams: values.streams ?? 50,
  rounds: values.rounds ?? 1,
  events: values.events ?? 2,
  areEventsGiven: values.events !== undefined,
  patienceMs: values.patience ?? 3_000,
  deadlineMs: values.deadline ?? 5_000,
  withinMs: values.within,
  maxLeakedPerDisconnect: values.maxLeakedPerDisconnect ?? 0,
  ignore: values.ignore ?? [],
  trace,
  asksFirst: probe,
  inspection: values.inspection,
});

/**
 * The options of a check that depend on the request of the clients. If all modes have its method,
 * the mode `post` would repeat the mode `close`, so the usual modes do not contain it.
 *
 * @param isMethodGiven see `CheckOptions`
 */
export function withRequest(
  request: RequestOptions,
  isMethodGiven = request.method !== 'GET' || request.body !== null,
): Pick<CheckOptions, 'modes' | 'request' | 'isMethodGiven'> {
  const modes = disconnectModes.filter(
    ({ usual, name }) => usual && !(isMethodGiven && name === 'post'),
  );
  return { modes, request, isMethodGiven };
}

/** The exit code of `ssebench check`. Pure. */
import type { EndpointResult, Severity } from '../result/endpoint-result.ts';
import { exitCodes } from '../result/exit-codes.ts';

/**
 * A question that the check could not answer is a failure too, since a script would take 0 for a
 * pass.
 *
 * @param failOn the mildest severity that fails
 */
export function exitCodeOfCheck(
  { unreachable, findings }: Pick<EndpointResult, 'unreachable' | 'findings'>,
  failOn: 'error' | 'warning',
): number {
  const has = (wanted: Severity) => findings.some(({ severity }) => severity === wanted);
  if (unreachable !== null) return exitCodes.failure;
  if (has('error') || (failOn === 'warning' && has('warning'))) return exitCodes.unmet;
  return has('unjudged') ? exitCodes.invalid : exitCodes.success;
}

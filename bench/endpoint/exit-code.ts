/** The exit code of `ssebench check`. Pure. */
import type { EndpointResult, Severity } from '../result/endpoint-result.ts';
import { exitCodes, type ExitCode } from '../result/exit-codes.ts';

/** The exit code of several checks: the worst, in the order of `exitCodeOfCheck`. */
export const exitCodeOfChecks = (
  results: readonly Pick<EndpointResult, 'unreachable' | 'findings'>[],
  failOn: 'error' | 'warning',
): ExitCode =>
  exitCodeOfCheck(
    {
      unreachable: results.find(({ unreachable }) => unreachable !== null)?.unreachable ?? null,
      findings: results.flatMap(({ findings }) => findings),
    },
    failOn,
  );

/**
 * A question that the check could not answer is a failure too, since a script would take 0 for a
 * pass.
 *
 * @param failOn the mildest severity that fails
 */
export function exitCodeOfCheck(
  { unreachable, findings }: Pick<EndpointResult, 'unreachable' | 'findings'>,
  failOn: 'error' | 'warning',
): ExitCode {
  const has = (wanted: Severity) => findings.some(({ severity }) => severity === wanted);
  if (unreachable !== null) return exitCodes.failure;
  if (has('error') || (failOn === 'warning' && has('warning'))) return exitCodes.unmet;
  return has('unjudged') ? exitCodes.invalid : exitCodes.success;
}

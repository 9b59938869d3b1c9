/** Hides in a verdict what ssebench knows to be secret. Pure. */
import type { ServerVerdict } from '../result/leak-result.ts';
import { secretsOfServer, withoutKnownSecrets } from '../scenario/known-secrets.ts';
import type { LeaksRequest } from './request/request.ts';

type Spec = LeaksRequest['servers'][number]['spec'];

/**
 * The texts of a verdict that quote the server, which may repeat what it received, and its
 * variables. Descriptions and source lines of leaks stay, since a path may contain a variable.
 */
export function withoutSecretsOf(
  verdict: ServerVerdict,
  spec: Spec,
  { request }: Pick<LeaksRequest['options'], 'request'>,
): ServerVerdict {
  if (spec.kind === 'reference') return verdict;
  const process = spec.kind === 'command' ? spec : null;
  const secrets = secretsOfServer({ url: spec.url, request, process });
  const hide = <Text extends string | null>(text: Text) =>
    (text === null ? null : withoutKnownSecrets(text, secrets)) as Text;
  return {
    ...verdict,
    why: hide(verdict.why),
    reason: hide(verdict.reason),
    endedEarly: hide(verdict.endedEarly),
    ...(verdict.unexpected && { unexpected: verdict.unexpected.map(hide) }),
    modes: verdict.modes.map((mode) => ({
      ...mode,
      skipped: hide(mode.skipped),
      unexpected: mode.unexpected.map(hide),
    })),
  };
}

/** Checks one server and returns a verdict. An error becomes a verdict too and is never thrown. */
import { check } from './check.ts';
import { findingsOf } from '../result/leak-findings.ts';
import { mapTexts } from '../result/map-texts.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import type { LeaksRequest } from './request/request.ts';
import { connectionEach } from './request/servers-to-check.ts';
import { codeAt } from './source-code.ts';
import { withoutSecretsOf } from './verdict-secrets.ts';
import type { CheckWatch } from './modes/watch.ts';
import { notInspected, verdictOf, type ServerVerdict } from '../result/leak-result.ts';

/** @param watch receives what the check reports while it runs */
export async function checkServer(
  { name, spec, headers, isHttp2 = false }: LeaksRequest['servers'][number],
  common: LeaksRequest['options'],
  signal: AbortSignal,
  watch: CheckWatch = {},
): Promise<ServerVerdict> {
  // A server's own header overrides the header of all servers.
  const { request } = common;
  const options = {
    ...common,
    request: {
      ...request,
      headers: { ...request.headers, ...headers },
      http2: isHttp2 ? connectionEach : request.http2,
    },
  };
  const verdict = await check(spec, options, signal, {
    ...watch,
    found: (cause, mode, leaks) =>
      watch.found?.(mapTexts(cause, textWithoutSecrets), mode, mapTexts(leaks, textWithoutSecrets)),
  }).then(
    (result) => withFindings(verdictOf(name, result)),
    (error: Error) => notInspected(name, error),
  );
  // The verdict quotes the server: its answers and its last output.
  const shown = withoutSecretsOf(verdict, spec, options);
  return { ...mapTexts(shown, textWithoutSecrets), server: name };
}

/** Adds the findings of all modes, with their source code. */
const withFindings = (verdict: ServerVerdict): ServerVerdict => ({
  ...verdict,
  findings: findingsOf(verdict.modes).map((finding) => {
    const code = codeAt(finding.place);
    return code === undefined ? finding : { ...finding, code };
  }),
});

/** The document around the parts of a page. */
import { createHash } from 'node:crypto';
import { assets } from './assets.ts';
import type { PageData } from './data.ts';
import { html, jsonMarkup, trusted, type Markup } from './html.ts';

/** The parts of a page that change during a run. */
export interface PageParts {
  header: Markup;
  main: Markup;
  data: PageData;
}

/**
 * The whole document.
 *
 * @param more scripts that run after those of the page
 * @param connect what the page may connect to, in the syntax of its Content Security Policy; empty
 * for nothing
 */
export function shell(
  title: string,
  { header, main, data }: PageParts,
  more: readonly string[] = [],
  connect = '',
): string {
  const { style, scripts, licences } = assets();
  const all = [...scripts, ...more];
  return html`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(all, connect)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>${header}</header>
<main>
${main}
</main>
<!--
${trusted(licences)}
-->
<script type="application/json" id="data">${jsonMarkup(data)}</script>
${all.map((script) => html`<script>${trusted(script)}</script>`)}
</body>
</html>
`.markup;
}

/**
 * The policy allows nothing from elsewhere, and only the scripts given here. So text from a server
 * could not run even if it were not escaped.
 */
function policy(scripts: readonly string[], connect: string): string {
  const hashes = scripts.map(
    (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}${connect && `; connect-src ${connect}`}`;
}

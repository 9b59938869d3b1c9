/** Makes the links and the commands in the package's Markdown valid inside the package. Pure. */
import { posix } from 'node:path';

/** A link or a picture: `[text](target)`. The text can contain a picture. */
const links = /(!?)\[((?:!\[[^\]]*\]\([^)\s]*\)|[^[\]])*)\]\(([^)\s]+)\)/g;
const isAbsolute = (target: string) => /^([a-z][a-z0-9+.-]*:|#)/i.test(target);

/**
 * Points every relative link of a page to a file of the package, or to the repository. If neither
 * has it, keeps the text of a link and removes a picture.
 *
 * @param path of the page, from the root
 * @param files of the package
 * @param repository its public address, if it has one
 */
export function relinked(
  markdown: string,
  path: string,
  files: ReadonlySet<string>,
  repository: string | undefined,
): string {
  return markdown.replace(links, (_link, picture: string, text: string, target: string) => {
    const words = text.includes('](') ? relinked(text, path, files, repository) : text;
    if (isAbsolute(target)) return `${picture}[${words}](${target})`;
    const [file, anchor] = target.split('#') as [string, string?];
    const wanted = posix.join(posix.dirname(path), file);
    const own = [wanted, wanted.replace(/\.ts$/, '.js')].find((each) => files.has(each));
    const anchored = (address: string) =>
      `${picture}[${words}](${address}${anchor === undefined ? '' : `#${anchor}`})`;
    if (own !== undefined) return anchored(posix.relative(posix.dirname(path), own));
    if (repository !== undefined)
      return anchored(`${repository}/${picture === '' ? 'blob' : 'raw'}/HEAD/${wanted}`);
    return picture === '' ? words : '';
  });
}

const scripts = 'ssebench|bench|leaks|compare|report|serve';
/** An npm script at the start of a line of code; those of developers stay. */
const inBlock = new RegExp(`^( *)npm run (?:-s )?(${scripts})(?: --)?(?= |$)`);
/** The same within a sentence. Placeholders explain how npm works. */
const inSentence = new RegExp(`(\`)npm run (?:-s )?(${scripts})(?:(?=\`)| --(?= [^\`<]+\`))`, 'g');
/** The column of a comment behind a command. */
const comment = /^(.*?)( {2,})(# .*)$/;

/** Text that is true only in a clone of the repository. */
const onlyInRepository = /^ *<!-- repository -->\n[^]*?^ *<!-- \/repository -->\n\n?/gm;

/** A page as the package has it, apart from its links. */
export const forPackage = (markdown: string): string =>
  withInstalledCommand(markdown.replace(onlyInRepository, ''));

/** Replaces the npm scripts of the repository by the installed command. Comments keep their column. */
export function withInstalledCommand(markdown: string): string {
  let isCode = false;
  return markdown
    .split('\n')
    .map((line) => {
      if (line.trimStart().startsWith('```')) isCode = !isCode;
      if (!isCode) return line.replace(inSentence, installed);
      const [, command = line, space = '', words = ''] = comment.exec(line) ?? [];
      const shown = command.replace(inBlock, installed);
      const width = command.length + space.length;
      return words === '' ? shown : `${shown.padEnd(width - 2)}  ${words}`;
    })
    .join('\n');
}

const installed = (_script: string, before: string, name: string) =>
  `${before}npx ssebench${{ ssebench: '', bench: ' run' }[name] ?? ` ${name}`}`;

/**
 * The public address of a repository given in `package.json` or by `git remote`: without user,
 * password and `.git`.
 */
export function addressOf(remote: string): string | undefined {
  const [, host, path] =
    /^(?:git\+)?(?:(?:https?|ssh|git):\/\/)?(?:[^@/]*@)?([\w-]+(?:\.[\w-]+)+)(?::\d+(?=\/))?[:/](.+?)(?:\.git)?\/?$/.exec(
      remote,
    ) ?? [];
  return host === undefined ? undefined : `https://${host}/${path}`;
}

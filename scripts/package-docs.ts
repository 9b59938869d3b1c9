/** What the package's own Markdown links to: in the package, a link must lead somewhere. Pure. */
import { posix } from 'node:path';

/** A link or a picture: `[text](target)`; the text may have a picture in it. */
const links = /(!?)\[((?:!\[[^\]]*\]\([^)\s]*\)|[^[\]])*)\]\(([^)\s]+)\)/g;
const isAbsolute = (target: string) => /^([a-z][a-z0-9+.-]*:|#)/i.test(target);

/**
 * Makes every relative link of a page lead to a file of the package, or else to the repository. Where neither has an address,
 * the words of the link stay, and a picture goes.
 *
 * @param path of the page, from the root
 * @param files of the package
 * @param repository its address for people, if it has one
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

/** The address of a repository as `package.json` or `git remote` has it, for people: without user, password and `.git`. */
export function addressOf(remote: string): string | undefined {
  const [, host, path] =
    /^(?:git\+)?(?:(?:https?|ssh|git):\/\/)?(?:[^@/]*@)?([\w-]+(?:\.[\w-]+)+)(?::\d+(?=\/))?[:/](.+?)(?:\.git)?\/?$/.exec(
      remote,
    ) ?? [];
  return host === undefined ? undefined : `https://${host}/${path}`;
}

/** Saves texts on disk, each as a whole or not at all. */
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getSystemErrorMessage } from 'node:util';

/**
 * Saves a text that its own folder did not accept, in a new temporary folder.
 *
 * @returns the file, or `undefined` if that is not possible either
 */
export function saveElsewhere(file: string, text: string): string | undefined {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
    saveText(join(folder, file), text);
    return join(folder, file);
  } catch {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}

/**
 * Writes to a file that the user named. Writes directly to a device or a pipe, and follows a
 * symbolic link.
 */
export function saveNamed(path: string, text: string): void {
  if (isSpecial(path)) return writeFileSync(path, text);
  const target = existsSync(path) ? realpathSync(path) : path;
  mkdirSync(dirname(target), { recursive: true });
  saveText(target, text);
}

/** Whether the path is a device, a pipe or a folder. */
export const isSpecial = (path: string) => existsSync(path) && !statSync(path).isFile();

/**
 * Writes a file atomically: a reader sees the old text or the new text, never a part. If it cannot
 * be written, nothing is left behind. A symbolic link with that name is replaced; its target stays
 * unchanged.
 */
export function saveText(path: string, text: string): void {
  const fresh = `${path}.${randomUUID()}.new`;
  try {
    writeFileSync(fresh, text, { flag: 'wx' });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/**
 * @returns why saving failed, such as `ENOSPC, no space left on device`, or `undefined` if it
 * succeeded
 */
export function whyNot(save: () => void): string | undefined {
  try {
    save();
    return undefined;
  } catch (error) {
    const { code, errno, message } = error as NodeJS.ErrnoException;
    return code === undefined || errno === undefined
      ? message
      : `${code}, ${getSystemErrorMessage(errno)}`;
  }
}

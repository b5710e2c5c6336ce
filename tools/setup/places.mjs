// Where things are: the clone or the package, the cache, the Node to run on. Looks, and changes nothing.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const FROM_CLONE = existsSync(join(ROOT, 'src', 'cli', 'main.ts'))
export const NODE_MAJOR_MIN = 24

export const isNewEnough = (version) => Number.parseInt(version.replace('v', ''), 10) >= NODE_MAJOR_MIN

// A clone keeps everything inside itself; a package is perhaps installed where the user may not write.
export const cacheFolder = () => (FROM_CLONE ? join(ROOT, '.cache') : userCacheFolder())

function userCacheFolder() {
  const { env, platform } = process
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'openstory')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'openstory')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'openstory')
}

// The platform's own Node from npm: a package that holds the binary and needs no install script.
export function runtimeOf() {
  const os = { linux: 'linux', darwin: 'darwin', win32: 'win' }[process.platform] ?? process.platform
  const name = `node-${os}-${process.arch}`
  const folder = FROM_CLONE ? join(ROOT, '.runtime') : join(userCacheFolder(), 'runtime')
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return { name, folder, binary, stamp: join(folder, `${name}.ready`) }
}

// The Node on which everything but set-up itself runs.
export const nodeBinary = () => (isNewEnough(process.version) ? process.execPath : runtimeOf().binary)

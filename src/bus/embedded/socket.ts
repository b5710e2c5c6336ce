// Where the link listens. Socket paths are short (104 bytes on macOS), data folders may be long.
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { BusError } from '../bus.ts'

const SOCKET_PATH_MAX = 100

export function socketPath(dir: string): string {
  const name = createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\openstory-${name}`
  const near = join(resolve(dir), 'link.sock')
  if (Buffer.byteLength(near) <= SOCKET_PATH_MAX) return near
  const folder = join(tmpdir(), `openstory-${process.getuid?.() ?? 0}`)
  // The watcher's process may make nothing here: it finds what the holder made.
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Anybody can make a folder of this name first, and would then hold the link.
  const { uid, mode } = lstatSync(folder)
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0)
    throw new BusError(`${folder} is not this user’s alone; remove it, or choose a shorter --data-dir`)
  return join(folder, `${name}.sock`)
}

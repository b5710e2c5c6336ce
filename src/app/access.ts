// What the server asks of those who read: nothing where only this machine reaches it and nobody set a token; else a token. Who sets none is
// given one, kept in the data folder: one command is enough to be safe, as with notebooks, and a page that was signed in stays so.
import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { Keys } from '../api/access.ts'
import { isLoopback } from '../api/guard.ts'
import { type Config, ConfigError, TOKEN_CHARS_MIN } from './config.ts'
import { layoutOf } from './layout.ts'

export interface Asked {
  readonly keys: Keys
  readonly file: string | null // where a token of our making is kept; null: the person set it
}

// The data folder must be there.
export function askedOf(config: Config): Asked | null {
  const { token, cookieKey } = layoutOf(config.dataDir)
  if (config.token === undefined && isLoopback(config.host) && config.allowHosts === undefined) return null
  const own = config.token === undefined ? kept(token, () => `ost_${drawn()}`) : null
  if (own !== null && own.length < TOKEN_CHARS_MIN)
    throw new ConfigError(`${token} holds a token that is too short; remove the file, and a new one is made`)
  return {
    keys: { token: config.token ?? own!, cookieKey: kept(cookieKey, drawn) },
    file: own === null ? null : token,
  }
}

const drawn = (): string => randomBytes(32).toString('base64url')

function kept(path: string, make: () => string): string {
  try {
    writeFileSync(path, `${make()}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    chmodSync(path, 0o600) // a person may have written it, or copied it from elsewhere
  }
  return readFileSync(path, 'utf8').trim()
}

// As others write it; of a server on all addresses, the first that leads off this machine.
export function reachedAs(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return bracketed(host)
  const outer = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')
  return outer?.address ?? ownName(host)
}

// As programs of this machine reach it.
export const ownName = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : bracketed(host)

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

// Settings: flag > environment > <data-dir>/config.toml > default. A setting that cannot be right is refused with a sentence that names it.
import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { reasonOf } from '../base/log.ts'

export interface Config {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly bus: string // 'embedded' or nats://…
  readonly watch: Readonly<Record<string, readonly string[]>> // agent → folders, instead of what is found
  readonly open: boolean
  readonly logLevel: string
  readonly token?: string // asked of whoever reads over HTTP; one is made where others may reach it
  readonly allowHosts?: readonly string[] // names it answers under besides its own
}

export interface Flags {
  readonly dataDir?: string | undefined
  readonly host?: string | undefined
  readonly port?: string | undefined
  readonly bus?: string | undefined
  readonly watch?: readonly string[] | undefined // AGENT=DIR
  readonly open?: boolean | undefined
  readonly token?: string | undefined
  readonly allowHost?: readonly string[] | undefined
}

export class ConfigError extends Error {}

export const CONFIG_FILE = 'config.toml'
const LEVELS = ['silent', 'error', 'warn', 'info', 'debug']
export const TOKEN_CHARS_MIN = 16

type Env = Readonly<Record<string, string | undefined>>

export function loadConfig(flags: Flags, env: Env, agents: readonly string[]): Config {
  const dataDir = resolve(flags.dataDir ?? (env.OPENSTORY_DATA_DIR || defaultDataDir(env)))
  const file = readFile(join(dataDir, CONFIG_FILE))
  const pick = (
    flag: string | undefined,
    variable: string,
    name: string,
    fallback: string,
  ): { value: string; from: string } => {
    if (flag !== undefined) return { value: flag, from: `--${name}` }
    if (env[variable] !== undefined && env[variable] !== '') return { value: env[variable], from: variable }
    const said = file.values[name]
    if (said !== undefined && typeof said !== 'string' && typeof said !== 'number')
      throw new ConfigError(`${name} in ${file.path} must be a text or a number; correct it or remove the line`)
    return said === undefined
      ? { value: fallback, from: 'default' }
      : { value: String(said), from: `${name} in ${file.path}` }
  }
  return {
    dataDir,
    host: hostOf(pick(flags.host, 'OPENSTORY_HOST', 'host', '127.0.0.1')),
    port: portOf(pick(flags.port, 'OPENSTORY_PORT', 'port', '3002')),
    bus: busOf(pick(flags.bus, 'OPENSTORY_BUS', 'bus', 'embedded')),
    watch: watchOf(flags.watch, file, agents),
    open: flags.open ?? true,
    logLevel: levelOf(pick(undefined, 'OPENSTORY_LOG', 'log', 'info')),
    ...tokenOf(pick(flags.token, 'OPENSTORY_TOKEN', 'token', '')),
    ...namesOf(pick(flags.allowHost?.join(','), 'OPENSTORY_ALLOW_HOST', 'allow_host', '')),
  }
}

export function defaultDataDir(env: Env, platform: string = process.platform): string {
  const home = env.HOME ?? homedir()
  if (env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'openstory')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'openstory')
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'openstory')
  return join(home, '.local', 'share', 'openstory')
}

interface ConfigFile {
  readonly path: string
  readonly values: Readonly<Record<string, unknown>>
}

const KNOWN = ['host', 'port', 'bus', 'log', 'token', 'allow_host', 'watch']

function readFile(path: string): ConfigFile {
  if (!existsSync(path)) return { path, values: {} }
  let values: Record<string, unknown>
  try {
    values = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const where = error instanceof TomlError ? ` at line ${error.line}` : ''
    throw new ConfigError(
      `${path} cannot be read as TOML${where} (${reasonOf(error).split('\n')[0]}); correct it, or move it away and run: openstory init`,
    )
  }
  const stranger = Object.keys(values).find((name) => !KNOWN.includes(name))
  if (stranger !== undefined)
    throw new ConfigError(`${path} has a setting nobody knows: ${stranger}; the settings are ${KNOWN.join(', ')}`)
  return { path, values }
}

function hostOf({ value, from }: { value: string; from: string }): string {
  if (isIP(value) !== 0 || HOST_NAME.test(value)) return value
  throw new ConfigError(
    `${from} says host ${value}; it is an address of this machine: 127.0.0.1, or 0.0.0.0 for others to reach it as well`,
  )
}

const HOST_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i
const NAME_AND_PORT = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

// What it is, no message repeats.
function tokenOf({ value, from }: { value: string; from: string }): { token?: string } {
  if (value === '' && from === 'default') return {}
  if (value.length >= TOKEN_CHARS_MIN && /^[\x21-\x7e]+$/.test(value)) return { token: value }
  throw new ConfigError(
    `${from} gives a token that cannot be used; it has at least ${TOKEN_CHARS_MIN} letters, digits or signs and no blanks`,
  )
}

function namesOf({ value, from }: { value: string; from: string }): { allowHosts?: readonly string[] } {
  if (value === '' && from === 'default') return {}
  const names = value.split(',').map((name) => name.trim())
  const odd = names.find((name) => !NAME_AND_PORT.test(name))
  if (odd !== undefined)
    throw new ConfigError(`${from} says ${odd}; it is a name like story.example.org, or several with commas between`)
  return { allowHosts: names }
}

function portOf({ value, from }: { value: string; from: string }): number {
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && value.trim() !== '') return port
  throw new ConfigError(`${from} says port ${value}; a port is a whole number from 0 to 65535`)
}

function busOf({ value, from }: { value: string; from: string }): string {
  if (value === 'embedded' || /^(nats|tls|wss?):\/\/.+/.test(value)) return value
  throw new ConfigError(`${from} says bus ${value}; it is embedded or an address like nats://127.0.0.1:4222`)
}

function levelOf({ value, from }: { value: string; from: string }): string {
  if (LEVELS.includes(value)) return value
  throw new ConfigError(`${from} says log ${value}; it is one of ${LEVELS.join(', ')}`)
}

function watchOf(
  flags: readonly string[] | undefined,
  file: ConfigFile,
  agents: readonly string[],
): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  const add = (agent: string, dir: string, from: string) => {
    if (!agents.includes(agent))
      throw new ConfigError(`${from} names the agent ${agent}; known are ${agents.join(', ')}`)
    found[agent] = [...(found[agent] ?? []), resolve(dir)]
  }
  if (flags !== undefined && flags.length > 0) {
    for (const word of flags) {
      const cut = word.indexOf('=')
      if (cut < 1 || cut === word.length - 1)
        throw new ConfigError(`--watch ${word} is not AGENT=DIR; for example --watch ${agents[0]}=/path/to/sessions`)
      add(word.slice(0, cut), word.slice(cut + 1), '--watch')
    }
    return found
  }
  const said = file.values.watch ?? {}
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    throw new ConfigError(`watch in ${file.path} is a table of agent = [folders]`)
  for (const [agent, dirs] of Object.entries(said)) {
    const list = Array.isArray(dirs) ? dirs : [dirs]
    if (!list.every((dir) => typeof dir === 'string'))
      throw new ConfigError(`watch.${agent} in ${file.path} is a list of folders`)
    for (const dir of list as string[]) add(agent, dir, `watch in ${file.path}`)
  }
  return found
}

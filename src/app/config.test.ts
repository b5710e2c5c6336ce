// Where each setting comes from, and that a setting which cannot be right is refused by its name and its place.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { type Config, ConfigError, defaultDataDir, type Flags, loadConfig } from './config.ts'

const AGENTS = ['invented', 'other']
const dir = mkdtempSync(join(tmpdir(), 'openstory-config-'))
after(() => rmSync(dir, { recursive: true, force: true }))

let folders = 0
// The settings with this text as the config file of a data folder of its own; null: there is none.
function load(toml: string | null, flags: Flags = {}, env: Record<string, string> = {}): Config {
  const dataDir = join(dir, String(folders++))
  mkdirSync(dataDir)
  if (toml !== null) writeFileSync(join(dataDir, 'config.toml'), toml)
  return loadConfig({ dataDir, ...flags }, env, AGENTS)
}
function refusal(toml: string | null, flags: Flags = {}, env: Record<string, string> = {}): string {
  try {
    load(toml, flags, env)
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    return error.message
  }
  return assert.fail(`not refused: ${toml} ${JSON.stringify({ flags, env })}`)
}

test('with nothing said, it answers on this machine only, at its own port, with its own bus', () => {
  const { dataDir: _, ...config } = load(null)
  assert.deepEqual(config, { host: '127.0.0.1', port: 3002, bus: 'embedded', watch: {}, open: true, logLevel: 'info' })
})

const settings: {
  name: 'host' | 'port' | 'bus' | 'logLevel'
  file: string
  variable: string
  words: { flag?: string; env: string; file: string }
  fallback: unknown
}[] = [
  {
    name: 'host',
    file: 'host',
    variable: 'OPENSTORY_HOST',
    words: { flag: '::1', env: 'localhost', file: '127.0.0.1' },
    fallback: '127.0.0.1',
  },
  { name: 'port', file: 'port', variable: 'OPENSTORY_PORT', words: { flag: '1', env: '2', file: '3' }, fallback: 3002 },
  {
    name: 'bus',
    file: 'bus',
    variable: 'OPENSTORY_BUS',
    words: { flag: 'nats://a:1', env: 'tls://b:2', file: 'ws://c:3' },
    fallback: 'embedded',
  },
  { name: 'logLevel', file: 'log', variable: 'OPENSTORY_LOG', words: { env: 'warn', file: 'debug' }, fallback: 'info' },
]
for (const { name, file, variable, words, fallback } of settings)
  test(`${name}: a flag goes before the environment, that before the file, that before the default`, () => {
    const as = (word: string) => (name === 'port' ? Number(word) : word)
    const toml = `${file} = "${words.file}"`
    const env = { [variable]: words.env }
    if (words.flag !== undefined) assert.equal(load(toml, { [name]: words.flag }, env)[name], as(words.flag))
    assert.equal(load(toml, {}, env)[name], as(words.env))
    assert.equal(load(toml)[name], as(words.file))
    assert.equal(load(null)[name], fallback)
    assert.equal(load(toml, {}, { [variable]: '' })[name], as(words.file), 'an empty variable says nothing')
  })

test('a port may be a number in the file', () => {
  assert.equal(load('port = 4000').port, 4000)
})

test('the data folder: a flag goes before the environment, that before the place of the system', () => {
  const env = { OPENSTORY_DATA_DIR: join(dir, 'env'), XDG_DATA_HOME: join(dir, 'xdg'), HOME: join(dir, 'home') }
  assert.equal(loadConfig({ dataDir: join(dir, 'flag') }, env, AGENTS).dataDir, join(dir, 'flag'))
  assert.equal(loadConfig({}, env, AGENTS).dataDir, join(dir, 'env'))
  assert.equal(loadConfig({}, { ...env, OPENSTORY_DATA_DIR: undefined }, AGENTS).dataDir, join(dir, 'xdg', 'openstory'))
  assert.equal(loadConfig({ dataDir: 'here' }, {}, AGENTS).dataDir, resolve('here'), 'always absolute')
})

test('the place of the system is the usual one on each', () => {
  const env = { HOME: '/home/dev' }
  assert.equal(defaultDataDir(env, 'linux'), join('/home/dev', '.local', 'share', 'openstory'))
  assert.equal(defaultDataDir(env, 'darwin'), join('/home/dev', 'Library', 'Application Support', 'openstory'))
  assert.equal(defaultDataDir({ ...env, LOCALAPPDATA: '/l' }, 'win32'), join('/l', 'openstory'))
  assert.equal(defaultDataDir({ ...env, XDG_DATA_HOME: '/x' }, 'darwin'), join('/x', 'openstory'))
})

test('no page is opened when the flag says so', () => {
  assert.equal(load(null, { open: false }).open, false)
})

test('a token and names come from wherever settings come from, and no message repeats a token', () => {
  const token = 'a token of sorts'.replaceAll(' ', '-')
  assert.equal(load(`token = "${token}"`).token, token)
  assert.equal(load(null, {}, { OPENSTORY_TOKEN: token }).token, token)
  assert.equal(load(null, { token }, { OPENSTORY_TOKEN: 'x'.repeat(20) }).token, token)
  assert.deepEqual(load('allow_host = "a.example, b.example:8443"').allowHosts, ['a.example', 'b.example:8443'])
  assert.deepEqual(load(null, { allowHost: ['a.example', '[fd00::1]'] }).allowHosts, ['a.example', '[fd00::1]'])
  for (const short of ['hunter2', 'hunter2 hunter2 hunter2', ''])
    assert.match(
      refusal(null, { token: short }),
      /^--token gives a token that cannot be used; it has at least 16 (?!.*hunter2)/,
    )
  for (const odd of ['https://a.example', 'a b', 'a.example,,b', '']) refusal(null, { allowHost: [odd] })
})

const WRONG: [what: string, setting: string, word: string, values: string[]][] = [
  ['a host that is none', 'host', 'it is an address of this machine', ['a b', 'http://x', '']],
  ['a port that is none', 'port', 'a whole number from 0 to 65535', ['http', '-1', '65536', '30.5', ' ']],
  ['a bus that is none', 'bus', 'it is embedded or an address like nats://', ['kafka', 'nats://', 'http://x']],
  ['a log level that is none', 'log', 'it is one of silent, error, warn, info, debug', ['loud', 'INFO']],
]
for (const [what, setting, word, values] of WRONG)
  test(`${what} is refused by its name, its value, and where it came from`, () => {
    const variable = `OPENSTORY_${setting.toUpperCase()}`
    for (const value of values) {
      const says = (from: RegExp, message: string) => {
        assert.match(message, from)
        assert.ok(message.includes(`says ${setting} ${value};`) && message.includes(word), message)
      }
      says(new RegExp(`^${setting} in .*config\\.toml `), refusal(`${setting} = ${JSON.stringify(value)}`))
      if (value !== '') says(new RegExp(`^${variable} `), refusal(null, {}, { [variable]: value }))
      if (setting !== 'log') says(new RegExp(`^--${setting} `), refusal(null, { [setting]: value }))
    }
  })

test('a setting in the file that is neither text nor number is refused', () => {
  for (const value of ['true', '[1]', '{ a = 1 }', '2026-03-14'])
    assert.match(refusal(`port = ${value}`), /^port in .*config\.toml must be a text or a number/)
})

test('a file that is not TOML is refused with its line and the way out', () => {
  const message = refusal('port = 3002\nhost = \n')
  assert.match(
    message,
    /config\.toml cannot be read as TOML at line 2 \(.+\); correct it, or move it away and run: openstory init$/,
  )
  assert.ok(!message.includes('\n'))
})

test('a setting nobody knows is refused, with those that are known', () => {
  assert.match(
    refusal('prot = 3002'),
    /config\.toml has a setting nobody knows: prot; the settings are host, port, bus, log, token, allow_host, watch$/,
  )
  assert.match(refusal('[server]\nport = 3002'), /nobody knows: server/)
})

test('a refused file is refused even when a flag would go before it', () => {
  assert.match(refusal('prot = 1', { port: '3002' }), /prot/)
})

test('--watch names an agent and a folder, as often as wanted', () => {
  const { watch } = load(null, { watch: ['invented=/a', 'other=b=c', 'invented=/d'] })
  assert.deepEqual(watch, { invented: ['/a', '/d'], other: [resolve('b=c')] })
})

test('the file may name one folder or several for an agent', () => {
  assert.deepEqual(load('watch.invented = "/a"\nwatch.other = ["/b", "/c"]').watch, {
    invented: ['/a'],
    other: ['/b', '/c'],
  })
})

test('what is watched by flags is all that is watched, and none of them leaves the file its word', () => {
  const toml = 'watch.invented = "/a"'
  assert.deepEqual(load(toml, { watch: ['other=/b'] }).watch, { other: ['/b'] })
  assert.deepEqual(load(toml, { watch: [] }).watch, { invented: ['/a'] })
})

test('what cannot be watched is refused with the form that can', () => {
  for (const word of ['invented', '=/a', 'invented=', '=', ''])
    assert.equal(
      refusal(null, { watch: [word] }),
      `--watch ${word} is not AGENT=DIR; for example --watch invented=/path/to/sessions`,
    )
  assert.equal(refusal(null, { watch: ['nobody=/a'] }), '--watch names the agent nobody; known are invented, other')
  assert.match(
    refusal('watch.nobody = "/a"'),
    /^watch in .*config\.toml names the agent nobody; known are invented, other$/,
  )
  assert.match(refusal('watch = ["/a"]'), /^watch in .*config\.toml is a table of agent = \[folders\]$/)
  assert.match(refusal('watch = "/a"'), /is a table of agent/)
  assert.match(refusal('watch.invented = [1]'), /^watch\.invented in .*config\.toml is a list of folders$/)
})

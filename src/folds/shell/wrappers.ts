// Commands that only run another one: `sudo`, `env A=1`, `timeout 60`, `xargs`, `find -exec`, `bash -c '…'`. What is told is the command inside.
import { baseName } from './act.ts'
import type { Simple } from './simple.ts'

export const DEPTH_MAX = 12

// `script`: reads the text of `bash -c`.
export type ReadScript = (text: string, place: string) => readonly Simple[] | null

// Options of a wrapper that take a word of their own.
const WRAPPERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    sudo: '-u -g -h -p -C',
    doas: '-u -C',
    env: '-u -C -S',
    time: '-f -o',
    nohup: '',
    nice: '-n',
    ionice: '-c -n',
    timeout: '-s -k',
    gtimeout: '-s -k',
    stdbuf: '-i -o -e',
    xargs: '-I -n -P -L -d -s -E -a',
    parallel: '-j',
    command: '',
    builtin: '',
    exec: '-a',
    setsid: '',
    caffeinate: '',
    arch: '-arch',
    script: '',
    dotenv: '-e -f',
    'cross-env': '',
    direnv: '',
    rtk: '',
  }).map(([name, options]) => [name, new Set(options.split(' '))]),
)
const SHELLS = new Set(['bash', 'sh', 'zsh', 'dash', 'ksh'])

// The commands that run in the end, instead of the one that was written.
export function unwrap(one: Simple, script: ReadScript, depth = 0): readonly Simple[] {
  if (depth >= DEPTH_MAX) return [one]
  return scriptInside(one, script) ?? wrappedInside(one, script, depth) ?? foundInside(one, script, depth) ?? [one]
}

// Windows' shells take all that follows as the script: `cmd /c npm test`, `powershell -NoProfile -Command "git status"`.
const WINDOWS: ReadonlyMap<string, RegExp> = new Map([
  ['cmd', /^\/[ck]$/i],
  ['powershell', /^-c(?:ommand)?$/i],
  ['pwsh', /^-c(?:ommand)?$/i],
])

function windowsInside(one: Simple, script: ReadScript): readonly Simple[] | null {
  const starts = WINDOWS.get(one.name.replace(/\.exe$/i, '').toLowerCase())
  const at = starts === undefined ? -1 : one.args.findIndex((arg) => starts.test(arg))
  if (at < 0 || at + 1 >= one.args.length) return null
  return asScript(one, script(one.args.slice(at + 1).join(' '), one.place))
}

function scriptInside(one: Simple, script: ReadScript): readonly Simple[] | null {
  if (!SHELLS.has(one.name)) return windowsInside(one, script)
  const at = one.args.findIndex((arg) => /^-[a-z]*c$/.test(arg))
  const text = at >= 0 ? one.args[at + 1] : one.args.length === 0 ? (one.stdin ?? undefined) : undefined
  return asScript(one, text === undefined ? null : script(text, one.place))
}

function asScript(one: Simple, inner: readonly Simple[] | null): readonly Simple[] | null {
  if (inner === null || inner.length === 0) return null
  // What is piped or sent to the background is the script as a whole; its last command speaks for it.
  return inner.map((each, i) =>
    i === inner.length - 1 ? { ...each, into: each.into ?? one.into, background: one.background } : each,
  )
}

function wrappedInside(one: Simple, script: ReadScript, depth: number): readonly Simple[] | null {
  const options = WRAPPERS.get(one.name)
  const at = options === undefined ? one.args.length : wrappedAt(one, options)
  if (at >= one.args.length) return null
  const some = one.some || one.name === 'xargs' || one.name === 'parallel'
  return unwrap({ ...one, name: baseName(one.args[at]!), args: one.args.slice(at + 1), some }, script, depth + 1)
}

// `find . -exec gofmt -w {} +`: it looks, and it runs.
function foundInside(one: Simple, script: ReadScript, depth: number): readonly Simple[] | null {
  if (one.name !== 'find' && one.name !== 'fd') return null
  const at = one.args.findIndex((arg) => /^(-exec|-execdir|-ok|-x|--exec)$/.test(arg))
  if (at < 0 || at + 1 >= one.args.length) return null
  const rest = one.args.slice(at + 1)
  const end = rest.findIndex((arg) => arg === ';' || arg === '+')
  const args = (end < 0 ? rest : rest.slice(0, end)).slice(1)
  const inner: Simple = { ...one, name: baseName(rest[0]!), args, some: true }
  return [{ ...one, args: one.args.slice(0, at) }, ...unwrap(inner, script, depth + 1)]
}

function wrappedAt({ name, args }: Simple, options: ReadonlySet<string>): number {
  let at = 0
  if (name === 'direnv' && args[0] === 'exec') at = 2
  for (; at < args.length; at++) {
    const arg = args[at]!
    if (arg === '--') return at + 1
    if (options.has(arg)) at++
    else if (!arg.startsWith('-') && !/^[A-Za-z_]\w*=/.test(arg)) break
  }
  // `timeout 60 cmd`, `time -p cmd`
  return name === 'timeout' || name === 'gtimeout' ? at + 1 : at
}

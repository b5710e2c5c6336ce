// Names people use: files by their last name, told apart when two are alike, grouped when there are many; lists and plurals of English.
import { baseName } from '../shell/act.ts'

export const plural = (n: number, one: string, many = `${one}s`): string => `${numberWord(n)} ${n === 1 ? one : many}`
const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
export const numberWord = (n: number): string => (n >= 2 ? String(n) : (NUMBERS[n] ?? String(n)))

export const listed = (parts: readonly string[], and = 'and'): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} ${and} ${parts.at(-1)}`

// `src/a/index.ts` and `src/b/index.ts` become a/index.ts and b/index.ts. In the order given.
export function fileNames(paths: readonly string[]): string[] {
  const clean = paths.map((path) => path.replace(/\/+$/, ''))
  const depth = clean.map(() => 1)
  for (let round = 0; round < 4; round++) {
    const names = clean.map((path, i) => lastSteps(path, depth[i]!))
    for (const [i, name] of names.entries())
      if (names.some((other, j) => j !== i && other === name && clean[j] !== clean[i])) depth[i]!++
    if (names.every((name, i) => name === lastSteps(clean[i]!, depth[i]!))) break
  }
  return clean.map((path, i) => short(lastSteps(path, depth[i]!)))
}

// Strokes of another system only where there is none of this one's.
const lastSteps = (path: string, n: number): string =>
  path
    .split(path.includes('/') ? '/' : /[\\/]/)
    .filter(Boolean)
    .slice(-n)
    .join('/') || path

// A name nobody would say whole.
const NAME_MAX = 60
const KEY = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24,}/gi
function short(name: string): string {
  const said = name.replace(KEY, (key) => `${key.slice(0, 8)}…`)
  return said.length <= NAME_MAX ? said : `…${said.slice(-NAME_MAX + 1)}`
}

// Up to `named` names; more are counted: "a.ts, b.ts and 3 other files".
// `among`: all that the sentence may name, so that no two names are alike in it.
export function filesPhrase(
  paths: readonly string[],
  named: number,
  more = 0,
  among: readonly string[] = paths,
): string {
  const all = paths.length + more
  if (all === 0) return ''
  const told = fileNames(among)
  const names = paths.map((path) => told[among.indexOf(path)] ?? fileNames([path])[0]!)
  const unique = [...new Set(names)]
  if ((all <= named || (all === 2 && named === 1 && more === 0)) && unique.length === names.length) return listed(names)
  const group = groupOf(paths)
  if (named < 1) return group === null ? plural(all, 'file') : `${all} ${group}`
  // "and one other file" is no shorter than its name.
  const shown = unique.slice(0, Math.max(1, all - named === 1 ? named - 1 : Math.min(named, all - 1)))
  return `${shown.join(', ')} and ${plural(all - shown.length, 'other file')}`
}

const LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'TypeScript',
  tsx: 'TypeScript',
  js: 'JavaScript',
  jsx: 'JavaScript',
  mjs: 'JavaScript',
  py: 'Python',
  go: 'Go',
  rs: 'Rust',
  rb: 'Ruby',
  java: 'Java',
  kt: 'Kotlin',
  swift: 'Swift',
  ex: 'Elixir',
  exs: 'Elixir',
  c: 'C',
  h: 'C',
  cpp: 'C++',
  cs: 'C#',
  php: 'PHP',
  md: 'Markdown',
  json: 'JSON',
  yml: 'YAML',
  yaml: 'YAML',
  css: 'CSS',
  html: 'HTML',
  sh: 'shell',
  sql: 'SQL',
  toml: 'TOML',
}

// "TypeScript files in src/story", when they are all of a kind.
function groupOf(paths: readonly string[]): string | null {
  const kinds = new Set(paths.map((path) => LANGUAGES[baseName(path).split('.').slice(1).at(-1) ?? '']))
  const kind = kinds.size === 1 ? [...kinds][0] : undefined
  if (kind === undefined) return null
  const folders = new Set(paths.map((path) => path.split('/').slice(0, -1).slice(-2).join('/')))
  const folder = folders.size === 1 ? [...folders][0] : ''
  return `${kind} file${paths.length === 1 ? '' : 's'}${folder ? ` in ${folder}` : ''}`
}

// What was searched for may be said where it is words, not a pattern.
export const isSayable = (pattern: string): boolean => /^[\p{L}\p{N} _./:@#-]{2,40}$/u.test(pattern)

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

// `mcp__linear__create_comment`, `create_comment`, `TaskStop`: what a person would call it.
export function toolWords(name: string): string {
  const parts = name.replace(/^mcp__/, '').split('__')
  const words = (text: string) =>
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .replace(/[_\-.]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .toLowerCase()
  if (parts.length < 2) return words(parts[0] ?? name)
  const server = words(parts[0]!).replace(/^(?:plugin|server) | (?:server|mcp)$/g, '')
  return `${words(parts.slice(1).join(' '))} in ${capital(server.split(' ').at(-1) ?? server)}`
}

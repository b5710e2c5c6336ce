// Which language a file is written in, by its name, as the highlighter calls it; '' where it is none of those it knows. Pure.
import type { CodeSpan } from './code-words.ts'
import { baseName } from './words.ts'

const BY_END: Readonly<Record<string, string>> = {
  bash: 'bash',
  c: 'c',
  cc: 'cpp',
  cjs: 'javascript',
  cpp: 'cpp',
  cs: 'csharp',
  css: 'css',
  cts: 'typescript',
  diff: 'diff',
  go: 'go',
  h: 'c',
  hpp: 'cpp',
  html: 'xml',
  ini: 'ini',
  java: 'java',
  js: 'javascript',
  json: 'json',
  jsonc: 'json',
  jsonl: 'json',
  jsx: 'javascript',
  kt: 'kotlin',
  kts: 'kotlin',
  md: 'markdown',
  mjs: 'javascript',
  mts: 'typescript',
  patch: 'diff',
  php: 'php',
  py: 'python',
  pyi: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  sql: 'sql',
  svelte: 'xml',
  svg: 'xml',
  swift: 'swift',
  toml: 'ini',
  ts: 'typescript',
  tsx: 'typescript',
  vue: 'xml',
  xml: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  zsh: 'bash',
}

export function languageOf(path: string): string {
  const name = baseName(path).toLowerCase()
  if (name === 'dockerfile' || name.startsWith('dockerfile.')) return 'dockerfile'
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : (BY_END[name.slice(dot + 1)] ?? '')
}

// A highlighted text line by line.
export function lineSpans(spans: readonly CodeSpan[]): readonly (readonly CodeSpan[])[] {
  const lines: CodeSpan[][] = [[]]
  for (const { text, as } of spans)
    for (const [i, part] of text.split('\n').entries()) {
      if (i > 0) lines.push([])
      if (part !== '') lines.at(-1)!.push({ text: part, as })
    }
  return lines
}

// A line of a file as tools print it: some put its number in front. What is no such line has no code.
export interface ReadLine {
  readonly number: string
  readonly code: string
}
export function readLines(text: string): readonly ReadLine[] {
  const lines = text.replace(/\n$/, '').split('\n')
  const numbered = lines.map((line) => /^( *\d+(?:→|\t|\|))(.*)$/s.exec(line))
  const isNumbered = numbered[0] !== null && numbered[0] !== undefined
  return lines.map((line, i) => {
    const [, number, code] = numbered[i] ?? []
    if (!isNumbered) return { number: '', code: line }
    return number === undefined ? { number: line, code: '' } : { number, code: code ?? '' }
  })
}

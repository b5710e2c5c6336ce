// What a tool's output says of how it went. Codex keeps that in the text the model reads, in several forms of several years.
import { parseJson } from '../../base/nesting.ts'
import { isJson, nonEmpty } from '../values.ts'
import { type Content, contentAt } from './texts.ts'

export interface Output extends Content {
  readonly success?: boolean
  readonly inner?: string // the text inside an older form, where it is short enough to stand by itself
}

const INNER_MAX = 4_000

export function outputAt(output: unknown, at: string): Output {
  if (isJson(output) && output.type === undefined) {
    const success = typeof output.success === 'boolean' ? { success: output.success } : {}
    const key = output.content === undefined && output.output !== undefined ? 'output' : 'content'
    return {
      ...contentAt(output[key] ?? output.content_items, `${at}/${output[key] === undefined ? 'content_items' : key}`),
      ...success,
    }
  }
  const content = contentAt(output, at)
  const inner = typeof output === 'string' ? recordedIn(output)?.output : undefined
  return inner === undefined || inner.length > INNER_MAX ? content : { ...content, inner }
}

// `{"output":"…","metadata":{"exit_code":0,"duration_seconds":0.1}}`, as a string.
function recordedIn(text: string): { readonly output: string; readonly exit: number | undefined } | undefined {
  if (!text.startsWith('{') || !text.includes('"metadata"')) return undefined
  const value = parseJson(text) // or a text of its own that only begins like one
  if (!isJson(value) || !isJson(value.metadata) || typeof value.output !== 'string') return undefined
  const code = value.metadata.exit_code
  return { output: value.output, exit: typeof code === 'number' && Number.isInteger(code) ? code : undefined }
}

export interface Answered {
  readonly exit?: number
  readonly failed?: boolean // where the output says it in words
  readonly refused?: true
  readonly interrupted?: true
  readonly running?: string // the session the command goes on in
}

const HEAD_MAX = 400
const HEADERS = ['Chunk ID:', 'Wall time:', 'Exit code:', 'Process exited', 'Process running', 'Script ']
const EXITS = ['Process exited with code ', 'Exit code: ']
const RUNS = ['Process running with session ID ', 'Script running with cell ID ']

const FAILURES = [
  'exec_command failed',
  'write_stdin failed',
  'apply_patch verification failed',
  'apply_patch failed',
  'patch rejected',
  'exec command rejected',
  'command timed out',
  'execution error',
  'failed to ',
  'unsupported call',
  'unable to locate',
  'tool call error',
  'collab spawn failed',
  'unknown MCP server',
]

export function answeredIn(text: string, success: boolean | undefined): Answered {
  const recorded = recordedIn(text)
  if (recorded?.exit !== undefined) return { exit: recorded.exit, failed: recorded.exit !== 0 }
  const head = text.slice(0, HEAD_MAX)
  if (HEADERS.some((word) => head.startsWith(word))) return fromHeader(head)
  if (head.startsWith('aborted by user') || head === 'aborted') return { failed: true, interrupted: true }
  const isFailure = success === false || FAILURES.some((word) => head.startsWith(word))
  if (isFailure && head.toLowerCase().includes('rejected by user')) return { failed: true, refused: true }
  return isFailure || success !== undefined ? { failed: isFailure } : {}
}

// The header ends where the command's own output begins: that may say anything.
function fromHeader(head: string): Answered {
  const end = head.indexOf('Output:')
  const header = end < 0 ? head : head.slice(0, end)
  const exit = numberAfter(header, EXITS)
  if (exit !== undefined) return { exit, failed: exit !== 0 }
  const running = numberAfter(header, RUNS)
  if (running !== undefined) return { failed: false, running: String(running) }
  return header.startsWith('Script failed') ? { failed: true } : {}
}

function numberAfter(header: string, marks: readonly string[]): number | undefined {
  for (const mark of marks) {
    const at = header.indexOf(mark)
    const found = at < 0 ? Number.NaN : Number.parseInt(header.slice(at + mark.length), 10)
    if (Number.isInteger(found)) return found
  }
  return undefined
}

export const statusFailed = (status: unknown): boolean => {
  const word = nonEmpty(status)?.toLowerCase()
  return word === 'failed' || word === 'declined'
}

// What a tool was given, as blocks to read: a command as a command, a change as a diff, everything else by its names. Pure.
import type { ToolKind } from '../../event/payload.ts'
import { plainText } from './speech.ts'

export interface InputBlock {
  readonly lang: string // `note`: a line about it, in the agent's words
  readonly text: string
}

const COMMANDS = ['command', 'cmd', 'script']
const BEFORE = ['old_string', 'oldText', 'old_str', 'old_text']
const AFTER = ['new_string', 'newText', 'new_str', 'new_text']
const PATCHES = ['patch', 'diff']
const CONTENTS = ['content', 'file_text', 'contents']
const NOTES = ['description', 'justification']
const ORDERS = ['prompt', 'task', 'message', 'plan']

// `target` is said beside the tool's name and not again.
export function inputBlocks(kind: ToolKind, target: string, input: unknown): readonly InputBlock[] {
  if (typeof input === 'string')
    return input.trim() === '' || input === target ? [] : [block(kind === 'edit' ? 'diff' : '', input)]
  if (typeof input !== 'object' || input === null) return []
  const left = new Map(Object.entries(input))
  const take = (names: readonly string[]): unknown => {
    const name = names.find((one) => left.has(one))
    if (name === undefined) return undefined
    const value = left.get(name)
    left.delete(name)
    return value
  }
  const blocks: InputBlock[] = []
  const note = take(NOTES)
  if (typeof note === 'string' && note.trim() !== '' && note !== target) blocks.push(block('note', note))
  const command = take(COMMANDS)
  if (command !== undefined) {
    const text = Array.isArray(command) ? command.map(String).join(' ') : String(command)
    if (kind !== 'run' || text !== target || text.includes('\n')) blocks.push(block('sh', text))
  }
  const change = changeOf(take(BEFORE), take(AFTER))
  if (change !== null) blocks.push(change)
  const edits = left.get('edits')
  if (Array.isArray(edits)) {
    left.delete('edits')
    for (const edit of edits) blocks.push(...inputBlocks('edit', target, edit))
  }
  const patch = take(PATCHES)
  if (typeof patch === 'string') blocks.push(block('diff', patch))
  const content = take(CONTENTS)
  if (typeof content === 'string') blocks.push(block('', content))
  const order = take(ORDERS)
  if (typeof order === 'string' && order !== target) blocks.push(block('', order))
  const rest = [...left].filter(([, value]) => value !== target && value !== null && value !== '')
  if (rest.length > 0) blocks.push(block('json', JSON.stringify(Object.fromEntries(rest), null, 2)))
  return blocks
}

const block = (lang: string, text: string): InputBlock => ({ lang, text: plainText(text) })

function changeOf(before: unknown, after: unknown): InputBlock | null {
  if (typeof before !== 'string' && typeof after !== 'string') return null
  const lines = (text: unknown, sign: string) =>
    typeof text !== 'string' || text === '' ? [] : text.split('\n').map((line) => `${sign}${line}`)
  return block('diff', [...lines(before, '-'), ...lines(after, '+')].join('\n'))
}

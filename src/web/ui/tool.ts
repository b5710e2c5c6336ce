// What a tool call is about, read from its input whoever wrote it: agents name the same things a handful of ways.
// Pure. What is not understood is shown as fields, never hidden.
import { contentIn, type Fields, fieldsIn, isFields, patchIn, replacementsIn, textIn } from '../../folds/input.ts'
import type { StoryRecord } from '../../folds/record.ts'
import { type DiffLine, diffLines, patchLines } from './diff.ts'

export type ToolUse = NonNullable<StoryRecord['tool']>
export interface Todo {
  readonly text: string
  readonly state: 'done' | 'doing' | 'open'
}
export interface Question {
  readonly text: string
  readonly options: readonly string[]
}
export type ToolBody =
  | { readonly as: 'diff'; readonly lines: readonly DiffLine[] }
  | { readonly as: 'file'; readonly text: string }
  | { readonly as: 'command'; readonly command: string; readonly note: string }
  | { readonly as: 'todos'; readonly todos: readonly Todo[] }
  | { readonly as: 'questions'; readonly questions: readonly Question[] }
  | { readonly as: 'words'; readonly text: string }
  | { readonly as: 'fields'; readonly fields: readonly (readonly [string, string])[] }

export function bodyOf(tool: Pick<ToolUse, 'kind' | 'input' | 'target'>): ToolBody {
  const input = tool.input
  if (typeof input === 'string') return fromText(tool.kind, input)
  const fields = fieldsIn(input)
  return known(tool, fields) ?? { as: 'fields', fields: fieldsOf(input) }
}

function known(tool: Pick<ToolUse, 'kind' | 'target'>, fields: Fields): ToolBody | null {
  switch (tool.kind) {
    case 'edit':
    case 'write':
      return editOf(fields)
    case 'run': {
      const command = textIn(fields, 'command', 'cmd', 'script', 'code') ?? listIn(fields, 'command', 'argv')
      return command === null
        ? null
        : { as: 'command', command, note: textIn(fields, 'description', 'justification') ?? '' }
    }
    case 'todo': {
      const todos = todosIn(fields)
      return todos === null ? null : { as: 'todos', todos }
    }
    case 'ask': {
      const questions = questionsIn(fields)
      return questions.length === 0 ? null : { as: 'questions', questions }
    }
    case 'plan':
    case 'delegate': {
      const text = textIn(fields, 'plan', 'prompt', 'task', 'instructions', 'message')
      return text === null ? null : { as: 'words', text }
    }
    default:
      return null
  }
}

function fromText(kind: ToolUse['kind'], text: string): ToolBody {
  if (kind === 'edit' || kind === 'write') return { as: 'diff', lines: patchLines(text) }
  return kind === 'run' ? { as: 'command', command: text, note: '' } : { as: 'words', text }
}

function editOf(fields: Fields): ToolBody | null {
  const lines = replacementsIn(fields).map(({ before, after }) => diffLines(before, after))
  if (lines.length > 0) return { as: 'diff', lines: lines.flatMap((part, i) => (i === 0 ? part : [GAP, ...part])) }
  const patch = patchIn(fields)
  if (patch !== null) return { as: 'diff', lines: patchLines(patch) }
  const text = contentIn(fields)
  return text === null ? null : { as: 'file', text }
}
const GAP: DiffLine = { sign: ' ', text: '⋯' }

function todosIn(fields: Fields): readonly Todo[] | null {
  const list = [fields.todos, fields.plan, fields.items, fields.tasks].find(Array.isArray) as unknown[] | undefined
  if (list === undefined) return null
  return list.filter(isFields).map((item) => ({
    text: textIn(item, 'content', 'step', 'text', 'title', 'subject', 'description') ?? '',
    state: todoState(textIn(item, 'status', 'state')),
  }))
}
const todoState = (word: string | null): Todo['state'] =>
  word === null
    ? 'open'
    : /^(completed|done)/.test(word)
      ? 'done'
      : /progress|active|doing/.test(word)
        ? 'doing'
        : 'open'

function questionsIn(fields: Fields): readonly Question[] {
  const list = Array.isArray(fields.questions) ? (fields.questions as unknown[]).filter(isFields) : [fields]
  return list.flatMap((item) => {
    const text = textIn(item, 'question', 'text', 'message', 'prompt')
    const options = Array.isArray(item.options) ? (item.options as unknown[]) : []
    return text === null
      ? []
      : [{ text, options: options.map((o) => (isFields(o) ? (textIn(o, 'label', 'text') ?? '') : String(o))) }]
  })
}

function listIn(fields: Fields, ...names: readonly string[]): string | null {
  for (const name of names) if (Array.isArray(fields[name])) return fields[name].map(String).join(' ')
  return null
}

export function fieldsOf(input: unknown): readonly (readonly [string, string])[] {
  if (input === null || input === undefined) return []
  if (typeof input !== 'object') return [['', String(input)]]
  return Object.entries(input).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value, null, 2),
  ])
}

const VERBS: Readonly<Record<ToolUse['kind'], string | null>> = {
  read: 'Read',
  edit: 'Edit',
  write: 'Write',
  search: 'Search',
  run: 'Run',
  web: 'Web',
  delegate: 'Delegate',
  plan: 'Plan',
  ask: 'Ask',
  todo: 'To-dos',
  other: null,
}
export const verbOf = (tool: Pick<ToolUse, 'kind' | 'name'>): string => VERBS[tool.kind] ?? tool.name

// What is read best at once is open; what is looked up when needed is not.
export const isOpenAtFirst = (kind: ToolUse['kind']): boolean =>
  kind === 'edit' || kind === 'write' || kind === 'run' || kind === 'todo' || kind === 'ask' || kind === 'plan'

export const lineCount = (text: string): number => (text === '' ? 0 : text.replace(/\n+$/, '').split('\n').length)

// What the input of a call says: a file's path, what is replaced by what, the whole content, a patch, a command. The one place that knows
// how agents name these; turns, the replay of files and the page read them here. Pure; nothing is made of input that is not understood.

export type Fields = Readonly<Record<string, unknown>>

export interface Replacement {
  readonly before: string
  readonly after: string
  readonly all: boolean // wherever it stands
}

const PATH = ['file_path', 'path', 'filePath', 'target_file', 'notebook_path', 'absolute_path', 'filename']
const OLD = ['old_string', 'oldText', 'old_text', 'oldString', 'old_str', 'old', 'search']
const NEW = ['new_string', 'newText', 'new_text', 'newString', 'new_str', 'new', 'replace']
const ALL = ['replace_all', 'replaceAll', 'all', 'global']
const CONTENT = ['content', 'contents', 'file_text', 'text', 'new_source']
const PATCH = ['patch', 'diff', 'input']

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {})

export function textIn(fields: Fields, ...names: readonly string[]): string | null {
  for (const name of names) if (typeof fields[name] === 'string') return fields[name]
  return null
}

export const pathIn = (input: Fields): string | null => textIn(input, ...PATH)
export const contentIn = (input: Fields): string | null => textIn(input, ...CONTENT)

// A patch is a field of the input, or all of it.
export const patchIn = (input: unknown): string | null =>
  typeof input === 'string' ? input : textIn(fieldsIn(input), ...PATCH)

// In the order they are made; one call may make several.
export function replacementsIn(input: Fields): readonly Replacement[] {
  const edits = Array.isArray(input.edits) ? (input.edits as unknown[]).filter(isFields) : [input]
  return edits.flatMap((edit) => {
    const [before, after] = [textIn(edit, ...OLD), textIn(edit, ...NEW)]
    if (before === null && after === null) return []
    return [{ before: before ?? '', after: after ?? '', all: ALL.some((name) => edit[name] === true) }]
  })
}

const COMMAND_KEYS = ['command', 'cmd', 'script', 'commands'] as const

export function commandIn(input: unknown): string | null {
  if (typeof input === 'string') return input
  const fields = fieldsIn(input)
  for (const key of COMMAND_KEYS) {
    const value = fields[key]
    if (typeof value === 'string' && value !== '') return value
    if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return wordsAsLine(value)
  }
  return null
}

// `["bash","-lc","npm test"]`: words as the program gets them; quoted again so that they are read as they are.
const wordsAsLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')

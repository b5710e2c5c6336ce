// What a source knows of the fields of its records: the eyes of the drift radar. A record is held against a table of shapes, in words:
//   'assistant': '&line requestId message>message.assistant'
// `&line`: all fields of another shape. `field>shape`: what the field's value, or each item of it, looks like. `field>content.{type}`:
// that shape is called by the value's own `type`; one that is not in the table is news itself. With a `?` behind it is not:
// the source passes such a value through as `other.*` already. A field without a shape is not looked into.
import { isJson, type Json } from './values.ts'

export interface Strange {
  readonly what: 'type' | 'field'
  readonly of: string // the shape, or the family of shapes
  readonly name: string // the field, or the type, as the record has it
  readonly value: unknown
}

export interface Shapes {
  strangeIn(record: unknown): readonly Strange[]
  // Whether the table has this field by now (its shape, a dot, its name): what an older version of us did not know may be known.
  knows(path: string): boolean
  // Whether it is one of the agent's own tools that are of no kind.
  knowsTool(name: string): boolean
}

interface Shape {
  readonly name: string
  readonly fields: Map<string, Inner | null>
}
type Inner = { readonly name: string } | { readonly family: string; readonly by: string; readonly told: boolean }

const STRANGE_MAX = 16 // of one record
const ITEMS_MAX = 64 // of one list
const NONE: readonly Strange[] = []

// `root` names the shape of a whole record; null, or a name that is not in the table: it is not looked at. `tools`: those of no kind.
export function shapesOf(
  table: Readonly<Record<string, string>>,
  root: (record: Json) => string | null,
  tools = '',
): Shapes {
  const ownTools = new Set(tools.split(' '))
  const shapes = new Map<string, Shape>(
    Object.keys(table).map((name) => [name, { name, fields: fieldsOf(table, name) }]),
  )
  return {
    strangeIn(record) {
      if (!isJson(record)) return NONE
      const shape = shapes.get(root(record) ?? '')
      if (shape === undefined) return NONE
      const found: Strange[] = []
      look(shapes, shape, record, found)
      return found
    },
    knows(path) {
      const fieldIn = ({ name }: Shape) => (path.startsWith(`${name}.`) ? path.slice(name.length + 1) : null)
      return [...shapes.values()].some((shape) => shape.fields.has(fieldIn(shape) ?? ''))
    },
    knowsTool: (name) => ownTools.has(name),
  }
}

function fieldsOf(table: Readonly<Record<string, string>>, name: string): Map<string, Inner | null> {
  const fields = new Map<string, Inner | null>()
  for (const word of (table[name] ?? '').split(/\s+/)) {
    if (word.startsWith('&')) for (const [field, inner] of fieldsOf(table, word.slice(1))) fields.set(field, inner)
    else if (word !== '') {
      const [field, inner] = word.split('>')
      fields.set(field!, inner === undefined ? null : innerOf(inner))
    }
  }
  return fields
}

function innerOf(words: string): Inner {
  const at = words.indexOf('.{')
  if (at < 0) return { name: words }
  return { family: words.slice(0, at), by: words.slice(at + 2, words.indexOf('}')), told: !words.endsWith('?') }
}

function look(shapes: ReadonlyMap<string, Shape>, shape: Shape, record: Json, found: Strange[]): void {
  for (const field in record) {
    const inner = shape.fields.get(field)
    if (inner === null) continue
    const value = record[field]
    if (inner === undefined) tell(found, { what: 'field', of: shape.name, name: field, value })
    else if (!Array.isArray(value)) lookInto(shapes, inner, value, found)
    else for (let i = 0; i < value.length && i < ITEMS_MAX; i++) lookInto(shapes, inner, value[i], found)
  }
}

function lookInto(shapes: ReadonlyMap<string, Shape>, inner: Inner, value: unknown, found: Strange[]): void {
  if (!isJson(value)) return
  if ('name' in inner) return look(shapes, shapes.get(inner.name)!, value, found)
  const type = value[inner.by]
  if (typeof type !== 'string') return
  const shape = shapes.get(`${inner.family}.${type}`)
  if (shape !== undefined) look(shapes, shape, value, found)
  else if (inner.told) tell(found, { what: 'type', of: inner.family, name: type, value })
}

function tell(found: Strange[], strange: Strange): void {
  if (found.length < STRANGE_MAX) found.push(strange)
}

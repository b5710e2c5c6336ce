// The structure of a value without what it says: for showing what a format looks like and never what stands in a transcript.
// Strings become their kind and length, numbers 0; a key is kept where it reads like a name in a program, since keys can be paths,
// ids or sentences too.
export const SAMPLE_CHARS_MAX = 400

const ITEMS_MAX = 3
const DEPTH_MAX = 5
const NAME_CHARS_MAX = 40
const DIGITS_MAX = 4
const ROOMS = [300, 200, 100] // a little is said beyond them: what was begun is finished, and that something is left out

// JSON text of at most SAMPLE_CHARS_MAX characters.
export function redacted(value: unknown): string {
  for (const left of ROOMS) {
    const text = JSON.stringify(shrunk(value, { left }, 0))
    if (text.length <= SAMPLE_CHARS_MAX) return text
  }
  return JSON.stringify(kindOf(value))
}

// A word as it may be shown: itself where it is a name in a program, and only that it was one otherwise.
// With more digits than a name has it is an id.
export function nameOf(word: string, charsMax = NAME_CHARS_MAX, digitsMax = DIGITS_MAX): string {
  const isName =
    word.length <= charsMax && /^[A-Za-z_$@][\w$@.:/-]*$/.test(word) && word.replace(/\D/g, '').length <= digitsMax
  return isName ? word : `<${word.length} characters>`
}

interface Room {
  left: number // characters
}

function shrunk(value: unknown, room: Room, depth: number): unknown {
  const isWhole = depth < DEPTH_MAX && room.left > 0
  if (Array.isArray(value)) return isWhole ? shrunkList(value, room, depth) : spent(room, kindOf(value))
  if (typeof value === 'object' && value !== null)
    return isWhole ? shrunkObject(value as Readonly<Record<string, unknown>>, room, depth) : spent(room, kindOf(value))
  return spent(
    room,
    typeof value === 'string' || value === undefined ? kindOf(value) : typeof value === 'number' ? 0 : value,
  )
}

function spent<T>(room: Room, shown: T): T {
  room.left -= String(shown).length + 3
  return shown
}

function shrunkList(list: readonly unknown[], room: Room, depth: number): unknown[] {
  room.left -= 2
  const shown: unknown[] = []
  for (const item of list.slice(0, ITEMS_MAX)) {
    if (room.left <= 0) break
    shown.push(shrunk(item, room, depth + 1))
  }
  if (list.length > shown.length) shown.push(spent(room, `<${list.length - shown.length} more>`))
  return shown
}

function shrunkObject(object: Readonly<Record<string, unknown>>, room: Room, depth: number): object {
  room.left -= 2
  // Pairs and not assignments: a key may be called __proto__.
  const shown: [string, unknown][] = []
  const keys = Object.keys(object)
  for (const key of keys) {
    if (room.left <= 0) break
    shown.push([spent(room, nameOf(key)), shrunk(object[key], room, depth + 1)])
  }
  if (keys.length > shown.length) shown.push(['…', spent(room, `<${keys.length - shown.length} more>`)])
  return Object.fromEntries(shown)
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return `<string ${value.length}>`
  if (Array.isArray(value)) return `<list ${value.length}>`
  return typeof value === 'object' && value !== null ? `<object ${Object.keys(value).length}>` : `<${typeof value}>`
}

// Ids come from the content, so the same bytes give the same ids and everything may be done twice.
// The hash is a parameter: Node has a fast one, a browser does not need to make ids.

export interface LineIdentity {
  readonly session: string
  readonly agentId: string | null
  readonly nativeId: string | null // the line's own id, where it has one
  readonly offset: number // of the line in its file, in bytes; identity only for lines that have no id of their own
  readonly sha256: string // of the line's bytes, hex
}

export const ID_HEX_LENGTH = 32

// An agent's own id of this length is one in the world. A shorter one (`msg_1`) may have namesakes in other sessions.
const WORLD_ID_LENGTH = 20
export const isWorldId = (id: string): boolean => id.length >= WORLD_ID_LENGTH

// The native id alone would merge two different lines that share it (agents do write those), so the bytes are always part of the identity.
// Lines without an id of their own repeat word for word in one file; their place tells them apart.
export function identityText(line: LineIdentity, part: number): string {
  const own = line.nativeId === null ? `@${line.offset}` : `#${line.nativeId}`
  return [line.session, line.agentId ?? '', own, line.sha256, String(part)].join('\u0000')
}

// The first 12 digits are the event's own time in milliseconds (zeros where it has none), the other 20 the hash: ids of one session
// stand together in every index that is ordered by them, which made their writing several times cheaper than with the hash alone.
export function eventId(
  sha256Hex: (text: string) => string,
  line: LineIdentity,
  time: string | null,
  part: number,
): string {
  return timeHex(time) + sha256Hex(identityText(line, part)).slice(0, ID_HEX_LENGTH - TIME_HEX_LENGTH)
}

const TIME_HEX_LENGTH = 12

// The time an id begins with, in milliseconds; 0 where its event has none.
export const timeOfId = (id: string): number => Number.parseInt(id.slice(0, TIME_HEX_LENGTH), 16)

function timeHex(time: string | null): string {
  const ms = time === null ? Number.NaN : Date.parse(time)
  const known = Number.isFinite(ms) && ms > 0 && ms < 2 ** 47 ? Math.floor(ms) : 0
  return known.toString(16).padStart(TIME_HEX_LENGTH, '0')
}

// CloudEvents `sequence`: orders the events of one file as text; 14 digits hold 100 TB.
export const sequenceOf = (offset: number, part: number): string =>
  `${String(offset).padStart(14, '0')}.${String(part).padStart(3, '0')}`

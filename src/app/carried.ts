// The agent's own bytes that an event of the log carries, cut out of its text and never written anew.
import { headEndOf } from '../consumers/heads.ts'

// Null: another event carries the line.
export function carriedBytes(data: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  const end = headEndOf(bytes)
  if (end < 0) return null
  const colon = bytes.indexOf(':', end)
  const name = bytes.toString('latin1', end + COMMA_QUOTE, colon - 1)
  const value = bytes.subarray(colon + 1, bytes.length - CLOSING)
  if (name === 'raw') return value
  const text = JSON.parse(value.toString()) as string
  return name === 'raw64' ? Buffer.from(text, 'base64') : Buffer.from(text)
}

const COMMA_QUOTE = 2 // ,"raw
const CLOSING = 2 // }}

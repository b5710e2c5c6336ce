// The window in which an id is known again: the last `most` of them, and up to as many before. Two tables that take turns cost nothing to
// forget from. An id of ours is 32 hexadecimal digits: it is read out of a record's bytes and kept as 16 bytes in one piece of memory, so
// that a stream of events makes no text and no object of it. Other ids are texts in a map.
const ID_CHARS = 32
const WORDS = 4
const FILLED_MAX = 0.77
const GONE = -1 // in place of a sequence number

// Digit → value; others above 15.
const VALUES = new Uint8Array(256).fill(255)
for (const [value, digit] of [...'0123456789abcdef'].entries()) VALUES[digit.charCodeAt(0)] = value

export class RecentIds {
  readonly #most: number
  readonly #asked = new Uint32Array(WORDS)
  #new: Table
  #old: Table

  constructor(most: number) {
    this.#most = most
    this.#new = new Table(most)
    this.#old = new Table(most)
  }

  // The sequence number of an id, as latin1 in `bytes`; 0 where it is not known.
  find(bytes: Buffer, from: number, to: number): number {
    if (this.#read(bytes, from, to)) return this.#new.find(this.#asked) || this.#old.find(this.#asked)
    const text = bytes.toString('latin1', from, to)
    return this.#new.others.get(text) ?? this.#old.others.get(text) ?? 0
  }

  // One that is not known.
  add(bytes: Buffer, from: number, to: number, seq: number): void {
    if (this.#new.size >= this.#most) {
      const table = this.#old
      this.#old = this.#new
      this.#new = table
      table.clear()
    }
    if (this.#read(bytes, from, to)) this.#new.add(this.#asked, seq)
    else this.#new.others.set(bytes.toString('latin1', from, to), seq)
  }

  // Those with a higher number were never written: they are not known.
  forgetAfter(seq: number): void {
    for (const table of [this.#new, this.#old]) table.forgetAfter(seq)
  }

  // Whether it is an id of ours; it stands in #asked then.
  #read(bytes: Buffer, from: number, to: number): boolean {
    if (to - from !== ID_CHARS) return false
    for (let word = 0, at = from; word < WORDS; word++) {
      let value = 0
      for (const end = at + 8; at < end; at++) {
        const digit = VALUES[bytes[at]!]!
        if (digit > 15) return false
        value = (value << 4) | digit
      }
      this.#asked[word] = value
    }
    return true
  }
}

// Open addressing; the last word of an id is a hash already.
class Table {
  readonly others = new Map<string, number>()
  readonly #mask: number
  readonly #ids: Uint32Array
  readonly #seqs: Float64Array // 0: nothing stands there
  #count = 0

  constructor(most: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, most) / FILLED_MAX))
    this.#mask = slots - 1
    this.#ids = new Uint32Array(slots * WORDS)
    this.#seqs = new Float64Array(slots)
  }

  get size(): number {
    return this.#count + this.others.size
  }

  find(id: Uint32Array): number {
    const ids = this.#ids
    for (let slot = id[3]! & this.#mask; this.#seqs[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS
      if (ids[at + 3] === id[3] && ids[at + 2] === id[2] && ids[at + 1] === id[1] && ids[at] === id[0])
        if (this.#seqs[slot] !== GONE) return this.#seqs[slot]!
    }
    return 0
  }

  add(id: Uint32Array, seq: number): void {
    let slot = id[3]! & this.#mask
    while (this.#seqs[slot] !== 0) slot = (slot + 1) & this.#mask
    this.#ids.set(id, slot * WORDS)
    this.#seqs[slot] = seq
    this.#count++
  }

  // What stood there keeps its place, so that what was put behind it is still found.
  forgetAfter(seq: number): void {
    for (let slot = 0; slot <= this.#mask; slot++) if (this.#seqs[slot]! > seq) this.#seqs[slot] = GONE
    for (const [id, of] of this.others) if (of > seq) this.others.delete(id)
  }

  clear(): void {
    this.#seqs.fill(0)
    this.others.clear()
    this.#count = 0
  }
}

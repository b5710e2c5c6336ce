// Memory for bodies that come one after the other, used again and again: fresh megabytes for each made the collector look through the
// whole heap at every turn, and the system clear them first.

const ROUND_BYTES = 256 * 1024
const KEPT = 4
const KEPT_BYTES_MAX = 4 * 1024 * 1024 // larger ones are rare, and not kept
const SMALL_BYTES = 16 * 1024 // what Buffer's own pool is for

export class Memory {
  readonly #free: ArrayBuffer[] = []

  take(bytes: number): Buffer {
    if (bytes <= SMALL_BYTES) return Buffer.allocUnsafe(bytes)
    const at = this.#free.findIndex(({ byteLength }) => byteLength >= bytes)
    const memory = at < 0 ? undefined : this.#free.splice(at, 1)[0]
    if (memory !== undefined) return Buffer.from(memory, 0, bytes)
    return Buffer.allocUnsafeSlow(Math.ceil(bytes / ROUND_BYTES) * ROUND_BYTES).subarray(0, bytes)
  }

  // Of what was taken here. Nobody reads or writes it any more.
  give({ buffer, length }: Buffer): void {
    if (length <= SMALL_BYTES || buffer.byteLength > KEPT_BYTES_MAX) return
    this.#free.push(buffer as ArrayBuffer)
    if (this.#free.length > KEPT) this.#free.shift()
  }
}

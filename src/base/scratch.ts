// Memory that is used again and again for what stands in it only for a moment. What is longer than the most that is kept gets memory of
// its own.
export class Scratch {
  readonly #keptMax: number
  #kept = Buffer.alloc(0)

  constructor(keptMax: number) {
    this.#keptMax = keptMax
  }

  // Good until it is asked for again.
  take(length: number): Buffer {
    if (length > this.#keptMax) return Buffer.allocUnsafeSlow(length)
    if (this.#kept.length < length) this.#kept = Buffer.allocUnsafeSlow(Math.min(2 * length, this.#keptMax))
    return this.#kept.subarray(0, length)
  }
}

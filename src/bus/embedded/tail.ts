// How far the stream reaches, for readers of this process and, through the link, of others.

// Tells how far the stream reaches, and when it grew.
export interface Tail {
  lastSeq(): number
  grown(afterSeq: number, signal: AbortSignal): Promise<void>
}

export class LocalTail implements Tail {
  #lastSeq = 0
  readonly #listeners = new Set<(seq: number) => void>()

  lastSeq(): number {
    return this.#lastSeq
  }
  advance(seq: number): void {
    this.#lastSeq = seq
    for (const listener of [...this.#listeners]) listener(seq)
  }
  tell(listener: (seq: number) => void): () => void {
    this.#listeners.add(listener)
    listener(this.#lastSeq)
    return () => this.#listeners.delete(listener)
  }
  grown(afterSeq: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#listeners.delete(look)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const look = (seq: number) => {
        if (seq > afterSeq) done()
      }
      if (this.#lastSeq > afterSeq || signal.aborted) return resolve()
      this.#listeners.add(look)
      signal.addEventListener('abort', done, { once: true })
    })
  }
}

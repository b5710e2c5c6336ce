// Events that a consumer could not handle, set aside so that it can go on: kept whole, counted, and handed back when a person asks.
export interface DeadLetter {
  readonly consumer: string
  readonly id: string
  readonly subject: string
  readonly seq: number
  readonly publishedMs: number
  readonly attempts: number
  readonly round: number // how often it was set aside: more than once where a person, or the consumer itself, had it tried again
  readonly at: string // RFC 3339: when it was set aside
  readonly error: string
  readonly data: Uint8Array
}

// The dead letters of one consumer. All of it is synchronous and on stable storage when it returns.
export interface DeadLetters {
  // One that is there already is left as it is.
  add(letters: readonly DeadLetter[]): void
  count(): number
  // Whether one was tried again in vain and set aside once more since then.
  wasInVain(sinceMs: number): boolean
  // Those that are there go back to the consumer: at once where it runs, else when it starts.
  ask(): number
  // What was asked for and is not done yet.
  asked(): readonly DeadLetter[]
  isAsked(): boolean
  done(): void
}

// One client of the live stream: its socket, how far it has come, and what it may not do. What it is sent and when is the hub's to say.
import type { ClientMessage } from '../wire/live.ts'

// What is needed of a WebSocket of the package ws.
export interface LiveSocket {
  readonly bufferedAmount: number
  send(
    data: Buffer,
    options: { readonly binary: boolean; readonly compress: boolean },
    done: (error?: Error | null) => void,
  ): void
  ping(): void
  close(code: number, reason: string): void
  terminate(): void
  on(event: 'message', heard: (data: Buffer, isBinary: boolean) => void): unknown
  on(event: 'pong' | 'close', heard: () => void): unknown
  on(event: 'error', heard: (error: Error) => void): unknown
}

export interface ClientLimits {
  readonly bufferBytesMax: number // what waits in the socket of an up-to-date client
  readonly helloMsMax: number // how long a client may stay without saying hello
}

export const MESSAGE_BYTES_MAX = 4 * 1024
export const CLOSE = { goingAway: 1001, notText: 1003, badMessage: 1008, failed: 1011, tryLater: 1013 } as const

const AS_TEXT = { binary: false, compress: false } as const

export interface ClientEvents {
  readonly hello: (from: number | null) => void
  readonly gone: () => void
}

export class Client {
  seq = 0 // everything up to here was sent, or is not there
  told = 0 // the last `to` it was sent
  readonly gone: AbortSignal
  readonly #socket: LiveSocket
  readonly #limits: ClientLimits
  readonly #events: ClientEvents
  readonly #leaving = new AbortController()
  #mayHello = true
  #helloTimer: NodeJS.Timeout | undefined
  #sends = 0
  #done = 0
  #waiting: (() => void)[] = []
  #doneAtBeat = -1
  #isAlive = true

  constructor(socket: LiveSocket, limits: ClientLimits, events: ClientEvents) {
    this.#socket = socket
    this.#limits = limits
    this.#events = events
    this.gone = this.#leaving.signal
    socket.on('message', (data, isBinary) => this.#heard(data, isBinary))
    socket.on('pong', () => {
      this.#isAlive = true
    })
    socket.on('close', () => this.#leave())
    // ws closes the socket by itself after an error; `close` follows.
    socket.on('error', () => {})
    this.#awaitHello()
  }

  hasRoomFor(bytes: number): boolean {
    const buffered = this.#socket.bufferedAmount
    // A batch larger than the whole limit still goes to a client that waits for nothing.
    return buffered === 0 || buffered + bytes <= this.#limits.bufferBytesMax
  }

  send(frame: Buffer): void {
    if (this.isGone) return
    this.#sends++
    this.#socket.send(frame, AS_TEXT, () => {
      this.#done++
      if (this.#done < this.#sends) return
      for (const go of this.#waiting.splice(0)) go()
    })
  }

  sendBatch(frame: Buffer, to: number): void {
    this.moveOn(to)
    this.told = this.seq
    this.send(frame)
  }

  moveOn(to: number): void {
    if (to > this.seq) this.seq = to
  }

  // Resolves when the system has taken all that was sent, or the client is gone.
  flushed(): Promise<void> {
    if (this.isGone || this.#done >= this.#sends) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  // The client is told that its number is no longer good; it may say hello once more.
  waitForHello(frame: Buffer): void {
    this.send(frame)
    this.#mayHello = true
    this.#awaitHello()
  }

  get isGone(): boolean {
    return this.gone.aborted
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
    this.#leave()
  }

  // Alive is who answered the last ping, or at least takes what it is sent: a pong waits behind a full buffer.
  beat(): void {
    const takes = this.#done !== this.#doneAtBeat
    this.#doneAtBeat = this.#done
    if (!this.#isAlive && !takes) {
      this.#socket.terminate()
      return this.#leave()
    }
    this.#isAlive = false
    this.#socket.ping()
  }

  #awaitHello(): void {
    clearTimeout(this.#helloTimer)
    this.#helloTimer = setTimeout(() => this.close(CLOSE.badMessage, 'no hello came'), this.#limits.helloMsMax).unref()
  }

  #heard(data: Buffer, isBinary: boolean): void {
    if (this.isGone) return
    if (isBinary) return this.close(CLOSE.notText, 'messages are JSON text')
    const from = readHello(data.toString())
    if (from === undefined) return this.close(CLOSE.badMessage, 'expected {"type":"hello","from":<seq>|null}')
    if (!this.#mayHello) return this.close(CLOSE.badMessage, 'hello was said already')
    this.#mayHello = false
    clearTimeout(this.#helloTimer)
    this.#events.hello(from)
  }

  #leave(): void {
    if (this.isGone) return
    this.#leaving.abort()
    clearTimeout(this.#helloTimer)
    for (const go of this.#waiting.splice(0)) go()
    this.#events.gone()
  }
}

// Undefined where it is not a hello.
function readHello(text: string): number | null | undefined {
  let message: Partial<ClientMessage> | null
  try {
    message = JSON.parse(text)
  } catch {
    return undefined // the caller closes the connection and says why
  }
  if (typeof message !== 'object' || message === null || message.type !== 'hello') return undefined
  const { from } = message
  return from === null || (Number.isSafeInteger(from) && from! >= 0) ? from : undefined
}

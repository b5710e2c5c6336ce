// How long it takes from an append to a transcript to the page that looks on.
import type { ServerMessage } from '../../src/wire/live.ts'

export class Ear {
  readonly #socket: WebSocket
  #sent = new Map<string, number>()
  #times: number[] = []

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(String(data)) as ServerMessage)
  }

  static async at(url: string): Promise<Ear> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`)
    await new Promise((resolve) => {
      socket.onopen = resolve
    })
    socket.send(JSON.stringify({ type: 'hello', from: null }))
    return new Ear(socket)
  }

  begin(): void {
    this.#sent = new Map()
    this.#times = []
  }

  sent(text: string): void {
    this.#sent.set(text, performance.now())
  }

  waiting(): number {
    return this.#sent.size
  }

  percentiles(): { p50: number; p99: number } {
    const sorted = this.#times.sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
    return { p50: at(0.5), p99: at(0.99) }
  }

  close(): void {
    this.#socket.close()
  }

  #hear(message: ServerMessage): void {
    if (message.type !== 'batch') return
    const now = performance.now()
    for (const item of message.items) {
      const text = item.kind === 'record' ? item.record.text : null
      const from = text === null ? undefined : this.#sent.get(text)
      if (from === undefined) continue
      this.#times.push(now - from)
      this.#sent.delete(text!)
    }
  }
}

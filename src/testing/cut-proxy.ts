// A wire between a program and a server that a test can cut, hold still and mend, and that can say another version for the server.
import { connect, createServer, type Server, type Socket } from 'node:net'

export class CutProxy {
  readonly port: number
  version: string | null = null // said in place of the server's own
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  readonly #target: number
  #state: 'open' | 'cut' | 'still' = 'open'

  private constructor(server: Server, target: number) {
    this.#server = server
    this.#target = target
    this.port = (server.address() as { port: number }).port
    server.on('connection', (client) => this.#join(client))
  }

  static async to(target: number): Promise<CutProxy> {
    const server = createServer({ allowHalfOpen: false })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new CutProxy(server, target)
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`
  }

  // As when a cable is pulled and the other side says so.
  cut(): void {
    this.#state = 'cut'
    this.drop()
  }

  // As when a cable is pulled and nobody says so: connections stay, and nothing goes through.
  hold(): void {
    this.#state = 'still'
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  mend(): void {
    this.#state = 'open'
    for (const pair of this.#pairs) for (const socket of pair) socket.resume()
  }

  drop(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.drop()
    await closed
  }

  #join(client: Socket): void {
    if (this.#state === 'cut') {
      client.on('error', () => undefined)
      client.destroy()
      return
    }
    const server = connect(this.#target, '127.0.0.1')
    const pair = [client, server] as const
    this.#pairs.add(pair)
    for (const [from, to] of [pair, [server, client]] as const) {
      from.on('data', (data) => to.write(from === server ? this.#said(data) : data))
      from.on('error', () => undefined) // 'close' follows
      from.on('close', () => {
        to.destroy()
        this.#pairs.delete(pair)
      })
    }
    if (this.#state === 'still') for (const socket of pair) socket.pause()
  }

  #said(data: Buffer): Buffer {
    if (this.version === null || !data.includes('INFO {')) return data
    return Buffer.from(data.toString('latin1').replace(/"version":"[^"]*"/g, `"version":"${this.version}"`), 'latin1')
  }
}

// Publishing: a window in flight, each call in order. What was not confirmed when the connection went is published again from
// the first unconfirmed message on; the server knows by their ids the ones it has. Gives up only when it is closed or refused.
import { JetStreamApiError } from '@nats-io/jetstream'
import { errors, headers } from '@nats-io/transport-node'
import { assert } from '../../base/assert.ts'
import { systemClock } from '../../base/clock.ts'
import { reasonOf } from '../../base/log.ts'
import { retryDelayMs } from '../../base/retry.ts'
import { BusError, FullError, type Message, type PublishResult } from '../bus.ts'
import { Headroom } from './headroom.ts'
import { CutError, type Link } from './link.ts'
import { fullSentence, isFull, makeRoom } from './making-room.ts'
import { encodeSeqs, PART_HEADER, PARTS_HEADER, partBytes, partId, split, wholeBytesMax } from './parts.ts'
import { Room } from './room.ts'

const WINDOW_MESSAGES = 256
const WINDOW_BYTES = 16 * 1024 * 1024
const RETRY_MS_MIN = 50
const RETRY_MS_MAX = 5_000
const PUBLISH_MS_MAX = 10_000
const JETSTREAM_BUSY = 10_008 // "system temporarily unavailable": a server that is starting or electing
const MESSAGE_TOO_LARGE = 10_054 // for a limit that was set on the stream meanwhile

export class Publishing {
  private readonly link: Link
  private readonly room = new Room(WINDOW_MESSAGES, WINDOW_BYTES)
  private readonly headroom: Headroom
  private readonly working = new Set<Promise<unknown>>()

  constructor(link: Link) {
    this.link = link
    this.headroom = new Headroom(link, WINDOW_BYTES, WINDOW_MESSAGES)
  }

  publish(messages: readonly Message[]): Promise<readonly PublishResult[]> {
    const work = this.untilStored(messages)
    this.working.add(work)
    const done = () => this.working.delete(work)
    work.then(done, done)
    return work
  }

  async flush(): Promise<void> {
    await Promise.allSettled(this.working)
  }

  private async untilStored(messages: readonly Message[]): Promise<readonly PublishResult[]> {
    const results: PublishResult[] = []
    for (let attempt = 0; ; attempt++) {
      await this.link.ready()
      const failure = (await this.look(messages)) ?? (await new Attempt(this.link, this.room).run(messages, results))
      if (failure === null) {
        if (attempt > 0) this.link.stuck = null
        return results
      }
      if (isFull(failure)) await this.whenFull(failure, results.length)
      else await this.recover(failure, attempt)
    }
  }

  // What went wrong on the way, null where nothing did.
  private async look(messages: readonly Message[]): Promise<unknown> {
    try {
      await this.link.unlessCut(this.headroom.look(messages))
      this.room.countMax = this.headroom.isNarrow ? 1 : WINDOW_MESSAGES
      return null
    } catch (error) {
      return error
    }
  }

  // Goes on where room could be made. Else whoever publishes is told, and tries again.
  private async whenFull(failure: unknown, stored: number): Promise<void> {
    this.headroom.refused()
    let sentence = `the stream on ${this.link.url} is full (${reasonOf(failure)})`
    try {
      if ((await this.link.unlessCut(makeRoom(this.link))) > 0) return
      sentence = await this.link.unlessCut(fullSentence(this.link, reasonOf(failure)))
    } catch (error) {
      if (error instanceof CutError) return
      this.link.log.warn({ reason: reasonOf(error) }, 'NATS is full, and no room could be made')
    }
    throw new FullError(sentence, stored)
  }

  private async recover(failure: unknown, attempt: number): Promise<void> {
    if (this.link.closed) throw new BusError('the bus is closed', { cause: failure })
    const refused = refusalOf(failure, this.link.url)
    if (refused !== null) throw refused
    if (failure instanceof CutError) return
    this.link.stuck = `NATS at ${this.link.url} does not take messages (${reasonOf(failure)}); trying again`
    if (attempt === 0) this.link.log.warn({ reason: reasonOf(failure) }, 'NATS does not take messages; trying again')
    await systemClock.sleep(retryDelayMs(attempt, RETRY_MS_MIN, RETRY_MS_MAX))
    // Nobody listening on the subject can mean that the stream went with a server that came back empty.
    if (this.link.up)
      await this.link.unlessCut(this.link.ensure()).catch((error) => (this.link.stuck = reasonOf(error)))
  }
}

// Null where trying again makes sense.
function refusalOf(error: unknown, url: string): BusError | null {
  if (error instanceof BusError) return error
  const temporary =
    !(error instanceof JetStreamApiError) && !(error instanceof errors.InvalidArgumentError) && !isForbidden(error)
  if (temporary) return null
  if (error instanceof JetStreamApiError && (error.code === JETSTREAM_BUSY || error.code === MESSAGE_TOO_LARGE))
    return null
  return new BusError(`NATS at ${url} refused a message`, { cause: error })
}

const isForbidden = (error: unknown): boolean =>
  error instanceof errors.PermissionViolationError ||
  (error instanceof Error && error.cause instanceof errors.PermissionViolationError)

// One pass over what is not yet confirmed. It ends at the first failure, and at once when the connection changes.
class Attempt {
  private readonly link: Link
  private readonly room: Room
  private readonly change: ReturnType<Link['change']>
  private readonly interrupted: Promise<never>
  private failedAt = Number.POSITIVE_INFINITY
  private failure: unknown = null

  constructor(link: Link, room: Room) {
    this.link = link
    this.room = room
    this.change = link.change()
    this.interrupted = this.change.happened.then(() => {
      throw new CutError('the connection went while publishing')
    })
    this.interrupted.catch(() => {}) // whoever waits has a copy of it
  }

  // Fills `results` from its end on, without a hole. Null when all are confirmed.
  async run(messages: readonly Message[], results: PublishResult[]): Promise<unknown> {
    const first = results.length
    const answers: Promise<PublishResult | null>[] = []
    for (let at = first; at < messages.length && this.failure === null; at++)
      answers.push((await this.start(messages[at]!, at)).answer)
    for (const answer of await Promise.all(answers)) {
      if (answer === null) break
      results.push(answer)
    }
    this.change.forget()
    assert(this.failure !== null || results.length === messages.length, 'every message is confirmed or one failed')
    return this.failure
  }

  // Resolves once the message is on its way, so that the next one may follow it; the answer comes later.
  private async start(message: Message, at: number): Promise<{ readonly answer: Promise<PublishResult | null> }> {
    const payloadMax = this.link.payloadMax()
    try {
      const sent =
        message.data.length > wholeBytesMax(payloadMax)
          ? await this.sendParts(at, message, partBytes(payloadMax))
          : await this.send(at, message, message.id, message.data)
      return { answer: sent.answer.catch(() => null) } // it is known as the failure
    } catch (error) {
      this.failed(at, error)
      return { answer: Promise.resolve(null) }
    }
  }

  private failed(at: number, error: unknown): void {
    if (at >= this.failedAt) return
    this.failedAt = at
    this.failure = error
  }

  private async sendParts(at: number, message: Message, size: number): Promise<Sent> {
    const parts = split(message.data, size)
    const sent: Sent[] = []
    for (const [index, part] of parts.slice(0, -1).entries()) {
      const header = [PART_HEADER, `${index + 1}/${parts.length}`] as const
      sent.push(await this.send(at, message, partId(message.id, index, parts.length, size), part, header))
    }
    const stored = await Promise.all(sent.map(({ answer }) => answer))
    const places = encodeSeqs(stored.map(({ seq }) => seq))
    return this.send(at, message, message.id, parts.at(-1)!, [PARTS_HEADER, places])
  }

  private async send(
    at: number,
    message: Message,
    id: string,
    data: Uint8Array,
    header?: readonly [string, string],
  ): Promise<Sent> {
    await this.room.enter(data.length)
    if (this.failure !== null) {
      this.room.leave(data.length)
      throw this.failure // nothing goes before what failed
    }
    const answer = this.request(message.subject, id, data, header)
      .catch((error) => {
        this.failed(at, error)
        throw error
      })
      .finally(() => this.room.leave(data.length))
    answer.catch(() => {}) // every answer is looked at, but perhaps after another one that failed
    return { answer }
  }

  private async request(subject: string, id: string, data: Uint8Array, header?: readonly [string, string]) {
    const options = { msgID: id, timeout: PUBLISH_MS_MAX }
    const all = headers()
    if (header !== undefined) all.set(header[0], header[1])
    const request = this.link.js.publish(subject, data, header === undefined ? options : { ...options, headers: all })
    const { seq, duplicate } = await Promise.race([request, this.interrupted])
    return { seq, duplicate }
  }
}

// In an object, so that waiting for the sending does not wait for the answer.
interface Sent {
  readonly answer: Promise<PublishResult>
}

// The default bus: append-only segments below one folder. The process that holds the folder opens it with openEmbeddedBus and appends;
// other processes and threads use connectEmbeddedBus: they read the segments themselves and publish over a local socket.
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { type Log, reasonOf, silentLog } from '../../base/log.ts'
import { type Bus, BusError, type BusState, type PublishResult } from '../bus.ts'
import { Appender, type AppenderLimits } from './appender.ts'
import { forgetCursor, readCursors, START } from './cursors.ts'
import { Follower } from './follower.ts'
import { type Frame, jsonBody, OP, onFrames, readJson, resultsBody, writeFrame } from './frames.ts'
import { Memory } from './memory.ts'
import { readingSide } from './reading.ts'
import { recordsOf } from './record.ts'
import { socketPath } from './socket.ts'
import { LocalTail } from './tail.ts'

export interface EmbeddedOptions extends Partial<AppenderLimits> {
  readonly log?: Log
}

const MIB = 1024 * 1024
const LIMITS: AppenderLimits = {
  segmentBytes: 32 * MIB,
  retainBytes: 64 * MIB,
  backlogBytesMax: 4096 * MIB,
  duplicateIds: 50_000,
}
const RETAIN_EVERY_MS = 5_000
const OLDEST_MS_MAX = 200

// The caller holds the folder: no second process may open it (app/ locks the data folder).
export async function openEmbeddedBus(dir: string, options: EmbeddedOptions = {}): Promise<Bus> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const log = options.log ?? silentLog
  const cursors = join(dir, 'cursors')
  const tail = new LocalTail()
  // Nobody has asked for anything yet: nothing is consumed.
  const acked = () => {
    const seqs = readCursors(cursors).map(({ cursor }) => cursor.seq)
    return seqs.length === 0 ? 0 : Math.min(...seqs)
  }
  const appender = new Appender(dir, { ...LIMITS, ...definedOf(options) }, log, acked, (seq) => tail.advance(seq))
  tail.advance(appender.lastSeq)
  const retaining = setInterval(() => appender.retain(), RETAIN_EVERY_MS).unref()

  const state = async (): Promise<BusState> => ({
    kind: 'embedded',
    firstSeq: appender.firstSeq,
    lastSeq: appender.lastSeq,
    bytes: appender.bytes(),
    durables: readCursors(cursors).map(({ name, cursor }) => ({
      name,
      ackedSeq: cursor.seq,
      lag: appender.lastSeq - cursor.seq,
    })),
    trouble: appender.trouble,
    oldestMs: await waitingMs(dir, cursors, tail),
  })
  const forget = async (name: string) => {
    forgetCursor(cursors, name)
    appender.retain()
  }
  const memory = new Memory()
  const publishRecords = async (records: Buffer) => {
    try {
      return await appender.publish(records)
    } finally {
      memory.give(records)
    }
  }
  const server = await serveLink(
    dir,
    { publishRecords, flush: () => appender.flush(), state, forget, tail, memory },
    log,
  )
  const reading = readingSide(dir, tail)
  return {
    publish: async (messages) => (messages.length === 0 ? [] : publishRecords(recordsOf(messages, memory))),
    flush: () => appender.flush(),
    ...reading,
    forget,
    state,
    async close() {
      clearInterval(retaining)
      await reading.stopAll()
      await new Promise((resolve) => {
        server.close(resolve)
        for (const socket of server.sockets) socket.destroy()
      })
      await appender.close()
    },
  }
}

// Since when the message waits that is next for whoever is furthest behind.
async function waitingMs(dir: string, cursors: string, tail: LocalTail): Promise<number | null> {
  const places = readCursors(cursors).map(({ cursor }) => cursor)
  const behind = places.reduce((least, place) => (place.seq < least.seq ? place : least), places[0] ?? START)
  if (places.length === 0 || behind.seq >= tail.lastSeq()) return null
  const first = Follower.firstSeq(dir, tail)
  const from = behind.seq + 1 < first ? { seq: first - 1, segment: 0, at: 0 } : behind
  const follower = new Follower(dir, '>', tail, from)
  try {
    const found = await follower.next(1, 1, AbortSignal.timeout(OLDEST_MS_MAX))
    const oldest = found?.messages[0]
    return oldest === undefined ? null : Math.max(0, Date.now() - oldest.publishedMs)
  } finally {
    await follower.close()
  }
}

interface LinkService {
  readonly publishRecords: (records: Buffer) => Promise<readonly PublishResult[]>
  readonly flush: Bus['flush']
  readonly state: Bus['state']
  readonly forget: Bus['forget']
  readonly tail: LocalTail
  readonly memory: Memory // that records are taken from; given back by publishRecords
}

async function serveLink(dir: string, service: LinkService, log: Log): Promise<Server & { sockets: Set<Socket> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const stopTelling = service.tail.tell((seq) => {
      if (!socket.destroyed) writeFrame(socket, OP.tail, 0, jsonBody(seq))
    })
    socket.on('close', () => {
      sockets.delete(socket)
      stopTelling()
    })
    socket.on('error', (error) => log.debug({ why: error.message }, 'bus: a linked process went away'))
    onFrames(socket, service.memory, (frame) => void answer(socket, service, frame))
  })
  const path = socketPath(dir)
  if (process.platform !== 'win32') rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new BusError(`the bus cannot listen on ${path}`, { cause })))
    server.listen(path, resolve)
  })
  if (process.platform !== 'win32') chmodSync(path, 0o600)
  return Object.assign(server, { sockets })
}

async function answer(socket: Socket, service: LinkService, { op, request, body }: Frame): Promise<void> {
  try {
    const reply = await handle(service, op, body)
    if (!socket.destroyed) writeFrame(socket, OP.answer, request, reply)
  } catch (error) {
    if (!socket.destroyed) writeFrame(socket, OP.failure, request, jsonBody(reasonOf(error)))
  }
}

async function handle(service: LinkService, op: number, body: Buffer): Promise<Buffer> {
  if (op === OP.publish) return resultsBody(await service.publishRecords(body))
  if (op === OP.state) return jsonBody(await service.state())
  if (op === OP.flush) await service.flush()
  else if (op === OP.forget) await service.forget(readJson(body) as string)
  else throw new BusError(`the bus does not know operation ${op}; both sides must be of one version`)
  return Buffer.alloc(0)
}

const definedOf = (options: EmbeddedOptions): Partial<AppenderLimits> =>
  Object.fromEntries(Object.entries(options).filter(([name, value]) => name in LIMITS && value !== undefined))

// The stream OPENSTORY: made when it is not there, checked when it is. What the user set on it by hand stays, unless we were told otherwise.
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { BusError } from '../bus.ts'

export const STREAM = 'OPENSTORY'
export const SUBJECTS = ['events.>', 'patterns.>', 'sessions.>']
export const DUPLICATE_WINDOW_MS = 2 * 60_000
const AGE_MS_DEFAULT = 30 * 24 * 60 * 60_000
const STREAM_NOT_FOUND = 10_059
const MESSAGE_BYTES_MIN = 4_096 // parts with their headers

// A full stream refuses what is new (making-room.ts); what is 30 days old goes.
// Absent: 30 days and no limit of bytes but the server's own, for a new stream; whatever it has, for one that exists.
export interface StreamLimits {
  readonly maxBytes?: number
  readonly maxAgeMs?: number
}

// Throws BusError when the stream that is there cannot serve, and what the server says when it cannot be asked.
export async function ensureStream(jsm: JetStreamManager, limits: StreamLimits, shown: string): Promise<StreamInfo> {
  const info = await streamInfo(jsm)
  return info === null ? create(jsm, limits) : check(jsm, info, limits, shown)
}

export async function streamInfo(jsm: JetStreamManager): Promise<StreamInfo | null> {
  try {
    return await jsm.streams.info(STREAM)
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return null
    throw error
  }
}

const create = (jsm: JetStreamManager, limits: StreamLimits): Promise<StreamInfo> =>
  jsm.streams.add({
    name: STREAM,
    description: 'CloudEvents of coding sessions',
    subjects: SUBJECTS,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_bytes: limits.maxBytes ?? -1,
    max_age: nanos(limits.maxAgeMs ?? AGE_MS_DEFAULT),
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  })

async function check(
  jsm: JetStreamManager,
  info: StreamInfo,
  limits: StreamLimits,
  shown: string,
): Promise<StreamInfo> {
  const { config } = info
  const unfit = (what: string): BusError =>
    new BusError(`the stream ${STREAM} on ${shown} ${what}; remove or rename it, or use another server`)
  if (config.storage !== StorageType.File) throw unfit('is kept in memory and would not survive a restart')
  if (config.retention !== RetentionPolicy.Limits) throw unfit('drops messages once they are read')
  if (config.max_msg_size > 0 && config.max_msg_size < MESSAGE_BYTES_MIN)
    throw unfit(`takes only messages of ${config.max_msg_size} bytes, and needs ${MESSAGE_BYTES_MIN} at least`)
  const update = {
    subjects: [...new Set([...config.subjects, ...SUBJECTS])],
    max_bytes: limits.maxBytes ?? config.max_bytes,
    max_age: limits.maxAgeMs === undefined ? config.max_age : nanos(limits.maxAgeMs),
    discard: DiscardPolicy.New, // never what somebody has not taken
  }
  const same =
    update.subjects.length === config.subjects.length &&
    update.max_bytes === config.max_bytes &&
    update.max_age === config.max_age &&
    update.discard === config.discard
  return same ? info : jsm.streams.update(STREAM, update)
}

// The events of the log as messages, in batches: what the folding consumers are made anew from.
import type { Delivered } from '../bus/bus.ts'
import type { EventLog } from '../stores/store.ts'

export type LoggedMessage = Pick<Delivered, 'id' | 'data'>

const BATCH = 2_000
const ID_AT = '{"specversion":"1.0","id":"'.length
const ID_END = ID_AT + 32

export function* loggedMessages(log: Pick<EventLog, 'files' | 'lines'>): Iterable<readonly LoggedMessage[]> {
  let batch: LoggedMessage[] = []
  for (const { file } of log.files()) {
    for (const { bytes } of log.lines(file, 0)) {
      batch.push({ id: Buffer.from(bytes.subarray(ID_AT, ID_END)).toString(), data: bytes })
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

// How OpenClaw writes pi's lines: texts of persons are wrapped, and it says things itself, without a model.
import type { Dialect } from '../pi-shape/dialect.ts'
import type { Part } from '../source.ts'
import { type Json, jsonIn, newPayload, nonEmpty, saying } from '../values.ts'
import { sessionOfFile } from './owner.ts'
import { hear } from './wrapping.ts'

export const dialect: Dialect = {
  hear,
  ownProvider: 'openclaw', // models `delivery-mirror`, `gateway-injected`
  ownStop: (message) => (jsonIn(message.openclawAbort).aborted === true ? 'aborted' : undefined),
  custom,
  sessionOf: sessionOfFile,
}

// A prompt that came to nothing: stopped by the person, or failed.
function custom(record: Json): Part | null {
  if (record.customType !== 'openclaw:prompt-error') return null
  const error = nonEmpty(jsonIn(record.data).error)
  if (error === 'aborted') return { kind: 'message.user.injected', payload: { ...newPayload(), injected: 'interrupt' } }
  return saying('system.error', error, '/data/error')
}

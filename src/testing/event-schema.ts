// The published schema of an event in the hands of a validator that is not ours.
import { readFileSync } from 'node:fs'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'

export const EVENT_SCHEMA_FILE = new URL('../../schemas/event.json', import.meta.url)

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false })
const isEvent = ajv.compile(JSON.parse(readFileSync(EVENT_SCHEMA_FILE, 'utf8')))
const isPayload = ajv.getSchema('urn:openstory:event:1#/properties/data/properties/payload')!

// What is wrong with an event (parsed), one sentence each; nothing when it is as described.
export const schemaComplaints = (event: unknown): string[] => complaints(isEvent, event)
export const payloadComplaints = (payload: unknown): string[] => complaints(isPayload, payload)

function complaints(isValid: { (value: unknown): unknown; errors?: ErrorObject[] | null }, value: unknown): string[] {
  if (isValid(value)) return []
  return (isValid.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

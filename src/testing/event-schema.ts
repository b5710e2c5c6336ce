// The published schema of an event in the hands of a validator that is not ours.
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

export const EVENT_SCHEMA_FILE = new URL('../../schemas/event.json', import.meta.url)

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false })
const isEvent = ajv.compile(JSON.parse(readFileSync(EVENT_SCHEMA_FILE, 'utf8')))

// What is wrong with an event (parsed), one sentence each; nothing when it is as described.
export const schemaComplaints = (event: unknown): string[] =>
  isEvent(event) ? [] : (isEvent.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)

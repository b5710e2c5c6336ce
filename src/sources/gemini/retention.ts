// When Gemini CLI deletes its chats: at a start, those of the project it is started in that did not change for `maxAge`. Since 0.30 or so
// it does unless told not to; the system's settings are above the person's. It can also keep a number of chats (`maxCount`), of which
// nobody can say when.
import type { Machine, Retention } from '../source.ts'
import { isJson, type Json, jsonIn } from '../values.ts'
import { rootsOn } from './owner.ts'

const AGE = '30d'
const TEMPORARY = '/tmp'
const SYSTEM: Readonly<Record<string, string>> = {
  linux: '/etc/gemini-cli/settings.json',
  darwin: '/Library/Application Support/GeminiCli/settings.json',
  win32: 'C:/ProgramData/gemini-cli/settings.json',
}
const DAYS_OF: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, m: 30 }

export function retentionOn(machine: Machine, readText: (path: string) => string | null): readonly Retention[] {
  const system = SYSTEM[machine.platform]
  return rootsOn(machine).flatMap(({ path: root }): Retention[] => {
    const own = `${root.slice(0, -TEMPORARY.length)}/settings.json`
    const files = (system === undefined ? [own] : [system, own]).map((path) => ({ path, said: saidIn(readText(path)) }))
    const broken = files.find(({ said }) => said === null)
    if (broken !== undefined) return [{ root, days: null, says: `${broken.path} cannot be understood` }]
    const is = (key: string) => files.find(({ said }) => said![key] !== undefined)
    if (is('enabled')?.said?.enabled === false) return []
    const place = is('maxAge')
    const age = place === undefined ? AGE : place.said!.maxAge
    const days = daysIn(age)
    if (days === null) return [] // Gemini CLI then deletes nothing
    const says =
      place === undefined
        ? `sessionRetention is not set, and ${AGE} is its default`
        : `maxAge in ${place.path} is ${age}`
    return [{ root, days, says }]
  })
}

// What a settings file says about it. Null: it cannot be read, as one with comments.
function saidIn(text: string | null): Json | null {
  if (text === null) return {}
  try {
    const settings: unknown = JSON.parse(text)
    return jsonIn(jsonIn(isJson(settings) ? settings.general : undefined).sessionRetention)
  } catch {
    return null
  }
}

function daysIn(age: unknown): number | null {
  const found = typeof age === 'string' ? /^(\d+)([hdwm])$/.exec(age) : null
  const days = found === null ? 0 : Number(found[1]) * DAYS_OF[found[2]!]!
  return days > 0 ? days : null
}

// When Claude Code deletes its sessions: at a start, those whose file did not change for `cleanupPeriodDays`. Each config folder has
// settings of its own; an organisation's are above them. A project's own settings may say otherwise while Claude Code runs in it: those
// are not read here.
import type { Machine, Retention } from '../source.ts'
import { isJson } from '../values.ts'
import { rootsOn } from './owner.ts'

const DAYS = 30
const PROJECTS = '/projects'
const MANAGED: Readonly<Record<string, string>> = {
  linux: '/etc/claude-code/managed-settings.json',
  darwin: '/Library/Application Support/ClaudeCode/managed-settings.json',
  win32: 'C:/Program Files/ClaudeCode/managed-settings.json',
}

export function retentionOn(machine: Machine, readText: (path: string) => string | null): readonly Retention[] {
  const managed = MANAGED[machine.platform]
  return rootsOn(machine).map(({ path: root }) => {
    const own = `${root.slice(0, -PROJECTS.length)}/settings.json`
    for (const path of managed === undefined ? [own] : [managed, own]) {
      const said = daysIn(readText(path), path)
      if (said !== null) return { root, ...said }
    }
    return { root, days: DAYS, says: `cleanupPeriodDays is not set, and ${DAYS} is its default` }
  })
}

// Null: nothing is said there.
function daysIn(text: string | null, path: string): Omit<Retention, 'root'> | null {
  if (text === null) return null
  let settings: unknown
  try {
    settings = JSON.parse(text)
  } catch {
    return { days: null, says: `${path} cannot be understood` }
  }
  const days = isJson(settings) ? settings.cleanupPeriodDays : undefined
  if (days === undefined) return null
  if (typeof days !== 'number' || !(days >= 0))
    return { days: null, says: `cleanupPeriodDays in ${path} is no number of days` }
  return { days, says: `cleanupPeriodDays in ${path} is ${days}` }
}

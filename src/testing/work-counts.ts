// Counts of work, which are the same on every machine: bytes read of files, statements of SQLite and their text, events parsed. Each counts what
// happens while `work` runs, and leaves everything as it was.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { DatabaseSync, StatementSync } from 'node:sqlite'

export interface ReadOf {
  readonly bytes: number
  readonly calls: number
}

// What is read of files below `root`, by whoever reads them while others wait.
export async function readsBelow(root: string, work: () => Promise<void> | void): Promise<ReadOf> {
  const { readSync } = fs
  let bytes = 0
  let calls = 0
  const counting = (...args: Parameters<typeof readSync>) => {
    const read = readSync(...args)
    if (fs.readlinkSync(`/proc/self/fd/${args[0]}`).startsWith(root)) {
      bytes += read
      calls++
    }
    return read
  }
  fs.readSync = counting as typeof readSync
  syncBuiltinESMExports()
  try {
    await work()
  } finally {
    fs.readSync = readSync
    syncBuiltinESMExports()
  }
  return { bytes, calls }
}

export interface Statements {
  readonly run: number // run, asked or walked through, and scripts
  readonly prepared: readonly string[]
}

const ASKING = ['run', 'get', 'all', 'iterate'] as const

export function statementsOf(work: () => void): Statements {
  const { prepare, exec } = DatabaseSync.prototype
  const asking = ASKING.map((name) => [name, StatementSync.prototype[name]] as const)
  const prepared: string[] = []
  let run = 0
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql, ...more) {
    prepared.push(sql)
    return prepare.call(this, sql, ...more)
  }
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql) {
    run++
    return exec.call(this, sql)
  }
  for (const [name, original] of asking)
    Object.assign(StatementSync.prototype, {
      [name](this: StatementSync, ...args: never[]) {
        run++
        return (original as (...args: never[]) => unknown).apply(this, args)
      },
    })
  try {
    work()
  } finally {
    Object.assign(DatabaseSync.prototype, { prepare, exec })
    for (const [name, original] of asking) Object.assign(StatementSync.prototype, { [name]: original })
  }
  return { run, prepared }
}

// How many events are parsed, whole or their heads.
export async function eventsParsed(work: () => Promise<unknown>): Promise<number> {
  const { parse } = JSON
  let parsed = 0
  JSON.parse = (text, reviver) => {
    if (text.startsWith('{"specversion"')) parsed++
    return parse(text, reviver)
  }
  try {
    await work()
  } finally {
    JSON.parse = parse
  }
  return parsed
}

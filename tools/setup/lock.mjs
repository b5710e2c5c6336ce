// One set-up at a time: a file with the pid of who works. It is stale when that process is gone or has not touched it for a while
// (a pid alone is not enough: in a container the same numbers come again).
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from './say.mjs'

const TOUCH_MS = 1_000
const STALE_MS = 15_000
const WAIT_MS = 200
const WAIT_MS_MAX = 15 * 60_000

export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true })
  await take(path, onWait)
  const touching = setInterval(() => {
    const now = new Date()
    utimesSync(path, now, now)
  }, TOUCH_MS)
  try {
    return await work()
  } finally {
    clearInterval(touching)
    rmSync(path, { force: true })
  }
}

async function take(path, onWait) {
  const started = Date.now()
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = holderOf(path)
    if (holder === 'gone') continue
    if (holder === 'stale') {
      removeStale(path)
      continue
    }
    if (!waited) onWait(holder)
    if (Date.now() - started > WAIT_MS_MAX)
      throw new UserError(`another set-up (process ${holder}) has been at work for too long; end it, or remove ${path}`)
    await sleep(WAIT_MS)
  }
}

function holderOf(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    const age = Date.now() - statSync(path).mtimeMs
    if (age > STALE_MS) return 'stale'
    // Just made and not yet written: someone is there.
    return pid === 0 || (pid !== process.pid && isAlive(pid)) ? pid : 'stale'
  } catch (error) {
    if (error.code === 'ENOENT') return 'gone'
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM' // alive, and someone else's
  }
}

// Moved aside first, because another waiter may have replaced it between our look and now: then it goes back.
function removeStale(path) {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  if (holderOf(aside) !== 'stale') {
    try {
      linkSync(aside, path)
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
  rmSync(aside, { force: true })
}

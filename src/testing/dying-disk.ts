// A process that is killed in the middle of its work, as the disk sees it: from some step on nothing more is written, renamed or removed
// in the folders of a test, whatever the code that is still running tries.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

export class Killed extends Error {}

const BY_PATH = ['renameSync', 'linkSync', 'rmSync', 'mkdirSync', 'copyFileSync', 'writeFileSync'] as const
const BY_HANDLE = ['writeSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync'] as const
type Call = (...args: unknown[]) => unknown

// Runs `work` until its step number `last` is done. Returns how many steps there were; what `work` throws after its end is not heard.
export async function untilStep(
  last: number,
  folders: readonly string[],
  work: () => Promise<unknown>,
): Promise<number> {
  const real = new Map<string, Call>()
  const handles = new Set<unknown>()
  const names = fs as unknown as Record<string, Call>
  let steps = 0
  const isOurs = (path: unknown) => typeof path === 'string' && folders.some((folder) => path.startsWith(folder))
  const step = () => {
    if (steps >= last) throw new Killed('killed')
    steps++
  }
  const patch = (name: string, around: (call: Call, args: unknown[]) => unknown) => {
    const call = names[name]!
    real.set(name, call)
    names[name] = (...args: unknown[]) => around(call, args)
  }
  for (const name of BY_PATH)
    patch(name, (call, args) => {
      if (isOurs(args[0])) step()
      return call(...args)
    })
  for (const name of BY_HANDLE)
    patch(name, (call, args) => {
      if (handles.has(args[0])) step()
      return call(...args)
    })
  patch('openSync', (call, args) => {
    const writes = isOurs(args[0]) && args[1] !== 'r' && args[1] !== undefined
    if (writes) step()
    const fd = call(...args)
    if (writes) handles.add(fd)
    else handles.delete(fd) // a number that was given up is given out again
    return fd
  })
  syncBuiltinESMExports()
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Killed) && steps < last) throw error
  } finally {
    for (const [name, call] of real) names[name] = call
    syncBuiltinESMExports()
  }
  return steps
}

// Which thread the machine lets wait where there are more of them than processors.
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

const BEHIND = 10

// This thread goes on when the others leave it room. In an import that is for those who fold: what they are behind comes in full batches,
// and at the end two of them have the two processors of a small machine, instead of full text having one of them for itself. Linux gives
// a thread a priority of its own; elsewhere, and where it is refused, nothing changes.
export function standBack(): void {
  try {
    const [thread] = readlinkSync('/proc/thread-self').split('/').slice(-1)
    setPriority(Number(thread), BEHIND)
  } catch {
    // it takes its turn like the others
  }
}

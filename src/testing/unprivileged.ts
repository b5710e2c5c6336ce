// Does something as a user who may not read everything: tests often run as root, to whom no file is closed.
const NOBODY = 65_534

export function unprivileged<T>(work: () => T): T {
  if (process.getuid?.() !== 0) return work()
  process.seteuid!(NOBODY)
  try {
    return work()
  } finally {
    process.seteuid!(0)
  }
}

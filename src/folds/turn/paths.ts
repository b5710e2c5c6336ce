// Paths as calls and commands name them, made one: from the root where that can be known, without steps that lead nowhere.

const ROOTED = /^(?:[/~]|[A-Za-z]:[\\/]|\\\\)/
const STEPS = /(?:^|\/)\.{0,2}\/|\/\.{0,2}$/ // an empty step, `.` or `..`, but for the root's own stroke

// A path that begins at a root says all by itself: `/a`, `~/a`, `C:\\a`.
export const isRooted = (path: string): boolean => ROOTED.test(path)

// `cwd`: where the agent is; null where nobody knows, then a relative path stays as it is.
export function wholePath(cwd: string | null, path: string): string {
  const full = cwd === null || isRooted(path) ? path : cwd + (/^[A-Za-z]:\\/.test(cwd) ? '\\' : '/') + path
  const root = full.startsWith('/') ? '/' : ''
  const rest = full.slice(root.length)
  return STEPS.test(rest) || rest.startsWith('..') ? root + withoutSteps(rest, root !== '') : full
}

function withoutSteps(path: string, isFromRoot: boolean): string {
  const steps: string[] = []
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') steps.push(step)
    else if (steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else if (!isFromRoot) steps.push(step)
  }
  return steps.join('/')
}

// The last name of a path, whichever stroke its system writes.
export const nameOf = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

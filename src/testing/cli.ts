// The command line as a process of its own, as a person runs it.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly done: Promise<Ran>
  stdout(): string
  stderr(): string
}

// `env` replaces the environment but for the path: nothing of this machine's agents leaks into a test.
// `user`: as whom, where the one who tests may say so.
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  user: { uid?: number; gid?: number } = {},
): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, CI: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const done = new Promise<Ran>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  )
  return { child, done, stdout: () => stdout, stderr: () => stderr }
}

export const runCli = (args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran> =>
  startCli(args, env).done

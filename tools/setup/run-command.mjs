// Runs other programs for set-up: npm as it was called, or anything by path. Nothing here reads stdin or asks a question.
import { spawn } from 'node:child_process'

const OUTPUT_CHARS_MAX = 200_000

// Resolves with the exit code and, unless it goes to our own stdout and stderr, what was said. Rejects only where there is no such program.
export function runCommand(command, args, { cwd, env, show = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const out = show ? 'inherit' : 'pipe'
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', out, out], shell })
    let output = ''
    const keep = (text) => {
      output = (output + text).slice(-OUTPUT_CHARS_MAX)
    }
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code: code ?? `ended by ${signal}`, output }))
  })
}

// The npm that runs us, where one does; else the one in the path. It is called by its script, because on Windows `npm` is a batch file.
export function runNpm(args, options = {}) {
  const script = process.env.npm_execpath ?? ''
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--engine-strict=false', '--loglevel=error']
  if (/npm-cli\.c?js$/.test(script)) return runCommand(process.execPath, [script, ...args, ...quiet], options)
  return runCommand('npm', [...args, ...quiet], { ...options, shell: process.platform === 'win32' })
}

// The first line that says what went wrong, for a sentence of our own.
export function reasonIn(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
  return (
    lines.find((line) => /^(code|syscall) /.test(line) || /error/i.test(line)) ??
    lines.find((line) => line !== '') ??
    'no reason given'
  )
}

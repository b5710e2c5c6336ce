// Runs one TypeScript file of this repository on the right Node, after set-up: node tools/setup/run.mjs FILE ARGUMENTS…
import { spawn } from 'node:child_process'
import { nodeBinary, ROOT } from './places.mjs'
import { prepare } from './prepare.mjs'
import { main, UserError } from './say.mjs'

await main(async () => {
  const [file, ...args] = process.argv.slice(2)
  if (file === undefined) throw new UserError('run.mjs needs a file to run')
  await prepare({ deps: true, runtime: true })
  const child = spawn(nodeBinary(), [file, ...args], { cwd: ROOT, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
})

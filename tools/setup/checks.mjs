// The two checks of the code itself: types (tsc), and format and lint (Biome). Each answers its complaints, '' when there are none.
import { join } from 'node:path'
import { nodeBinary, ROOT } from './places.mjs'
import { runCommand } from './run-command.mjs'

const tool = async (script, args) => {
  const { code, output } = await runCommand(nodeBinary(), [join(ROOT, 'node_modules', script), ...args], { cwd: ROOT })
  return code === 0 ? '' : output.trim() || `${script} ended with ${code}`
}

export const CHECKS = [
  { name: 'types: tsc finds nothing', complaints: () => tool('typescript/bin/tsc', ['-p', '.']) },
  {
    name: 'format and lint: biome finds nothing',
    complaints: () => tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
  },
]

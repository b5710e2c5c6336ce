// Makes dist/: the page, and the server compiled to JavaScript with the same tree as src/. A package needs the second one, because
// Node does not strip types below node_modules.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { nodeBinary, ROOT } from './places.mjs'
import { prepare } from './prepare.mjs'
import { runCommand } from './run-command.mjs'
import { main, step, UserError } from './say.mjs'

await main(async () => {
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
  await prepare({ deps: true, runtime: true, page: true })
  const { code, output } = await step('compiling', () =>
    runCommand(
      nodeBinary(),
      [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, 'tools/setup/tsconfig.build.json')],
      { cwd: ROOT },
    ),
  )
  if (code !== 0) throw new UserError(`compiling failed:\n${output}`)
})

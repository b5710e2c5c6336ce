// Makes dist/ anew: the page, and the server compiled to JavaScript with the same tree as src/. A package is made of them, because
// Node does not strip types below node_modules.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './places.mjs'
import { prepare } from './prepare.mjs'
import { main } from './say.mjs'

await main(async () => {
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
  await prepare({ deps: true, runtime: true, page: true, server: true })
})

// This machine as the sources see it: where home is and which variables point elsewhere.
import { homedir } from 'node:os'
import type { Machine } from '../sources/source.ts'

export const machine = (): Machine => ({
  home: process.env.HOME ?? homedir(),
  env: process.env,
  platform: process.platform,
})

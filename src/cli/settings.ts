// The settings that verbs share, as flags, and the configuration they become.
import type { Command } from 'commander'
import { type Config, loadConfig } from '../app/config.ts'
import { agents } from '../app/machine.ts'

export interface SettingFlags {
  readonly dataDir?: string
  readonly host?: string
  readonly port?: string
  readonly bus?: string
  readonly watch?: readonly string[]
  readonly open?: boolean
  readonly token?: string
  readonly allowHost?: readonly string[]
}

export const withDataDir = (command: Command): Command => command.option('--data-dir <dir>', 'where the record is kept')

export const withSources = (command: Command): Command =>
  withDataDir(command)
    .option('--bus <bus>', 'embedded, or nats://… for a server of your own')
    .option('--watch <agent=dir...>', 'watch only these folders, each as one agent’s')

export const configOf = (flags: SettingFlags): Config => loadConfig(flags, process.env, agents)

// Opens the page in the person's browser, where there is one. Not being able to is no trouble: the address was said.
import { spawn } from 'node:child_process'

export function openPage(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url]
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return
  const child = spawn(command!, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined) // no such program: the person opens the address
  child.unref()
}

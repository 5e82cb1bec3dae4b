// An address to which a connect hangs, on this machine: a listening socket that nobody accepts from, with a full backlog.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'

const listener = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })`
/** Linux takes one more than the backlog says. */
const fillers = 4

export async function startBlackHole(): Promise<{ url: string; close(): void }> {
  const child = spawn(process.execPath, ['-e', listener])
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(line)
  // a stopped process accepts nothing
  child.kill('SIGSTOP')
  const held = Array.from({ length: fillers }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await once(held[0]!, 'connect')
  await new Promise(resolve => setTimeout(resolve, 50))
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      for (const socket of held) socket.destroy()
      child.kill('SIGKILL')
    },
  }
}

// `docker compose` for a generated folder whose services run as processes here: a program of that name on the PATH, which asks the test.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { containerOf, servicesIn } from './compose'
import { type Host, type Image, type Running, until } from './containers'

export interface Docker {
  /** For the PATH of a command. */
  readonly bin: string
  readonly running: ReadonlyMap<string, Running>
  /** What was asked of it, such as `up -d`. */
  readonly asked: string[]
  close(): void
}

/** @param imageOf of a service; undefined: it is not started here */
export async function dockerFor(
  host: Host,
  folder: string,
  imageOf: (name: string, image: string) => Image | undefined,
): Promise<Docker> {
  const running = new Map<string, Running>()
  const as = new Map<string, string>()
  const asked: string[] = []

  async function start(name: string): Promise<void> {
    const service = servicesIn(folder)[name]!
    await running.get(name)?.stop()
    as.set(name, JSON.stringify(service))
    running.set(name, await host.start(containerOf(host, folder, name, service, imageOf(name, service.image)!)))
  }

  function isHealthy(name: string): boolean {
    const [kind, ...command] = servicesIn(folder)[name]!.healthcheck!.test
    return running.get(name)!.exec(kind === 'CMD' ? command : ['/bin/sh', '-c', ...command]).status === 0
  }

  async function answer([, command = '', ...args]: string[]): Promise<void> {
    asked.push([command, ...args].join(' '))
    const names = args.filter(argument => running.has(argument))
    switch (command) {
      case 'version':
        return
      case 'up':
        for (const [name, service] of Object.entries(servicesIn(folder)))
          if (imageOf(name, service.image) && as.get(name) !== JSON.stringify(service)) await start(name)
        if (args.includes('--wait'))
          for (const name of names) await until(`${name} to be healthy`, () => isHealthy(name))
        return
      case 'restart':
        for (const name of names) await start(name)
        return
      case 'kill':
        for (const name of names) running.get(name)!.hangUp()
        return
    }
    throw new Error(`no ${command} here`)
  }

  const bin = path.join(host.folder, 'bin')
  const socket = path.join(host.folder, 'docker.sock')
  const server = createServer({ allowHalfOpen: true }, connection => {
    let text = ''
    connection.setEncoding('utf8').on('data', part => (text += part))
    connection.on('end', () =>
      answer(JSON.parse(text)).then(
        () => connection.end(''),
        (error: Error) => connection.end(error.message),
      ),
    )
  })
  await new Promise<void>(resolve => server.listen(socket, resolve))
  mkdirSync(bin)
  const program = path.join(bin, 'docker')
  writeFileSync(
    program,
    `#!${process.execPath}
const connection = require('node:net').connect(${JSON.stringify(socket)})
connection.end(JSON.stringify(process.argv.slice(2)))
let text = ''
connection.setEncoding('utf8').on('data', part => (text += part)).on('end', () => {
  if (text) console.error(text)
  process.exitCode = text ? 1 : 0
})
`,
  )
  chmodSync(program, 0o755)
  return { bin, running, asked, close: () => server.close() }
}

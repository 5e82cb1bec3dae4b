// Serves the apps of a batch, each on a port of its own, and says over its channel what nobody else can know: which requests are
// left without an answer, what was thrown where, and what came to nobody's hands.
const http = require('node:http')
const { Readable } = require('node:stream')
const { createRequire } = require('node:module')

const older = createRequire(`${process.env.OLDER}/package.json`)
/** Two versions of one package: an instrumentation knows each by its folder, which has to have its name. */
const load = name => (/-\d$/.test(name) ? older(name.slice(0, -2)) : require(name))

const idOf = request => request.headers['user-agent']
const told = { uncaught: [], thrown: [], routes: [] }
process.on('uncaughtException', error => told.uncaught.push(textOf(error)))
process.on('unhandledRejection', error => told.uncaught.push(`rejected ${textOf(error)}`))

function textOf(error) {
  return error instanceof Error ? `${error.name}: ${error.message}` : `${typeof error} ${JSON.stringify(error)}`
}

/** Requests of the app to itself that are under way. */
const inside = new Map()

function leave(id) {
  const own = inside.get(id)
  if (own) own.destroy(Object.assign(new Error(), { code: 'LEFT' }))
  else if (process.connected && !id.endsWith('.self')) process.send({ hangs: id })
}

/** Many turns of a loop that has nothing else to do: who has no answer then gets none. */
function leaveLater(id, left = 60) {
  if (left <= 0) leave(id)
  // a provider may take its time
  else setTimeout(leaveLater, 5, id, left - (turns.open > 0 ? 0.01 : 1))
}

const kit = {
  /** The client is told to go away. */
  hang: request => leaveLater(idOf(request), 4),
  thrown(request, error) {
    // as OpenTelemetry's SDK has it
    const noted =
      error instanceof Error
        ? [String(error.code ?? error.name), error.message || undefined]
        : [undefined, String(error?.message ?? error)]
    told.thrown.push([idOf(request), noted])
    return error
  },
  /** Who comes first is innermost. */
  route: (request, path) => told.routes.unshift([idOf(request), path.replace(/(.)\/$/, '$1')]),
  /** A request of the app to itself. */
  self: (request, path) =>
    new Promise(resolve => {
      const id = `${idOf(request)}.self`
      // it would go on for ever
      if (id.endsWith('.self.self')) return resolve('myself')
      const headers = { host: request.headers.host, 'user-agent': id }
      const { localPort: port } = request.socket
      const done = text => {
        inside.delete(id)
        resolve(text)
      }
      const own = http.get({ host: '127.0.0.1', port, path, headers, agent: false }, answer => {
        answer.resume().on('close', () => done(`self ${answer.statusCode}`))
      })
      own.on('error', error => done(`self ${error.code}`))
      inside.set(id, own)
      leaveLater(id)
    }),
}

/** Apps that ask a provider: CPU of each turn of the loop while a call is under way, after the first round. */
const turns = { all: 0, long: 0, longest: 0, isOn: false, open: 0 }

if (process.env.PROVIDER) {
  const ask = require('./ask.cjs')
  kit.self = async request => {
    if (turns.open++ === 0) setTimeout(turn, 1, process.cpuUsage())
    try {
      return await ask(idOf(request))
    } finally {
      turns.open--
    }
  }
}

function turn(before) {
  const { user, system } = process.cpuUsage(before)
  const ms = (user + system) / 1000
  if (turns.isOn) {
    turns.all++
    if (ms > 10) turns.long++
    turns.longest = Math.max(turns.longest, ms)
  }
  if (turns.open > 0) setTimeout(turn, 1, process.cpuUsage())
}

async function endRound() {
  for (let n = 0; n < 6; n++) {
    gc()
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  turns.isOn = true
  process.send({
    round: { heap: process.memoryUsage().heapUsed, turns: turns.all, long: turns.long, longest: turns.longest },
  })
}

/** Says when all has run that was due soon. */
function whenQuiet(left = 5) {
  if (left > 0) setTimeout(whenQuiet, 1, left - 1)
  else process.send({ quiet: true })
}

async function main() {
  const servers = []
  const ports = []
  for (const app of require(process.argv[2])) {
    try {
      const server = await app(kit, http, Readable, load)
      server.keepAliveTimeout = 120_000
      await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
      servers.push(server)
      ports.push(server.address().port)
    } catch (error) {
      // a router that does not take this
      ports.push(textOf(error))
    }
  }
  process.send({ ports })
  process.on('message', ({ waits, quiet, round }) => {
    if (waits) return leaveLater(waits)
    if (quiet) return whenQuiet()
    if (round) return endRound()
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
    process.send({ told }, () => process.disconnect())
  })
}
main()

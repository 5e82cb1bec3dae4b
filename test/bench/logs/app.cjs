// An app that logs: `app.cjs KIND MODE FOLDER`. KIND is a logger as its README has it, `+listener` with a listener for the errors of its stream.
// MODE `cost` prints what a line costs; `kill` logs until it is killed, and says on stdout how far it came; `full` fills the disk of FOLDER, logs
// on, frees the disk, and logs some more.
const { rmSync, writeFileSync, writeSync } = require('node:fs')
const path = require('node:path')

const [kindAndListener, mode, folder] = process.argv.slice(2)
const [kind, listener] = kindAndListener.split('+')
const listen = stream => {
  if (listener) stream.on('error', () => {})
  return stream
}

const makers = {
  'pino sync': () => {
    const pino = require('pino')
    return pino(listen(pino.destination({ dest: path.join(folder, 'app.log'), sync: true })))
  },
  'pino async': () => {
    const pino = require('pino')
    return pino(listen(pino.destination({ dest: path.join(folder, 'app.log'), sync: false })))
  },
  'pino async 4096': () => {
    const pino = require('pino')
    return pino(listen(pino.destination({ dest: path.join(folder, 'app.log'), sync: false, minLength: 4096 })))
  },
  'pino worker': () => {
    const pino = require('pino')
    return pino(listen(pino.transport({ target: 'pino/file', options: { destination: path.join(folder, 'app.log') } })))
  },
  'pino-roll worker': () => {
    const pino = require('pino')
    const options = { file: path.join(folder, 'app'), frequency: 'daily', size: '100m' }
    return pino(listen(pino.transport({ target: 'pino-roll', options })))
  },
  'pino-roll': async () => {
    const options = { file: path.join(folder, 'app'), frequency: 'daily', size: '100m' }
    return require('pino')(listen(await require('pino-roll')(options)))
  },
  winston: () => {
    const { createLogger, format } = require('winston')
    const DailyRotateFile = require('winston-daily-rotate-file')
    const transport = new (DailyRotateFile.default ?? DailyRotateFile)({ dirname: folder, filename: 'app-%DATE%.log' })
    const logger = createLogger({
      transports: [listen(transport)],
      format: format.combine(format.timestamp(), format.json()),
    })
    return { info: (fields, message) => logger.info(message, fields) }
  },
  ours: () => require('@afn/otel/logs').createLogger({ folder }),
}

const modes = {
  async cost(logger) {
    const lines = 50_000
    const kinds = {
      fields: n => logger.info({ route: '/api/orders', status: 200, bytes: n, ms: n % 97 }, 'request completed'),
      // a text that was never there before is read by every detector
      id: n => logger.info({ id: `job-${n}`, status: 200, ms: n % 97 }, 'job done'),
      varying: n => logger.info({}, `order ${n} was accepted by worker ${n % 7}`),
    }
    for (const [name, log] of Object.entries(kinds)) {
      let best = { wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY }
      for (let round = 0; round < 5; round++) {
        const [cpu, start] = [process.cpuUsage(), performance.now()]
        for (let n = 0; n < lines; n++) log(n)
        const used = process.cpuUsage(cpu)
        const wall = ((performance.now() - start) * 1_000) / lines
        best = { wall: Math.min(best.wall, wall), cpu: Math.min(best.cpu, (used.user + used.system) / lines) }
        // what is behind may catch up
        await new Promise(resolve => setTimeout(resolve, 100))
      }
      writeSync(1, `${JSON.stringify({ name, ...best })}\n`)
    }
  },
  async kill(logger) {
    for (let n = 0; ; ) {
      for (let i = 0; i < 200; i++) logger.info({ n: n++ }, 'a line')
      writeSync(1, `${n}\n`)
      await new Promise(resolve => setImmediate(resolve))
    }
  },
  async full(logger) {
    let n = 0
    const log = async lines => {
      for (let i = 0; i < lines; i++) {
        logger.info({ n: n++ }, 'a line')
        if (i % 100 === 0) await new Promise(resolve => setTimeout(resolve, 1))
      }
      writeSync(1, `${n}\n`)
    }
    await log(500)
    const ballast = path.join(folder, '..', 'ballast')
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(65_536), { flag: 'a' })
    } catch {
      // full
    }
    await log(5_000)
    rmSync(ballast)
    await log(500)
    await new Promise(resolve => setTimeout(resolve, 1_500))
    await log(500)
    await new Promise(resolve => setTimeout(resolve, 500))
  },
}

async function main() {
  const logger = await makers[kind]()
  // a worker takes some time to start
  await new Promise(resolve => setTimeout(resolve, 500))
  await modes[mode](logger)
}

main()

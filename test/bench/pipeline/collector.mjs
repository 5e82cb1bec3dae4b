// A Collector as a child process, and what the kernel says of it.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Of the kernel: `getconf CLK_TCK`, 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

const running = new Set()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** @returns {Promise<number[]>} */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer())
  for (const server of servers) await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const ports = servers.map(server => server.address().port)
  for (const server of servers) await new Promise(resolve => server.close(resolve))
  return ports
}

/** Starts it in a folder of its own, and waits until it is healthy. */
export async function startCollector(binary, folder, config, environment) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'config.yaml'), JSON.stringify(config))
  const [http, grpc, trusted, health, metrics] = await freePorts(5)
  const env = {
    PATH: process.env.PATH,
    AFN_OTLP_HTTP: `127.0.0.1:${http}`,
    AFN_OTLP_GRPC: `127.0.0.1:${grpc}`,
    AFN_OTLP_TRUSTED_HTTP: `127.0.0.1:${trusted}`,
    AFN_COLLECTOR_HEALTH: `127.0.0.1:${health}`,
    AFN_SELF_METRICS_PORT: String(metrics),
    AFN_HMAC_KEY: '0'.repeat(64),
    AFN_QUEUE_DIR: path.join(folder, 'queue'),
    AFN_LOG_DIR: path.join(folder, 'logs'),
    ...environment,
  }
  const child = spawn(binary, ['--config', path.join(folder, 'config.yaml')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.add(child)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    log = (log + text).slice(-20_000)
  })
  const exited = new Promise(resolve => child.once('close', resolve))
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the Collector ended with ${child.exitCode}:\n${log}`)
    if ((await fetch(`http://127.0.0.1:${health}/`).catch(() => undefined))?.ok) break
    await sleep(50)
  }
  return {
    http,
    grpc,
    trusted,
    /** CPU seconds so far. */
    cpu() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ')
      return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
    },
    /** Megabytes, at most so far. */
    rss: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    /** Spans that the leg of all traces has delivered. */
    async delivered() {
      const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text()
      const series = text.split('\n').filter(line => /^otelcol_exporter_sent_spans\S*tempo-detailed/.test(line))
      return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
    },
    stop() {
      running.delete(child)
      child.kill('SIGKILL')
      return exited
    },
  }
}

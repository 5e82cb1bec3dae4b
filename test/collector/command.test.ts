import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, inject, it, onTestFinished } from 'vitest'
import { describeCollector, environment, scratchFolder, startCollector } from './support'

describeCollector('afn-otel collector', () => {
  const folder = scratchFolder()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const command = (...args: string[]) => {
    const options = { env: environment(folder), encoding: 'utf8' as const }
    return spawnSync(process.execPath, [inject('collectorCommand'), ...args], options)
  }
  const broken = path.join(folder, 'broken.yaml')
  writeFileSync(broken, 'receivers: {otlp: {}}\nexporters: {nosuchthing: {}}\nservice: {pipelines: {}}\n')

  it('validate accepts our configuration, with no key and no store around', () => {
    const { status, stdout, stderr } = command('validate')
    expect(stdout, stderr).toMatch(/^ok .*otel-collector\.yaml\n$/)
    expect(status).toBe(0)
  })

  it('validate passes on why the Collector refuses another one', () => {
    const { status, stdout, stderr } = command('validate', '--config', broken)
    expect(stderr).toContain('nosuchthing')
    expect(stdout).toBe('')
    expect(status).toBe(1)
  })

  it('run passes on the exit code', () => {
    expect(command('run', '--config', broken).status).toBe(1)
  })

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('run ends cleanly on %s', async signal => {
    const collector = await startCollector(folder, ['--files', path.join(folder, signal)])
    onTestFinished(async () => void (await collector.stop('SIGKILL')))
    expect(await collector.stop(signal)).toBe(0)
    expect(collector.log()).toContain('Shutdown complete')
  })

  it('run makes a key that only its owner reads, says where, and takes it again', async () => {
    const cache = path.join(folder, 'fresh')
    const start = () => startCollector(folder, ['--files', path.join(folder, 'key')], { AFN_CACHE_DIR: cache })
    const first = await start()
    await first.stop()
    const file = path.join(cache, 'hmac.key')
    expect(first.log()).toContain(`AFN_HMAC_KEY is not set; made a key in ${file}`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const key = readFileSync(file, 'utf8')
    expect(first.log()).not.toContain(key)
    const second = await start()
    await second.stop()
    expect(second.log()).toContain(`using the key in ${file}`)
    expect(readFileSync(file, 'utf8')).toBe(key)
  })

  it('run keeps nothing for a LangFuse that nobody named, and says that it sends none', async () => {
    const queues = async (settings: Record<string, string>) => {
      const collector = await startCollector(path.join(folder, 'legs'), [], settings)
      onTestFinished(async () => void (await collector.stop('SIGKILL')))
      const text = await (await fetch(`http://127.0.0.1:${collector.places.AFN_SELF_METRICS_PORT}/metrics`)).text()
      await collector.stop()
      return {
        hasQueue: text.includes('exporter="otlp_http/langfuse"'),
        says: collector.log().includes('AFN_LANGFUSE='),
      }
    }
    expect(await queues({})).toEqual({ hasQueue: false, says: false })
    expect(await queues({ AFN_LANGFUSE: 'http://127.0.0.1:9' })).toEqual({ hasQueue: true, says: true })
  })
})

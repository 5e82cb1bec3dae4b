// The demo with the real Collector between the chat server and what is looked at: the tiers are those of its files.
import { rmSync } from 'node:fs'
import { afterAll, expect, inject, it } from 'vitest'
import { root, tarball } from '../support/packed'
import { run } from '../support/run'
import { describeCollector, scratchFolder } from './support'

describeCollector('npm run demo -- --collector', () => {
  const folder = scratchFolder()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const demo = (more: Record<string, string> = {}) =>
    run(root, ['examples/demo.mjs', '--collector'], {
      env: {
        AFN_DEMO_TARBALL: tarball(),
        AFN_CACHE_DIR: folder,
        OTELCOL_BIN: inject('collectorBinary') ?? '',
        TMPDIR: folder,
        ...more,
      },
    })

  it('has the same outcome as without it', async () => {
    const { code, stdout, stderr } = await demo()
    expect(stderr).toMatch(/^collector: .*, from OTELCOL_BIN$/m)
    expect(stdout.match(/^(?:ok|FAILED) \w+/gm)).toEqual(
      ['install', 'build', 'receive', 'replay', 'chat', 'report', 'explore'].map(name => `ok ${name}`),
    )
    expect(stdout.match(/^ {2}\w+ +\w+ \(.+?\)/gm)).toEqual([
      '  plain     detailed (no policy)',
      '  streamed  detailed (no policy)',
      '  failing   errors (errors)',
      '  slow      sampled (slow)',
    ])
    expect(code).toBe(0)
  })

  it('says what the application let through, though the Collector masks some of it', async () => {
    const { code, stdout } = await demo({ AFN_REDACTION: 'off' })
    expect(stdout).toMatch(/^FAILED report: .*leaked: .*a phone number in detailed/m)
    expect(code).toBe(1)
  })
})

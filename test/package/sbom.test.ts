// What a user can check the tarball by: what is in it, who built it out of which source, and where to report a hole.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { root, tarball } from '../support/packed'

interface Component {
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly hashes: readonly { readonly alg: string; readonly content: string }[]
  readonly licenses: readonly object[]
}

const packed = (file: string) => execFileSync('tar', ['xzOf', tarball(), `package/${file}`], { encoding: 'utf8' })

it('H12: what is bundled can’t be looked up among known holes, since no bill of materials names it', async () => {
  const text = packed('sbom.cdx.json')
  const folder = installOnce(path.join(root, 'test/package/cyclonedx/package.json'), 'cyclonedx', [
    '--omit=optional',
    '--legacy-peer-deps',
  ])
  const { Spec, Validation } = createRequire(path.join(folder, 'x.js'))('@cyclonedx/cyclonedx-library')
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text)).toBeNull()

  const { components, metadata } = JSON.parse(text) as { components: Component[]; metadata: { component: Component } }
  expect(metadata.component.name).toBe('@afn/otel')
  const listed = components.map(({ name, version }) => `${name} ${version}`)
  const metafiles: Record<string, { inputs: object }> = JSON.parse(
    readFileSync(path.join(root, 'dist/.meta/metafiles.json'), 'utf8'),
  )
  const inputs = Object.values(metafiles).flatMap(metafile => Object.keys(metafile.inputs))
  const folders = inputs.flatMap(input => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? [])
  const bundled = [...new Set(folders)].map((folder): string => {
    const { name, version } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'))
    return `${name} ${version}`
  })
  expect(bundled.length).toBeGreaterThan(100)
  expect(bundled.filter(name => !listed.includes(name))).toEqual([])
  // what npm installs beside it
  expect(listed.filter(name => !bundled.includes(name)).map(name => name.replace(/ .*/, ''))).toEqual([
    'cjs-module-lexer',
    'import-in-the-middle',
    'module-details-from-path',
  ])

  const lock: { packages: Record<string, { name?: string; version?: string; integrity?: string }> } = JSON.parse(
    readFileSync(path.join(root, 'package-lock.json'), 'utf8'),
  )
  for (const { name, version, purl, hashes, licenses } of components) {
    const integrity = Object.entries(lock.packages)
      // one can be installed under another name
      .filter(([where, one]) => `/${one.name ?? where}`.endsWith(`/${name}`) && one.version === version)
      .map(([, one]) => one.integrity)
    expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`)
    expect(integrity).toContain(`sha512-${Buffer.from(hashes[0]!.content, 'hex').toString('base64')}`)
    expect(licenses.length, name).toBeGreaterThan(0)
  }
  // neither a registry's host nor the machine that built it
  expect(text).not.toMatch(/registry|localhost|\/work\/|\/home\/|\/tmp\//)
})

it('H12: nobody can tell which source the tarball was built of, and README’s page about holes is not in it', () => {
  const { repository, publishConfig } = JSON.parse(packed('package.json'))
  expect(repository).toEqual({ type: 'git', url: expect.stringMatching(/^git\+https:\/\/\S+\.git$/) })
  expect(publishConfig).toMatchObject({ provenance: true })
  expect(packed('README.md')).toContain('](SECURITY.md)')
  expect(packed('SECURITY.md')).toBe(readFileSync(path.join(root, 'SECURITY.md'), 'utf8'))
})

// The bill of materials of what is packed, in CycloneDX: npm's own, of the lockfile, without what is for development alone. A package
// whose code is in our bundles counts as shipped, whatever package.json says of it.
import { execFileSync } from 'node:child_process'

/**
 * @param {ReadonlySet<string>} bundled `name@version` of all packages whose code is in a bundle
 * @returns {string} JSON; two builds of one commit have the same
 */
export function billOfMaterials(bundled) {
  // whoever builds may have NODE_ENV=production
  const args = ['sbom', '--include=dev', '--sbom-format', 'cyclonedx', '--sbom-type', 'library', '--package-lock-only']
  const all = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 1e8 }))
  const { bomFormat, specVersion, version, metadata, components, dependencies } = all
  const isRuntime = ({ properties }) => !properties.some(({ name }) => name === 'cdx:npm:package:development')
  const shipped = new Map()
  for (const one of components) {
    // what was installed under another name has that as its name here
    const name = one['bom-ref']
    if (!bundled.has(name) && !(isRuntime(one) && one.scope === 'required')) continue
    // a package that lies in several folders of node_modules is one
    shipped.set(name, {
      ...one,
      name: name.replace(/@[^@]*$/, ''),
      properties: one.properties.filter(({ name }) => !name.startsWith('cdx:npm:package:')),
    })
  }
  const missing = [...bundled].filter(name => !shipped.has(name))
  if (missing.length > 0) throw new Error(`bundled, and not in the lockfile: ${missing.join(', ')}`)
  const kept = [...shipped.values()]
  const refs = new Set([metadata.component['bom-ref'], ...kept.map(one => one['bom-ref'])])
  const ofKept = dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(other => refs.has(other)) }))
  // npm takes the name of the folder
  const component = { ...metadata.component, name: metadata.component.purl.replace(/^pkg:npm\/%40([^@]*)@.*/, '@$1') }
  return `${JSON.stringify({ bomFormat, specVersion, version, metadata: { tools: metadata.tools, component }, components: kept, dependencies: ofKept }, null, 1)}\n`
}

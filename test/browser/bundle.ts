// What an app's bundler makes of a page's script, for the sites of this folder.
import { bundlePage } from '../support/browser-bundle.mjs'
import { root } from '../support/packed'

const made = new Map<string, Promise<Map<string, string>>>()

/**
 * Once for each script, which a suite asks for again with every site.
 * @param script path from the root; what it imports lazily is a file of its own
 * @returns texts by the path of their URL; the script's is `/page.js`
 */
export function bundle(script: string): Promise<Map<string, string>> {
  const files = made.get(script) ?? bundled(script)
  made.set(script, files)
  return files
}

async function bundled(script: string): Promise<Map<string, string>> {
  const { files } = await bundlePage(script, root)
  return new Map(Array.from(files, ([name, text]) => [`/${name}`, text]))
}

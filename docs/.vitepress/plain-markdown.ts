// The pages are also read on GitHub and in an editor, so they hold Markdown alone. These rules make VitePress show them as those do.
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

const root = path.join(import.meta.dirname, '../..')

/** As GitHub makes an anchor of a heading. */
export const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

/** A `{{` in a page is no template of Vue. */
const withoutTemplates = (html: string): string => html.replaceAll('{{', '&#123;&#123;')

export function plainMarkdown(md: MarkdownRenderer): void {
  const { rules } = md.renderer
  const { text, code_inline: code, fence, link_open: open } = rules
  rules.text = (...args) => withoutTemplates(text!(...args))
  rules.code_inline = (...args) => withoutTemplates(code!(...args))

  const htmlOf = (content: string) =>
    /^\s*<!--[\s\S]*-->\s*$/.test(content) ? '' : withoutTemplates(md.utils.escapeHtml(content))
  rules.html_inline = (tokens, at) => htmlOf(tokens[at]!.content)
  rules.html_block = (tokens, at) => htmlOf(tokens[at]!.content)

  // ```sh not-run="why": the reader learns that no test runs the block, and why
  rules.fence = (tokens, at, ...rest) => {
    const [, why] = /\bnot-run="([^"]*)"/.exec(tokens[at]!.info) ?? []
    const note = why ? `<p class="not-run">Not run by a test: ${md.utils.escapeHtml(why)}</p>\n` : ''
    return fence!(tokens, at, ...rest) + note
  }

  rules.link_open = (tokens, at, options, env, self) => {
    const link = tokens[at]!
    const target = targetOf(decodeURI(link.attrGet('href') ?? ''), env.path)
    // the README is the first page
    if (target?.file === path.join(root, 'README.md')) link.attrSet('href', `/${target.hash}`)
    // A source file is in the repository and not on the site: its link becomes an anchor without an address.
    if (target && !target.file.endsWith('.md') && existsSync(target.file)) {
      link.attrs = [['title', 'a file of the repository']]
      return self.renderToken(tokens, at, options)
    }
    return open!(tokens, at, options, env, self)
  }
}

/**
 * @param page absolute path of the file that has the link
 * @returns the file to which it leads; undefined where it leads elsewhere, or to a place of the same page
 */
function targetOf(href: string, page: string): { readonly file: string; readonly hash: string } | undefined {
  if (/^(?:[a-z]+:|[#/])/.test(href)) return undefined
  const [file = ''] = href.split('#')
  return { file: path.resolve(path.dirname(page), file), hash: href.slice(file.length) }
}

/** Files that did not load, and what the content security policy refused. */
import { errorOnce } from '../error-once'
import { cleanUrl } from '../redact'
import { selectorOf } from '../selector'

export function resourceErrors(): void {
  addEventListener(
    'error',
    ({ target }) => {
      if (!(target instanceof Element)) return
      const url = cleanUrl((target as HTMLImageElement).src || (target as HTMLLinkElement).href || '')
      errorOnce('browser.resource_error', url, {
        'url.full': url,
        'browser.tag_name': target.localName,
        'browser.css_selector': selectorOf(target),
      })
    },
    true,
  )
}

export function cspReports(): void {
  addEventListener('securitypolicyviolation', given => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber, disposition } = given
    errorOnce('browser.csp_violation', effectiveDirective + blockedURI, {
      'browser.csp.directive': effectiveDirective,
      'browser.csp.disposition': disposition,
      'browser.csp.blocked_url': cleanUrl(blockedURI),
      'code.file.path': sourceFile ? cleanUrl(sourceFile) : undefined,
      'code.line.number': lineNumber || undefined,
    })
  })
}

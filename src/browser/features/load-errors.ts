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
  addEventListener('securitypolicyviolation', report => {
    errorOnce('browser.csp_violation', report.effectiveDirective + report.blockedURI, {
      'browser.csp.directive': report.effectiveDirective,
      'browser.csp.disposition': report.disposition,
      'browser.csp.blocked_url': cleanUrl(report.blockedURI),
      'code.file.path': report.sourceFile ? cleanUrl(report.sourceFile) : undefined,
      'code.line.number': report.lineNumber || undefined,
    })
  })
}

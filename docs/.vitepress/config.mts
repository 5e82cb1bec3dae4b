// The site of the documentation: `npm run docs` builds it, `npm run docs:dev` shows it while you write.
import { defineConfig } from 'vitepress'
import { isSearched, menus } from './navigation'
import { plainMarkdown, slug } from './plain-markdown'
import { wordsOf } from './words'

export default defineConfig({
  title: '@afn/otel',
  description: 'OpenTelemetry for Node.js applications that call large language models',
  // Pages lie in docs/, and some of them where GitHub looks for them: README, CHANGELOG, SECURITY, examples.
  srcDir: '..',
  srcExclude: ['.*/**', 'src/**', 'test/**', 'dist/**', 'collector/**', 'deploy/**'],
  outDir: '.vitepress/dist',
  cacheDir: '../node_modules/.cache/vitepress',
  rewrites: { 'README.md': 'index.md' },
  ignoreDeadLinks: 'localhostLinks',
  // without an icon a browser would ask for one
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: { config: plainMarkdown, anchor: { slugify: slug } },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        miniSearch: { options: { tokenize: wordsOf } },
        _render: (text, env, md) => (isSearched(env.relativePath) ? md.render(text, env) : ''),
      },
    },
    outline: [2, 3],
    // a page that is not translated has no page in the other language
    i18nRouting: false,
  },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: menus.english } },
    'docs/ja': {
      label: '日本語',
      lang: 'ja',
      link: '/docs/ja/',
      themeConfig: {
        sidebar: menus.japanese,
        outline: { level: [2, 3], label: 'このページの内容' },
        docFooter: { prev: '前のページ', next: '次のページ' },
        sidebarMenuLabel: 'メニュー',
        returnToTopLabel: '先頭へ戻る',
        darkModeSwitchLabel: '配色',
      },
    },
  },
})

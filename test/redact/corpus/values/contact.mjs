// E-mail addresses and phone numbers as people write them.

const MAILBOX = ['olivia.carter', 'j.hughes', 'lukas_hoffmann', 'c-moreau', 'pablo.ruiz87', 'tanaka', 'sato.hanako', 'yuki_m', 'm.kowalska', 'ayse.demir', "o'sullivan", 'ivan1985', 'wangwei', 'minjun.kim', 'INFO.BERLIN', 'x', 'r2d2', 'support+ticket', 'a.b.c.d', 'first.middle-last', '0x7f', 'dr.weiss'] // biome-ignore format: a list
const HOST = ['gmail.com', 'outlook.com', 'yahoo.co.jp', 'docomo.ne.jp', 'ezweb.ne.jp', 'icloud.com', 'web.de', 'gmx.net', 'orange.fr', 'libero.it', 'uol.com.br', 'qq.com', '163.com', 'naver.com', 'yandex.ru', 'wp.pl', 'proton.me', 'acme-corp.com', 'mail.internal.acme.io', 'u-tokyo.ac.jp', 'nhs.uk', 'example.org', 'startup.ai', 'museum.photography', 'EXAMPLE.COM', 'müller-gmbh.de', 'city.shibuya.lg.jp'] // biome-ignore format: a list

/** @param {import('../random.mjs').Random} random */
export const email = random =>
  `${random.pick(MAILBOX)}${random.pick(['', '', '', '+newsletter', `.${random.digits(2)}`, random.digits(3)])}@${random.pick(HOST)}`

/** Numbers with their country code, as stored, written or called. */
const INTERNATIONAL = ['+1NM#N######', '+1 (NM#) N##-####', '+1-NM#-N##-####', '+1 NM#.N##.####', '+44 20 7### ####', '+44 7### ######', '+44 (0)161 N## ####', '+4930########', '+49 171 N######', '+49 (0)89 N### ####', '+49-40-N######', '+33 6 ## ## ## ##', '+33 (0)1 4# ## ## ##', '+336########', '+34 6## ## ## ##', '+34 91N ### ###', '+39 3## ### ####', '+39 06 N### ####', '+351 91# ### ###', '+31 6 N#######', '+32 47# ## ## ##', '+41 79 ### ## ##', '+43 660 N######', '+46 70-### ## ##', '+47 9## ## ###', '+45 2# ## ## ##', '+358 40 N######', '+48 50# ### ###', '+420 60# ### ###', '+7 9## ###-##-##', '+7 (495) N##-##-##', '+380 67 ### ## ##', '+90 53# ### ## ##', '+972-54-N##-####', '+971 50 N## ####', '+966 5# ### ####', '+91 98### #####', '+91-22-N### ####', '+86 138 #### ####', '+86 10 8### ####', '+852 9### ####', '+886 912 ### ###', '+82 10-N###-####', '+82-2-N##-####', '+81 90-N###-####', '+81-3-N###-####', '+81 (0)80-N###-####', '+819012######', '+65 9### ####', '+60 12-N## ####', '+62 812-N###-####', '+66 8# ### ####', '+84 91 ### ## ##', '+63 917 ### ####', '+61 4## ### ###', '+61 2 N### ####', '+64 21 ### ####', '+27 82 ### ####', '+234 803 ### ####', '+254 722 ######', '+20 10# ### ####', '+55 11 9####-####', '+55 (21) 9####-####', '+52 55 #### ####', '+54 9 11 N###-####', '+56 9 N### ####', '+57 300 N## ####', '00 49 30 N#######', '0044 20 7### ####'] // biome-ignore format: a list

/** National forms by country, as forms and letters have them; they need a word beside them. */
// biome-ignore format: a table
const NATIONAL = {
  en: ['(NM#) N##-####', 'NM#-N##-####', '702 N## ####', '1 (305) N##-####', '020 7### ####', '07### ######', '0161 N## ####', '07###-######', 'NM#.N##.#### ext. ##', '98### #####'],
  de: ['030 N######', '0171 N######', '089/N######', '0221-N######', '0 15 1 / N## ## ###', '(040) N### ###', '0664 N######', '079 ### ## ##'],
  fr: ['01 4# ## ## ##', '06.##.##.##.##', '06########', '07-##-##-##-##', '0470 ## ## ##'],
  es: ['6## ## ## ##', '91# ### ###', '6########', '55 #### ####', '011 4###-####'],
  it: ['3## ### ####', '06 N### ####', '02/N#######', '34########'],
  pt: ['(11) 9####-####', '(21) 2###-####', '91# ### ###', '11 9########'],
  nl: ['06-########', '020-N######', '06 ## ## ## ##'],
  pl: ['50# ### ###', '(22) N## ## ##', '60#-###-###'],
  sv: ['070-### ## ##', '08-N## ### ##', '0709######'],
  tr: ['053# ### ## ##', '(0212) N## ## ##', '0 555 ### ## ##'],
  ru: ['8 (9##) ###-##-##', '8 9## ### ## ##', '89#########'],
  uk: ['067 ### ## ##', '(044) N##-##-##', '050#######'],
  zh: ['138########', '139 #### ####', '010-8#######', '0912-###-###', '(02) 2###-####'],
  ko: ['010-N###-####', '02-N##-####', '010########', '031-N##-####'],
  vi: ['0912 ### ###', '09########', '028 3### ####'],
  hi: ['98### #####', '9#########', '022-2### ####'],
  id: ['0812-N###-####', '(021) N### ####', '08##########'],
  ar: ['05# ### ####', '010 #### ####', '05########'],
}

/** Japan: mobiles, area codes of two to five digits, free numbers. */
const JAPAN = ['090-N###-####', '080N#######', '070-N###-####', '050-N###-####', '03-N###-####', '06-6###-####', '(03)N###-####', '03(N###)####', '045-N##-####', '075-N##-####', '011-N##-####', '092-N##-####', '0463-##-####', '0561-##-####', '04-70##-####', '0120-N##-###', '0800-N##-####', '090 N### ####', '0538-##-####', '098-8##-####'] // biome-ignore format: a list
/** North America, written with its separators. */
const AMERICA = ['(212) N##-####', '415-N##-####', '646.N##.####', '1-800-N##-####', '(312)N##-####'] // biome-ignore format: a list

/** @typedef {import('../random.mjs').Random} Random */
/** @param {Random} random @param {readonly string[]} patterns */
const from = (random, patterns) => random.fill(random.pick(patterns))

/** @param {Random} random */
export const phoneInternational = random => from(random, INTERNATIONAL)
/** @param {Random} random @param {string} language */
export const phoneNational = (random, language) =>
  from(random, /** @type {Record<string, string[]>} */ (NATIONAL)[language] ?? JAPAN)
/** @param {Random} random */
export const phoneJapan = random => from(random, JAPAN)
/** @param {Random} random */
export const phoneAmerica = random => from(random, AMERICA)

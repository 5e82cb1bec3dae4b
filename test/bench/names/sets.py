"""Makes the sets of `npm run bench:names` from clones of public corpora: `python3 sets.py MIRRORS FOLDER`.

MIRRORS has a folder OWNER+NAME/repo (a bare clone) for each: Universal NER (CC BY-SA 4.0), KLUE (CC BY-SA 4.0), UD_Japanese-GSD with
entities (CC BY-SA 4.0), the data set of Stockmark (CC BY-SA 3.0), WikiNEuRal (CC BY-NC-SA 4.0), presidio-research (MIT). A set is a file of
lines {text, labels: [{start, end, type}]}, in which persons have the type PER. Sets that end in -dev were looked at while the
model was made, the others were not.
"""
import json,subprocess,re,sys
M,FOLDER=sys.argv[1].rstrip('/')+'/',sys.argv[2].rstrip('/')
def show(r,p): return subprocess.run(['git','--git-dir',M+r+'/repo','show','HEAD:'+p],capture_output=True,check=True).stdout.decode()
def out(name,rows):
    with open(f'{FOLDER}/{name}.jsonl','w') as f:
        for t,l in rows: f.write(json.dumps({'text':t,'labels':l},ensure_ascii=False)+'\n')
    print(name,len(rows),sum(len(l) for _,l in rows), sum(1 for _,l in rows for x in l if x['type']=='PER'))
def spans(tags,offs):
    res=[];cur=None
    for (tag,(s,e)) in zip(tags,offs):
        if tag[0] in 'BI' and tag[1]=='-':
            ty=tag[2:]
            if tag[0]=='I' and cur and cur['type']==ty: cur['end']=e
            else:
                cur={'start':s,'end':e,'type':ty}; res.append(cur)
        else: cur=None
    return res
def norm(l):
    m={'PERSON':'PER','Person':'PER','PS':'PER','人名':'PER'}
    for x in l: x['type']=m.get(x['type'],x['type'])
    return l
def align(text,toks):
    offs=[];at=0
    for t in toks:
        i=text.find(t,at)
        if i<0: return None
        offs.append((i,i+len(t))); at=i+len(t)
    return offs
def uner(name,r,p,merge=1):
    rows=[];doc=False
    for block in show(r,p).split('\n\n'):
        text=None;toks=[];tags=[]
        for line in block.split('\n'):
            if line.startswith('# text = '): text=line[9:]
            elif line and line[0]!='#':
                c=line.split('\t'); toks.append(c[1]); tags.append(c[2])
        if text is None: continue
        new='# newdoc' in block or not rows or not name.startswith('en-ewt')
        o=align(text,toks)
        if o is None: continue
        l=norm(spans(tags,o))
        if new: rows.append((text,l))
        else:
            base=len(rows[-1][0])+1
            rows[-1]=(rows[-1][0]+'\n'+text,rows[-1][1]+[{**x,'start':x['start']+base,'end':x['end']+base} for x in l])
    out(name,rows)
uner('en-ewt-test','UniversalNER+UNER_English-EWT','en_ewt-ud-test.iob2')
uner('en-ewt-dev','UniversalNER+UNER_English-EWT','en_ewt-ud-dev.iob2')
uner('de-pud','UniversalNER+UNER_German-PUD','de_pud-ud-test.iob2')
uner('pt-bosque','UniversalNER+UNER_Portuguese-Bosque','pt_bosque-ud-test.iob2')
uner('pt-bosque-dev','UniversalNER+UNER_Portuguese-Bosque','pt_bosque-ud-dev.iob2')
uner('zh-gsd','UniversalNER+UNER_Chinese-GSDSIMP','zh_gsdsimp-ud-test.iob2')
uner('zh-gsd-dev','UniversalNER+UNER_Chinese-GSDSIMP','zh_gsdsimp-ud-dev.iob2')
def detok(toks):
    text='';offs=[]
    q=False
    for t in toks:
        glue = not text or re.match(r"^[,.;:!?)\]}%»”’]|^'s$|^n't$|^'(re|ve|ll|m|d)$",t) or text[-1] in '([{«“' or (text.endswith("'") and len(text)>1 and text[-2].isalpha())
        if t in ('"','``',"''"):
            if not q: 
                if text and text[-1] not in '([ ': text+=' '
                text+='"'; offs.append((len(text)-1,len(text))); q='o'; continue
            text+='"'; offs.append((len(text)-1,len(text))); q=False; continue
        if q=='o': glue=True; q=True
        if not glue: text+=' '
        offs.append((len(text),len(text)+len(t))); text+=t
    return text,offs
def conll(name,r,p,limit=None,tcol=None):
    rows=[]
    for block in show(r,p).split('\n\n'):
        toks=[];tags=[]
        for line in block.split('\n'):
            c=re.split(r'[\t ]',line.strip('\r'))
            if len(c)<2 or line.startswith('-DOCSTART'): continue
            if len(c)>=3 and c[0].isdigit(): toks.append(c[1]); tags.append(c[2])
            else: toks.append(c[0]); tags.append(c[-1])
        if not toks: continue
        t,o=detok(toks); rows.append((t,norm(spans(tags,o))))
        if limit and len(rows)>=limit: break
    out(name,rows)
W='Babelscape+wikineural'
for l in ['en','de','fr','es','it','pt']: conll(f'{l}-wikineural',W,f'data/wikineural/{l}/test.conllu',4000)
for l in ['fr','es','it','pt','de']: conll(f'{l}-wikineural-dev',W,f'data/wikineural/{l}/val.conllu',4000)
for l in ['es','de']:
    try: conll(f'{l}-conll',W,f'data/conll/{l}/test.conllu')
    except Exception as e: print(e)
def bio(name,p):
    rows=[];toks=[];tags=[]
    for line in show('megagonlabs+UD_Japanese-GSD',p).split('\n'):
        if not line.strip():
            if toks:
                t='';o=[]
                for k in toks: o.append((len(t),len(t)+len(k))); t+=k
                rows.append((t,norm(spans([x if x=='O' else re.sub(r'^[SB]-','B-',re.sub(r'^E-','I-',x)) for x in tags],o))))
            toks=[];tags=[]
        else:
            c=re.split(r'[\t ]',line.strip()); toks.append(c[0]); tags.append(c[-1])
    out(name,rows)
bio('ja-gsd','stanza/test.bio'); bio('ja-gsd-dev','stanza/dev.bio')
d=json.loads(show('stockmarkteam+ner-wikipedia-dataset','ner.json'))
out('ja-stockmark',[(x['text'],norm([{'start':e['span'][0],'end':e['span'][1],'type':e['type']} for e in x['entities']])) for x in d])
rows=[];ch=[];tg=[]
for line in show('KLUE-benchmark+KLUE','klue_benchmark/klue-ner-v1.1/klue-ner-v1.1_dev.tsv').split('\n'):
    if line.startswith('##'): continue
    if line.strip('\r\n')=='':
        if ch:
            rows.append((''.join(ch),norm(spans(tg,[(i,i+1) for i in range(len(ch))]))))
        ch=[];tg=[]
    else:
        c=line.split('\t'); ch.append(c[0]); tg.append(c[1].strip())
out('ko-klue',rows)
d=json.loads(show('microsoft+presidio-research','data/synth_dataset_v2.json'))
rows=[]
for x in d: rows.append((x['full_text'],norm([{'start':s['start_position'],'end':s['end_position'],'type':s['entity_type']} for s in x['spans']])))
out('en-presidio',rows)

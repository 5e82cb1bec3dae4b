package redactionprocessor

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp/syntax"
	"strings"
	"testing"

	upstream "github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.yaml.in/yaml/v3"
)

// generated is what the generated configuration has for redaction.
func generated(t testing.TB) upstream.Config {
	text, err := os.ReadFile("../../../otel-collector.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Processors map[string]struct {
			Keys    []string `yaml:"blocked_key_patterns"`
			Values  []string `yaml:"blocked_values"`
			Allowed []string `yaml:"allowed_values"`
		}
	}
	if err := yaml.Unmarshal([]byte(strings.ReplaceAll(string(text), "$$", "$")), &file); err != nil {
		t.Fatal(err)
	}
	of := file.Processors["redaction/pii"]
	return upstream.Config{
		AllowAllKeys: true, RedactAllTypes: true, Summary: "info", HashFunction: upstream.SHA1,
		BlockedKeyPatterns: of.Keys, BlockedValues: of.Values, AllowedValues: of.Allowed,
	}
}

// random makes texts that an expression may match.
type random struct{ *rand.Rand }

func (r random) of(re *syntax.Regexp, to *strings.Builder) {
	times := func(least, most int) {
		if most < 0 {
			most = least + 8
		}
		for range least + r.IntN(most-least+1) {
			r.of(re.Sub[0], to)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		to.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		at := 2 * r.IntN(len(re.Rune)/2)
		to.WriteRune(re.Rune[at] + rune(r.IntN(int(min(re.Rune[at+1]-re.Rune[at], 200)+1))))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		to.WriteRune(rune(32 + r.IntN(300)))
	case syntax.OpStar:
		times(0, -1)
	case syntax.OpPlus:
		times(1, -1)
	case syntax.OpQuest:
		times(0, 1)
	case syntax.OpRepeat:
		times(re.Min, re.Max)
	case syntax.OpAlternate:
		r.of(re.Sub[r.IntN(len(re.Sub))], to)
	default:
		for _, part := range re.Sub {
			r.of(part, to)
		}
	}
}

// text is noise, some of it around a match, or one that was cut, or changed in a byte.
func (r random) text(parsed []*syntax.Regexp) string {
	const alphabet = "abeghikoprstxyzABEK0123456789 -_.:/@=[]\"{}\nÄſ世"
	letters := []rune(alphabet)
	var text strings.Builder
	noise := func() {
		for range r.IntN(30) {
			text.WriteRune(letters[r.IntN(len(letters))])
		}
	}
	noise()
	if r.IntN(2) == 0 {
		var match strings.Builder
		r.of(parsed[r.IntN(len(parsed))], &match)
		made := []byte(match.String())
		if len(made) > 0 && r.IntN(3) == 0 {
			made = made[:r.IntN(len(made))]
		}
		if len(made) > 0 && r.IntN(3) == 0 {
			made[r.IntN(len(made))] = byte(r.IntN(256))
		}
		text.Write(made)
	}
	if r.IntN(2) == 0 {
		noise()
	}
	return text.String()
}

func parse(t testing.TB, expressions []string) (parsed []*syntax.Regexp) {
	for _, expression := range expressions {
		re, err := syntax.Parse(expression, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, re)
	}
	return parsed
}

// mustAgree fails where the automaton says of a text what the expressions don't.
func mustAgree(t *testing.T, a *automaton, text string) (matched bool) {
	t.Helper()
	for _, re := range a.expressions {
		matched = matched || re.MatchString(text)
	}
	if matches(a, text) != matched {
		t.Fatalf("an expression matches: %t, the automaton says the opposite: %q", matched, text)
	}
	return matched
}

func TestATextMatchesWhereAnExpressionDoes(t *testing.T) {
	config := generated(t)
	odd := []string{"(?i)kelvin-s", `^\bab{2,40}c$`, "ü{3}x?", "[^a]{20}z", "a.c|(de)+f", `x(?:y|z{0})w*?v`, "(?:ab?){13,14}q"}
	for _, expressions := range [][]string{config.BlockedValues, config.BlockedKeyPatterns, odd} {
		a, err := newAutomaton(expressions)
		if err != nil {
			t.Fatal(err)
		}
		r, parsed := random{rand.New(rand.NewPCG(1, 2))}, parse(t, expressions)
		matched := 0
		for range 20_000 {
			if mustAgree(t, a, r.text(parsed)) {
				matched++
			}
		}
		if matched < 2_000 || matched > 18_000 {
			t.Errorf("%d of 20,000 matched: the texts say nothing", matched)
		}
	}
}

func FuzzATextMatchesWhereAnExpressionDoes(f *testing.F) {
	config := generated(f)
	a, err := newAutomaton(config.BlockedValues)
	if err != nil {
		f.Fatal(err)
	}
	r, parsed := random{rand.New(rand.NewPCG(3, 4))}, parse(f, config.BlockedValues)
	for range 200 {
		f.Add(r.text(parsed))
	}
	f.Fuzz(func(t *testing.T, text string) { mustAgree(t, a, text) })
}

func TestAnExpressionThatMatchesNothingAtAllMatchesEachText(t *testing.T) {
	a, err := newAutomaton([]string{"secret", "a*"})
	if err != nil || !matches(a, "") || !matches(a, "b") {
		t.Fatal("a text passes", err)
	}
}

func start(t testing.TB, factory processor.Factory, config component.Config, sink *consumertest.TracesSink) processor.Traces {
	set := processor.Settings{ID: component.NewIDWithName(factory.Type(), "pii"), TelemetrySettings: componenttest.NewNopTelemetrySettings()}
	made, err := factory.CreateTraces(context.Background(), set, config, sink)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Start(context.Background(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	return made
}

func (r random) fill(attributes pcommon.Map, keys, values []*syntax.Regexp) {
	for range r.IntN(4) {
		key := fmt.Sprintf("key%d", r.IntN(9))
		if r.IntN(6) == 0 {
			key = r.text(keys)
		}
		value := attributes.PutEmpty(key)
		switch r.IntN(8) {
		case 0:
			value.SetInt(r.Int64())
		case 1:
			value.SetDouble(r.NormFloat64())
		case 2:
			value.SetBool(true)
		case 3:
			value.SetEmptySlice().AppendEmpty().SetStr(r.text(values))
		case 4:
			value.SetEmptyMap().PutStr(r.text(keys), r.text(values))
		case 5:
			value.SetEmptyBytes().FromRaw([]byte(r.text(values)))
		default:
			value.SetStr(r.text(values))
		}
	}
}

func TestWhatComesOutIsWhatUpstreamMakes(t *testing.T) {
	config := generated(t)
	ours, theirs := new(consumertest.TracesSink), new(consumertest.TracesSink)
	own := start(t, NewFactory(), &Config{Config: config}, ours)
	other := start(t, upstream.NewFactory(), &config, theirs)
	keys, values := parse(t, config.BlockedKeyPatterns), parse(t, config.BlockedValues)
	r := random{rand.New(rand.NewPCG(5, 6))}
	redacted := 0
	for range 500 {
		td := ptrace.NewTraces()
		for range 1 + r.IntN(2) {
			resource := td.ResourceSpans().AppendEmpty()
			r.fill(resource.Resource().Attributes(), keys, values)
			for range r.IntN(3) {
				scope := resource.ScopeSpans().AppendEmpty()
				r.fill(scope.Scope().Attributes(), keys, values)
				for range r.IntN(4) {
					span := scope.Spans().AppendEmpty()
					span.SetName(r.text(values))
					r.fill(span.Attributes(), keys, values)
					r.fill(span.Events().AppendEmpty().Attributes(), keys, values)
				}
			}
		}
		same := ptrace.NewTraces()
		td.CopyTo(same)
		if err := own.ConsumeTraces(context.Background(), td); err != nil {
			t.Fatal(err)
		}
		if err := other.ConsumeTraces(context.Background(), same); err != nil {
			t.Fatal(err)
		}
	}
	marshaler := &ptrace.JSONMarshaler{}
	for i, made := range ours.AllTraces() {
		one, _ := marshaler.MarshalTraces(made)
		another, _ := marshaler.MarshalTraces(theirs.AllTraces()[i])
		if !reflect.DeepEqual(one, another) {
			t.Fatalf("ours:\n%s\nupstream's:\n%s", one, another)
		}
		redacted += strings.Count(string(one), "redaction.masked.count")
	}
	if redacted < 300 {
		t.Errorf("%d were redacted: the spans say nothing", redacted)
	}
}

func TestAConfigurationThatHasToSeeEachAttributeIsRefused(t *testing.T) {
	config := NewFactory().CreateDefaultConfig().(*Config)
	if config.Validate() == nil {
		t.Error("allow_all_keys: false is taken")
	}
	config.AllowAllKeys = true
	if err := config.Validate(); err != nil {
		t.Error(err)
	}
	config.URLSanitization.Enabled = true
	if config.Validate() == nil {
		t.Error("url_sanitizer is taken")
	}
}

func BenchmarkAttributes(b *testing.B) {
	config := generated(b)
	config.Summary = "silent"
	for _, of := range []struct {
		name    string
		factory processor.Factory
		config  component.Config
	}{{"ours", NewFactory(), &Config{Config: config}}, {"upstream", upstream.NewFactory(), &config}} {
		b.Run(of.name, func(b *testing.B) {
			sink := new(consumertest.TracesSink)
			made := start(b, of.factory, of.config, sink)
			td := ptrace.NewTraces()
			spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
			for i := range 500 {
				attributes := spans.AppendEmpty().Attributes()
				attributes.PutStr("http.request.method", "GET")
				attributes.PutStr("url.full", "https://api.example.com/v1/orders/1234?page=2")
				attributes.PutStr("server.address", "api.example.com")
				attributes.PutStr("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)")
				attributes.PutStr("db.query.text", "SELECT id, name FROM orders WHERE customer = $1 AND created > $2 LIMIT 20")
				attributes.PutInt("http.response.status_code", 200)
				attributes.PutInt("gen_ai.usage.input_tokens", int64(i))
			}
			b.ResetTimer()
			for range b.N {
				sink.Reset()
				if err := made.ConsumeTraces(context.Background(), td); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/500, "ns/span")
		})
	}
}

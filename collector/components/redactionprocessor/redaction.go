// Package redactionprocessor hands attributes to upstream's processor redaction where one of its expressions matches, and lets all others
// pass: an automaton reads each key and each value once, and asks the expressions alone that may begin there, where upstream asks all.
package redactionprocessor

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	upstream "github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
)

// Config is upstream's.
type Config struct {
	upstream.Config `mapstructure:",squash"`
}

// Validate refuses what has to see each attribute.
func (c *Config) Validate() error {
	plain := upstream.NewFactory().CreateDefaultConfig().(*upstream.Config)
	if !c.AllowAllKeys || c.URLSanitization.Enabled || !reflect.DeepEqual(c.DBSanitizer, plain.DBSanitizer) {
		return errors.New("allow_all_keys must be true, and there is no url_sanitizer and no db_sanitizer: use upstream's redaction for these")
	}
	return c.Config.Validate()
}

// NewFactory makes the processor afn_redaction.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		component.MustNewType("afn_redaction"),
		func() component.Config {
			return &Config{Config: *upstream.NewFactory().CreateDefaultConfig().(*upstream.Config)}
		},
		processor.WithTraces(newRedaction, component.StabilityLevelBeta),
	)
}

type redaction struct {
	processor.Traces // upstream's, which gives back what it redacted
	next             consumer.Traces
	keys, values     *automaton
}

func newRedaction(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Traces) (processor.Traces, error) {
	config := &cfg.(*Config).Config
	keys, err := newAutomaton(config.BlockedKeyPatterns)
	if err != nil {
		return nil, fmt.Errorf("blocked_key_patterns: %w", err)
	}
	values, err := newAutomaton(config.BlockedValues)
	if err != nil {
		return nil, fmt.Errorf("blocked_values: %w", err)
	}
	back, err := consumer.NewTraces(func(ctx context.Context, td ptrace.Traces) error {
		*ctx.Value(redactedKey{}).(*ptrace.Traces) = td
		return nil
	}, consumer.WithCapabilities(consumer.Capabilities{MutatesData: true}))
	if err != nil {
		return nil, err
	}
	factory := upstream.NewFactory()
	set.ID = component.NewIDWithName(factory.Type(), set.ID.Name())
	inner, err := factory.CreateTraces(ctx, set, config, back)
	if err != nil {
		return nil, err
	}
	return &redaction{Traces: inner, next: next, keys: keys, values: values}, nil
}

// redactedKey is where the context says which spans came back.
type redactedKey struct{}

// ConsumeTraces has upstream redact the attributes that need it, those of resources, scopes and events as if they were spans'.
func (r *redaction) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	suspects := r.suspects(td)
	if len(suspects) > 0 {
		sent, redacted := ptrace.NewTraces(), ptrace.Traces{}
		spans := sent.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
		spans.EnsureCapacity(len(suspects))
		for _, attributes := range suspects {
			attributes.MoveTo(spans.AppendEmpty().Attributes())
		}
		if err := r.Traces.ConsumeTraces(context.WithValue(ctx, redactedKey{}, &redacted), sent); err != nil {
			return err
		}
		for i, span := range redacted.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
			span.Attributes().MoveTo(suspects[i])
		}
	}
	return r.next.ConsumeTraces(ctx, td)
}

func (r *redaction) suspects(td ptrace.Traces) []pcommon.Map {
	var found []pcommon.Map
	look := func(attributes pcommon.Map) {
		if r.isSuspect(attributes) {
			found = append(found, attributes)
		}
	}
	for _, resource := range td.ResourceSpans().All() {
		look(resource.Resource().Attributes())
		for _, scope := range resource.ScopeSpans().All() {
			look(scope.Scope().Attributes())
			for _, span := range scope.Spans().All() {
				look(span.Attributes())
				for _, event := range span.Events().All() {
					look(event.Attributes())
				}
			}
		}
	}
	return found
}

func (r *redaction) isSuspect(attributes pcommon.Map) bool {
	var digits [20]byte
	for key, value := range attributes.All() {
		if matches(r.keys, key) {
			return true
		}
		switch value.Type() {
		case pcommon.ValueTypeInt:
			if matches(r.values, strconv.AppendInt(digits[:0], value.Int(), 10)) {
				return true
			}
		default:
			if matches(r.values, value.AsString()) {
				return true
			}
		}
	}
	return false
}

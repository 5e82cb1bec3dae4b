package rawexporter

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exporterhelper/xexporterhelper"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"google.golang.org/protobuf/encoding/protowire"
)

// A payload is a list of requests of OTLP, written. One behind the other they are one request: all that a request has is a repeated field.
type payload struct {
	parts [][]byte
	spans int
	bytes int
}

func newPayload(part []byte, spans int) *payload {
	return &payload{parts: [][]byte{part}, spans: spans, bytes: len(part)}
}

func written(_ context.Context, td ptrace.Traces) (xexporterhelper.Request, error) {
	part, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	return newPayload(part, td.SpanCount()), err
}

// ItemsCount is the number of spans.
func (p *payload) ItemsCount() int { return p.spans }

// BytesSize is the size of the request, not compressed.
func (p *payload) BytesSize() int { return p.bytes }

// maxBytes is of a request that several share: a store refuses a larger one as a whole (32 MiB in our tempo.yaml), and one sender's large
// spans would take with them those of others.
const maxBytes = 16 << 20

// MergeSplit puts two together, as far as maxSize spans and maxBytes allow it. What is bigger by itself is read, and cut.
func (p *payload) MergeSplit(_ context.Context, maxSize int, _ exporterhelper.RequestSizerType, other xexporterhelper.Request) ([]xexporterhelper.Request, error) {
	var pieces []*payload
	for _, request := range []xexporterhelper.Request{p, other} {
		if request == nil {
			continue
		}
		whole, ok := request.(*payload)
		if !ok {
			return nil, errors.New("a request of another exporter")
		}
		if (maxSize == 0 || whole.spans <= maxSize) && (whole.bytes <= maxBytes || whole.spans == 1) {
			pieces = append(pieces, whole)
			continue
		}
		cut, err := whole.cut(maxSize)
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, cut...)
	}
	merged := []*payload{pieces[0]}
	for _, piece := range pieces[1:] {
		last := merged[len(merged)-1]
		if (maxSize > 0 && last.spans+piece.spans > maxSize) || last.bytes+piece.bytes > maxBytes {
			merged = append(merged, piece)
			continue
		}
		merged[len(merged)-1] = &payload{
			parts: append(append([][]byte{}, last.parts...), piece.parts...),
			spans: last.spans + piece.spans,
			bytes: last.bytes + piece.bytes,
		}
	}
	// The caller waits for more to join the last one, so that has to be the smallest.
	for i, one := range merged {
		if one.spans < merged[len(merged)-1].spans {
			merged[i], merged[len(merged)-1] = merged[len(merged)-1], one
		}
	}
	requests := make([]xexporterhelper.Request, len(merged))
	for i, one := range merged {
		requests[i] = one
	}
	return requests, nil
}

// cut makes payloads of at most max spans, and about maxBytes, each.
func (p *payload) cut(max int) ([]*payload, error) {
	var pieces []*payload
	piece := ptrace.NewTraces()
	sizer := &ptrace.ProtoMarshaler{}
	bytes := 0
	flush := func() error {
		if piece.SpanCount() == 0 {
			return nil
		}
		request, err := written(context.Background(), piece)
		if err == nil {
			pieces = append(pieces, request.(*payload))
		}
		piece, bytes = ptrace.NewTraces(), 0
		return err
	}
	for _, part := range p.parts {
		td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(part)
		if err != nil {
			return nil, err
		}
		for _, resource := range td.ResourceSpans().All() {
			for _, scope := range resource.ScopeSpans().All() {
				var to ptrace.SpanSlice
				hasPlace := false
				for _, span := range scope.Spans().All() {
					size := sizer.SpanSize(span)
					if bytes > 0 && (piece.SpanCount() == max || bytes+size > maxBytes) {
						if err := flush(); err != nil {
							return nil, err
						}
						hasPlace = false
					}
					if !hasPlace {
						toResource := piece.ResourceSpans().AppendEmpty()
						resource.Resource().CopyTo(toResource.Resource())
						toResource.SetSchemaUrl(resource.SchemaUrl())
						toScope := toResource.ScopeSpans().AppendEmpty()
						scope.Scope().CopyTo(toScope.Scope())
						toScope.SetSchemaUrl(scope.SchemaUrl())
						to, hasPlace = toScope.Spans(), true
					}
					bytes += size
					span.MoveTo(to.AppendEmpty())
				}
			}
		}
	}
	return pieces, flush()
}

// The encoding on disk is that of upstream's exporters, without the context of the request, of which nothing is sent: so each
// reads what the other has left in the queue.
type encoding struct{}

const version = 1

// The numbers of the fields of upstream's message TracesRequest.
const (
	fieldVersion = 1
	fieldTraces  = 3
)

func (encoding) Marshal(_ context.Context, request xexporterhelper.Request) ([]byte, error) {
	p, ok := request.(*payload)
	if !ok {
		return nil, errors.New("a request of another exporter")
	}
	to := make([]byte, 0, p.bytes+16)
	to = protowire.AppendTag(to, fieldVersion, protowire.Fixed32Type)
	to = protowire.AppendFixed32(to, version)
	to = protowire.AppendTag(to, fieldTraces, protowire.BytesType)
	to = protowire.AppendVarint(to, uint64(p.bytes))
	for _, part := range p.parts {
		to = append(to, part...)
	}
	return to, nil
}

func (encoding) Unmarshal(from []byte) (context.Context, xexporterhelper.Request, error) {
	ctx := context.Background()
	part := from
	// What upstream wrote before it had a version begins with the first resource.
	if len(from) >= 5 && from[0] == fieldVersion<<3|byte(protowire.Fixed32Type) && binary.LittleEndian.Uint32(from[1:]) == version {
		part = nil
		if err := fieldsOf(from, func(field protowire.Number, value []byte) error {
			if field == fieldTraces {
				part = value
			}
			return nil
		}); err != nil {
			return ctx, nil, err
		}
	}
	spans, err := countSpans(part, 3)
	if err != nil {
		return ctx, nil, fmt.Errorf("a request in the queue cannot be read: %w", err)
	}
	return ctx, newPayload(part, spans), nil
}

// countSpans counts the messages that are so many levels below: a request has resources in field 1, these have scopes and these have spans
// in field 2.
func countSpans(message []byte, levels int) (spans int, err error) {
	wanted := protowire.Number(2)
	if levels == 3 {
		wanted = 1
	}
	err = fieldsOf(message, func(field protowire.Number, value []byte) error {
		if field != wanted || value == nil {
			return nil
		}
		if levels == 1 {
			spans++
			return nil
		}
		below, err := countSpans(value, levels-1)
		spans += below
		return err
	})
	return spans, err
}

// fieldsOf calls each for every field of a message, with its value where that has a length, else with nil.
func fieldsOf(message []byte, each func(field protowire.Number, value []byte) error) error {
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return protowire.ParseError(n)
		}
		message = message[n:]
		if kind == protowire.BytesType {
			value, n := protowire.ConsumeBytes(message)
			if n < 0 {
				return protowire.ParseError(n)
			}
			if err := each(field, value); err != nil {
				return err
			}
			message = message[n:]
			continue
		}
		if n = protowire.ConsumeFieldValue(field, kind, message); n < 0 {
			return protowire.ParseError(n)
		}
		message = message[n:]
	}
	return nil
}

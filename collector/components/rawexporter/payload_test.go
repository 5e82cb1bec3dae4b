package rawexporter

import (
	"context"
	"encoding/binary"
	"errors"
	"math/rand"
	"net"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exporterhelper/xexporterhelper"
	"go.opentelemetry.io/collector/exporter/otlpexporter"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"go.opentelemetry.io/collector/pdata/xpdata/request"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var numbers uint64

// traces has so many spans, each with a number of its own, below several resources and scopes.
func traces(spans int) ptrace.Traces {
	td := ptrace.NewTraces()
	for left := spans; left > 0; {
		resource := td.ResourceSpans().AppendEmpty()
		resource.Resource().Attributes().PutStr("service.name", "chat-api")
		resource.SetSchemaUrl("of the resource")
		for range 2 {
			scope := resource.ScopeSpans().AppendEmpty()
			scope.Scope().SetName("@afn/otel/llm")
			scope.SetSchemaUrl("of the scope")
			for range min(left, 5) {
				numbers++
				span := scope.Spans().AppendEmpty()
				var id [8]byte
				binary.BigEndian.PutUint64(id[:], numbers)
				span.SetSpanID(id)
				span.Attributes().PutStr("db.query.text", "SELECT * FROM users WHERE id = ?")
				span.Events().AppendEmpty().SetName("exception")
				left--
			}
		}
	}
	return td
}

func idsOf(td ptrace.Traces) (ids []uint64) {
	for _, resource := range td.ResourceSpans().All() {
		for _, scope := range resource.ScopeSpans().All() {
			for _, span := range scope.Spans().All() {
				id := span.SpanID()
				ids = append(ids, binary.BigEndian.Uint64(id[:]))
			}
		}
	}
	return ids
}

// sent is what a server makes of a payload.
func sent(t *testing.T, request xexporterhelper.Request) ptrace.Traces {
	t.Helper()
	buffers, err := codec{}.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(buffers.Materialize())
	if err != nil {
		t.Fatal(err)
	}
	return td
}

func made(t *testing.T, td ptrace.Traces) xexporterhelper.Request {
	t.Helper()
	p, err := written(t.Context(), td)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReadsWhatUpstreamHasLeftInTheQueue(t *testing.T) {
	td := traces(23)
	withVersion, err := request.MarshalTraces(t.Context(), td)
	if err != nil {
		t.Fatal(err)
	}
	without, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	if err != nil {
		t.Fatal(err)
	}
	for _, queued := range [][]byte{withVersion, without} {
		_, read, err := encoding{}.Unmarshal(queued)
		if err != nil {
			t.Fatal(err)
		}
		if read.ItemsCount() != 23 || !slices.Equal(idsOf(sent(t, read)), idsOf(td)) {
			t.Errorf("%d spans of 23 are read", read.ItemsCount())
		}
	}
}

func TestLeavesInTheQueueWhatUpstreamReads(t *testing.T) {
	td := traces(23)
	queued, err := encoding{}.Marshal(t.Context(), made(t, td))
	if err != nil {
		t.Fatal(err)
	}
	_, read, err := request.UnmarshalTraces(queued)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
	got, _ := (&ptrace.JSONMarshaler{}).MarshalTraces(read)
	if string(got) != string(want) {
		t.Error("upstream reads something else")
	}
}

func TestSaysThatAQueueIsBroken(t *testing.T) {
	queued, err := encoding{}.Marshal(t.Context(), made(t, traces(5)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := (encoding{}).Unmarshal(queued[:len(queued)-3]); err == nil {
		t.Error("half a request is taken")
	}
}

func TestPutsTogetherAndCutsWithoutLosingOrDoublingASpan(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for range 300 {
		one, other, most := traces(1+random.Intn(60)), traces(1+random.Intn(60)), random.Intn(40)
		want := slices.Sorted(slices.Values(append(idsOf(one), idsOf(other)...)))
		pieces, err := made(t, one).MergeSplit(t.Context(), most, exporterhelper.RequestSizerTypeItems, made(t, other))
		if err != nil {
			t.Fatal(err)
		}
		var got []uint64
		for _, piece := range pieces {
			td := sent(t, piece)
			got = append(got, idsOf(td)...)
			if piece.ItemsCount() != td.SpanCount() || (most > 0 && td.SpanCount() > most) {
				t.Fatalf("a piece of %d spans says %d; %d are allowed", td.SpanCount(), piece.ItemsCount(), most)
			}
			if piece.ItemsCount() < pieces[len(pieces)-1].ItemsCount() {
				t.Fatal("the last piece, which waits for more, is not the smallest")
			}
			if resource := td.ResourceSpans().At(0); resource.SchemaUrl() != "of the resource" || resource.ScopeSpans().At(0).SchemaUrl() != "of the scope" {
				t.Fatal("a schema was lost")
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%d spans became %d", len(want), len(got))
		}
	}
}

type server struct {
	ptraceotlp.UnimplementedGRPCServer
	got    []uint64
	tenant string
	answer error
}

func (s *server) Export(ctx context.Context, in ptraceotlp.ExportRequest) (ptraceotlp.ExportResponse, error) {
	s.got = append(s.got, idsOf(in.Traces())...)
	if values := metadata.ValueFromIncomingContext(ctx, "x-scope-orgid"); len(values) == 1 {
		s.tenant = values[0]
	}
	return ptraceotlp.NewExportResponse(), s.answer
}

type host struct{}

func (host) GetExtensions() map[component.ID]component.Component { return nil }

func TestLargeSpansOfOneSenderAreInNoRequestThatAStoreRefusesWithThoseOfOthers(t *testing.T) {
	large := func(spans int) ptrace.Traces {
		td := traces(spans)
		for _, resource := range td.ResourceSpans().All() {
			for _, scope := range resource.ScopeSpans().All() {
				for _, span := range scope.Spans().All() {
					span.Attributes().PutStr("prompt", strings.Repeat("x", 3<<20))
				}
			}
		}
		return td
	}
	var want, got []uint64
	var last xexporterhelper.Request
	take := func(requests []xexporterhelper.Request, err error) {
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range requests[:len(requests)-1] {
			got = append(got, idsOf(sent(t, one))...)
			if one.BytesSize() > maxBytes+1<<20 {
				t.Errorf("a request of %d bytes", one.BytesSize())
			}
		}
		last = requests[len(requests)-1]
	}
	for n := range 12 {
		td := traces(7)
		if n%2 == 0 {
			td = large(1 + n)
		}
		want = append(want, idsOf(td)...)
		if last == nil {
			take(made(t, td).(*payload).MergeSplit(t.Context(), 8192, exporterhelper.RequestSizerTypeItems, nil))
			continue
		}
		take(last.(*payload).MergeSplit(t.Context(), 8192, exporterhelper.RequestSizerTypeItems, made(t, td)))
	}
	got = append(got, idsOf(sent(t, last))...)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d spans of %d", len(got), len(want))
	}
}

func TestIsReadByAServerOfOTLP(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	to := &server{}
	serving := grpc.NewServer()
	ptraceotlp.RegisterGRPCServer(serving, to)
	go func() { _ = serving.Serve(listener) }()
	defer serving.Stop()

	config := otlp.CreateDefaultConfig().(*otlpexporter.Config)
	config.ClientConfig.Endpoint = listener.Addr().String()
	config.ClientConfig.TLS.Insecure = true
	config.ClientConfig.Headers.Set("x-scope-orgid", "afn-detailed")
	from := &sender{config: config, set: exporter.Settings{TelemetrySettings: component.TelemetrySettings{
		Logger: zap.NewNop(), TracerProvider: tracenoop.NewTracerProvider(), MeterProvider: metricnoop.NewMeterProvider(),
	}}}
	if err := from.start(t.Context(), host{}); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.shutdown(t.Context()) }()

	one, other := traces(700), traces(12)
	both, err := made(t, one).MergeSplit(t.Context(), 0, exporterhelper.RequestSizerTypeItems, made(t, other))
	if err != nil {
		t.Fatal(err)
	}
	if err := from.send(t.Context(), both[0]); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(to.got, append(idsOf(one), idsOf(other)...)) || to.tenant != "afn-detailed" {
		t.Errorf("%d of 712 spans came, for %q", len(to.got), to.tenant)
	}
	for code, isPermanent := range map[codes.Code]bool{
		codes.Unavailable: false, codes.DeadlineExceeded: false, codes.InvalidArgument: true, codes.ResourceExhausted: true,
	} {
		to.answer = status.Error(code, "no")
		if err := from.send(t.Context(), both[0]); err == nil || consumererror.IsPermanent(err) != isPermanent {
			t.Errorf("%s is permanent: %v", code, !isPermanent)
		}
	}
}

func TestNeedsAQueueOnDisk(t *testing.T) {
	_, err := newTraces(t.Context(), exporter.Settings{}, otlp.CreateDefaultConfig())
	if err == nil || errors.Unwrap(err) != nil {
		t.Errorf("without a queue on disk: %v", err)
	}
}

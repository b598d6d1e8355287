// Package main is Prometheus' own PromQL and rule evaluation, compiled for a browser: the lab's page hands it samples
// and asks it as it asks Prometheus' HTTP API.
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"sort"

	"github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/metadata"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/util/annotations"
)

// sample is one value of a series; times are in milliseconds since 1970. A stale marker is a NaN of its own.
type sample struct {
	t int64
	v float64
	// known is when it can first be read: a scrape is stored at its end, with the time of its start
	known int64
}

// forever is later than everything that is stored.
const forever = math.MaxInt64

type series struct {
	labels  labels.Labels
	samples []sample
}

// memory holds all samples; the series are sorted by their labels when they are selected.
type memory struct {
	byLabels map[string]*series
	byName   map[string][]*series
	numbered []*series
}

func newMemory() *memory {
	return &memory{byLabels: map[string]*series{}, byName: map[string][]*series{}}
}

func (m *memory) seriesOf(ls labels.Labels) *series {
	key := string(ls.Bytes(nil))
	if found, ok := m.byLabels[key]; ok {
		return found
	}
	made := &series{labels: ls}
	m.byLabels[key] = made
	name := ls.Get(labels.MetricName)
	m.byName[name] = append(m.byName[name], made)
	return made
}

// add takes one sample. Those of a series come in the order of their times, as a scrape brings them.
func (s *series) add(next sample) error {
	if n := len(s.samples); n > 0 {
		switch last := s.samples[n-1]; {
		case last.t > next.t:
			return storage.ErrOutOfOrderSample
		case last.t == next.t && math.Float64bits(last.v) != math.Float64bits(next.v):
			return storage.ErrDuplicateSampleForTimestamp
		case last.t == next.t:
			return nil
		}
	}
	s.samples = append(s.samples, next)
	return nil
}

// number returns by which number samples of a series are handed over.
func (m *memory) number(ls labels.Labels) int {
	m.numbered = append(m.numbered, m.seriesOf(ls))
	return len(m.numbered) - 1
}

const bytesPerSample = 32

var errBytes = errors.New("the bytes of samples must be four floats of 64 bits each, least byte first: number of the series, milliseconds, value, milliseconds from which it can be read")

// addBytes takes samples. Only the value's bits count where it is a NaN: one of them is a stale marker.
func (m *memory) addBytes(bytes []byte) error {
	if len(bytes)%bytesPerSample != 0 {
		return errBytes
	}
	float := func(at int) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(bytes[at:])) }
	for ; len(bytes) > 0; bytes = bytes[bytesPerSample:] {
		number := int(float(0))
		if number < 0 || number >= len(m.numbered) {
			return errBytes
		}
		if err := m.numbered[number].add(sample{int64(float(8)), float(16), int64(float(24))}); err != nil {
			return err
		}
	}
	return nil
}

// view is what of the memory was known at an instant, in milliseconds.
type view struct {
	*memory
	until int64
}

// selected returns the series that match and have a known sample in the time range, sorted by their labels.
func (m *view) selected(mint, maxt int64, matchers []*labels.Matcher) []*series {
	var found []*series
	for name, all := range m.byName {
		if !fits(labels.FromStrings(labels.MetricName, name), onName(matchers)) {
			continue
		}
		for _, s := range all {
			if !fits(s.labels, matchers) {
				continue
			}
			if known := s.knownAt(m.until); known.reaches(mint, maxt) {
				found = append(found, known)
			}
		}
	}
	slices.SortFunc(found, func(a, b *series) int { return labels.Compare(a.labels, b.labels) })
	return found
}

func onName(matchers []*labels.Matcher) []*labels.Matcher {
	return slices.DeleteFunc(slices.Clone(matchers), func(m *labels.Matcher) bool { return m.Name != labels.MetricName })
}

func fits(ls labels.Labels, matchers []*labels.Matcher) bool {
	for _, matcher := range matchers {
		if !matcher.Matches(ls.Get(matcher.Name)) {
			return false
		}
	}
	return true
}

// knownAt is the series as it was then. Samples become known in the order of their times.
func (s *series) knownAt(until int64) *series {
	n := len(s.samples)
	if n == 0 || s.samples[n-1].known <= until {
		return s
	}
	n = sort.Search(n, func(i int) bool { return s.samples[i].known > until })
	return &series{s.labels, s.samples[:n]}
}

func (s *series) reaches(mint, maxt int64) bool {
	n := len(s.samples)
	return n > 0 && s.samples[0].t <= maxt && s.samples[n-1].t >= mint
}

// Querier makes it a storage.Queryable.
func (m *view) Querier(mint, maxt int64) (storage.Querier, error) {
	return &querier{m, mint, maxt}, nil
}

type querier struct {
	*view
	mint, maxt int64
}

func (q *querier) Close() error { return nil }

func (q *querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	return &seriesSet{rest: q.selected(q.mint, q.maxt, matchers)}
}

func (q *querier) LabelValues(_ context.Context, name string, _ *storage.LabelHints, matchers ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	values := map[string]bool{}
	for _, s := range q.selected(q.mint, q.maxt, matchers) {
		if value := s.labels.Get(name); value != "" {
			values[value] = true
		}
	}
	return sorted(values), nil, nil
}

func (q *querier) LabelNames(_ context.Context, _ *storage.LabelHints, matchers ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	names := map[string]bool{}
	for _, s := range q.selected(q.mint, q.maxt, matchers) {
		s.labels.Range(func(l labels.Label) { names[l.Name] = true })
	}
	return sorted(names), nil, nil
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for each := range set {
		list = append(list, each)
	}
	sort.Strings(list)
	return list
}

type seriesSet struct {
	current *series
	rest    []*series
}

func (s *seriesSet) Next() bool {
	if len(s.rest) == 0 {
		return false
	}
	s.current, s.rest = s.rest[0], s.rest[1:]
	return true
}
func (s *seriesSet) At() storage.Series                { return s.current }
func (s *seriesSet) Err() error                        { return nil }
func (s *seriesSet) Warnings() annotations.Annotations { return nil }

func (s *series) Labels() labels.Labels { return s.labels }
func (s *series) Iterator(chunkenc.Iterator) chunkenc.Iterator {
	return &iterator{samples: s.samples, at: -1}
}

type iterator struct {
	samples []sample
	at      int
}

func (i *iterator) Next() chunkenc.ValueType {
	i.at++
	return i.kind()
}

func (i *iterator) kind() chunkenc.ValueType {
	if i.at >= len(i.samples) {
		return chunkenc.ValNone
	}
	return chunkenc.ValFloat
}

func (i *iterator) Seek(t int64) chunkenc.ValueType {
	from := max(i.at, 0)
	if from < len(i.samples) {
		from += sort.Search(len(i.samples)-from, func(n int) bool { return i.samples[from+n].t >= t })
	}
	i.at = from
	return i.kind()
}

func (i *iterator) At() (int64, float64) { return i.samples[i.at].t, i.samples[i.at].v }
func (i *iterator) AtT() int64           { return i.samples[i.at].t }
func (i *iterator) AtST() int64          { return 0 }
func (i *iterator) Err() error           { return nil }
func (i *iterator) AtHistogram(*histogram.Histogram) (int64, *histogram.Histogram) {
	return 0, nil
}
func (i *iterator) AtFloatHistogram(*histogram.FloatHistogram) (int64, *histogram.FloatHistogram) {
	return 0, nil
}

var errFloatsAlone = errors.New("only floats are stored here")

// Appender makes the rules a storage.Appendable: what they return is stored, and handed back to the page.
func (g *ruleGroups) Appender(context.Context) storage.Appender { return &appender{rules: g} }

type appender struct{ rules *ruleGroups }

func (a *appender) Append(_ storage.SeriesRef, ls labels.Labels, t int64, v float64) (storage.SeriesRef, error) {
	return 0, a.rules.store(ls, t, v)
}
func (a *appender) Commit() error                     { return nil }
func (a *appender) Rollback() error                   { return nil }
func (a *appender) SetOptions(*storage.AppendOptions) {}
func (a *appender) AppendExemplar(storage.SeriesRef, labels.Labels, exemplar.Exemplar) (storage.SeriesRef, error) {
	return 0, errFloatsAlone
}
func (a *appender) AppendHistogram(storage.SeriesRef, labels.Labels, int64, *histogram.Histogram, *histogram.FloatHistogram) (storage.SeriesRef, error) {
	return 0, errFloatsAlone
}
func (a *appender) AppendHistogramSTZeroSample(storage.SeriesRef, labels.Labels, int64, int64, *histogram.Histogram, *histogram.FloatHistogram) (storage.SeriesRef, error) {
	return 0, errFloatsAlone
}
func (a *appender) UpdateMetadata(storage.SeriesRef, labels.Labels, metadata.Metadata) (storage.SeriesRef, error) {
	return 0, nil
}
func (a *appender) AppendSTZeroSample(storage.SeriesRef, labels.Labels, int64, int64) (storage.SeriesRef, error) {
	return 0, nil
}

package main

import (
	"context"
	"sort"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
)

// written is an expression whose text is made once: rules ask for it at each evaluation.
type written struct {
	parser.Expr
	text string
}

func (w written) String() string { return w.text }

// ahead answers the expression of a rule at many instants by one range query, which Prometheus evaluates at each step as
// an instant query. Where the two could differ it asks at each instant.
type ahead struct {
	engine  *promql.Engine
	memory  *memory
	instant rules.QueryFunc
	expr    written
	// added are the labels that each result has beside its own
	added labels.Labels
	found map[int64]promql.Vector
}

// query is what the rule asks.
func (a *ahead) query(ctx context.Context, expr string, at time.Time) (promql.Vector, error) {
	if expr != a.expr.text {
		return a.instant(ctx, expr, at)
	}
	if vector, ok := a.found[at.UnixMilli()]; ok {
		return vector, nil
	}
	vector, err := a.instant(ctx, expr, at)
	for i := range vector {
		vector[i].Metric = a.labelled(vector[i].Metric)
	}
	return vector, err
}

func (a *ahead) labelled(metric labels.Labels) labels.Labels {
	if a.added.IsEmpty() {
		return metric
	}
	builder := labels.NewBuilder(metric)
	a.added.Range(func(l labels.Label) { builder.Set(l.Name, l.Value) })
	return builder.Labels()
}

// prepare asks for what the rule returns at these instants, in milliseconds.
func (a *ahead) prepare(instants []int64) {
	a.found = nil
	if len(instants) < 2 || a.expr.hangsOnEnds() {
		return
	}
	first, last, step := instants[0], instants[len(instants)-1], instants[1]-instants[0]
	for i, at := range instants {
		if at != first+int64(i)*step {
			return
		}
	}
	known := &view{a.memory, last + 1}
	query, err := a.engine.NewRangeQuery(context.Background(), known, nil, a.expr.text, time.UnixMilli(first), time.UnixMilli(last), time.Duration(step)*time.Millisecond)
	if err != nil {
		return
	}
	defer query.Close()
	// What fails at one instant fails as a whole: it is asked one by one.
	matrix, err := query.Exec(context.Background()).Matrix()
	if err != nil {
		return
	}
	a.found = make(map[int64]promql.Vector, len(instants))
	for _, at := range instants {
		a.found[at] = promql.Vector{}
	}
	for _, each := range matrix {
		metric := a.labelled(each.Metric)
		for _, point := range each.Floats {
			a.found[point.T] = append(a.found[point.T], promql.Sample{T: point.T, F: point.F, Metric: metric})
		}
	}
	for _, at := range a.memory.torn(instants) {
		delete(a.found, at)
	}
}

// hangsOnEnds says whether an expression asks for the beginning or end of its query.
func (w written) hangsOnEnds() bool {
	return strings.Contains(w.text, "start()") || strings.Contains(w.text, "end()")
}

// torn are the instants at which a sample of an earlier time could not be read yet, as while a scrape is under way: by
// what was known later the answer is another one.
func (m *memory) torn(instants []int64) []int64 {
	var torn []int64
	isTorn := make([]bool, len(instants))
	for _, s := range m.byLabels {
		from := sort.Search(len(s.samples), func(i int) bool { return s.samples[i].known > instants[0]+1 })
		next := 0
		for _, each := range s.samples[from:] {
			for next < len(instants) && instants[next] < each.t {
				next++
			}
			if next == len(instants) {
				break
			}
			for i := next; i < len(instants) && each.known > instants[i]+1; i++ {
				isTorn[i] = true
			}
		}
	}
	for i, at := range instants {
		if isTorn[i] {
			torn = append(torn, at)
		}
	}
	return torn
}

// inARow says whether no rule asks for what it or a later one stores, and no two store the same series.
func inARow(all []*ruleLoop) bool {
	stored := map[string]bool{}
	for i := len(all) - 1; i >= 0; i-- {
		name := all[i].rule.Name()
		if stored[name] {
			return false
		}
		stored[name] = true
		isLater := false
		parser.Inspect(all[i].ahead.expr.Expr, func(node parser.Node, _ []parser.Node) error {
			if selector, ok := node.(*parser.VectorSelector); ok {
				for _, later := range all[i:] {
					isLater = isLater || matchesStored(later.rule, selector.LabelMatchers)
				}
			}
			return nil
		})
		if isLater {
			return false
		}
	}
	return true
}

// matchesStored says whether a selector can match what a rule stores, by its name alone and by that of the alert.
func matchesStored(rule rules.Rule, matchers []*labels.Matcher) bool {
	if _, ok := rule.(*rules.AlertingRule); !ok {
		return fits(labels.FromStrings(labels.MetricName, rule.Name()), onName(matchers))
	}
	for _, name := range []string{"ALERTS", "ALERTS_FOR_STATE"} {
		if !fits(labels.FromStrings(labels.MetricName, name), onName(matchers)) {
			continue
		}
		for _, matcher := range matchers {
			if matcher.Name == labels.AlertName && !matcher.Matches(rule.Name()) {
				return false
			}
		}
		return true
	}
	return false
}

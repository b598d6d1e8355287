package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/rules"
)

// ruleIn is a rule as a rule file has it.
type ruleIn struct {
	Record        string            `json:"record"`
	Alert         string            `json:"alert"`
	Expr          string            `json:"expr"`
	For           string            `json:"for"`
	KeepFiringFor string            `json:"keep_firing_for"`
	Labels        map[string]string `json:"labels"`
	Annotations   map[string]string `json:"annotations"`
}

type groupIn struct {
	Name     string   `json:"name"`
	Interval string   `json:"interval"`
	Rules    []ruleIn `json:"rules"`
}

// rulesIn are the groups of a Prometheus that begins, and its flags about alerts, in seconds.
type rulesIn struct {
	Groups    []groupIn `json:"groups"`
	Grace     float64   `json:"graceSeconds"`
	Tolerance float64   `json:"toleranceSeconds"`
	Resend    float64   `json:"resendSeconds"`
}

// ruleGroups evaluates rules at the instants that it is told; what they return goes into the memory.
type ruleGroups struct {
	named []groupIn
	// all has each rule, in their order; inARow says whether each can be evaluated several times before the next one is
	all    []*ruleLoop
	inARow bool
	// since is how often they were evaluated since Prometheus began
	since int
	// known is the memory as it is at the evaluation
	known *view
	done  evaluationOut
	// earlier was evaluated before a restart: a page may look back
	earlier *ruleGroups
}

// ruleLoop is a rule, evaluated by Prometheus in a group of its own: so each can be evaluated several times in a row.
type ruleLoop struct {
	rule  rules.Rule
	group *rules.Group
	ahead *ahead
	// states are those that each evaluation left, the newest last; the first is that of the beginning
	states []ruleState
}

// evaluationOut is what some evaluations stored and sent to Alertmanager, each series and alert in the order of time.
type evaluationOut struct {
	// Made are the series that are stored for the first time: samples name them by their place among all of these groups
	Made []labels.Labels `json:"made"`
	Sent []sentOut       `json:"sent"`
	// Samples is how many were stored
	Samples int `json:"samples"`

	numbers map[*series]int
	samples []float64
}

// sentOut is an alert as Alertmanager is sent it; times are in milliseconds.
type sentOut struct {
	At          int64         `json:"at"`
	Labels      labels.Labels `json:"labels"`
	Annotations labels.Labels `json:"annotations"`
	IsResolved  bool          `json:"isResolved"`
	FiredAt     int64         `json:"firedAt"`
	ValidUntil  int64         `json:"validUntil"`
}

func seconds(number float64) time.Duration { return time.Duration(number * float64(time.Second)) }

func newRuleGroups(a *api, given rulesIn) (*ruleGroups, error) {
	quiet := slog.New(slog.DiscardHandler)
	all := &ruleGroups{named: given.Groups, known: &view{memory: a.memory}, earlier: a.rules}
	all.done.numbers = map[*series]int{}
	options := rules.ManagerOptions{
		Context:         context.Background(),
		NotifyFunc:      all.send,
		Appendable:      all,
		Queryable:       all.known,
		Logger:          quiet,
		Registerer:      prometheus.NewRegistry(),
		Parser:          syntax,
		ForGracePeriod:  seconds(given.Grace),
		OutageTolerance: seconds(given.Tolerance),
		ResendDelay:     seconds(given.Resend),
	}
	options.Metrics = rules.NewGroupMetrics(options.Registerer)
	// Nobody asks how long evaluations took: the quantiles of it take longer than it is worth, and its native histogram
	// sets a timer of an hour where they vary, which keeps a process from ending.
	options.Metrics.EvalDuration = prometheus.NewSummary(prometheus.SummaryOpts{Name: "rule_evaluation_duration_seconds"})
	options.Metrics.EvalDurationHistogram = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "rule_evaluation_duration_histogram_seconds"})
	for _, group := range given.Groups {
		interval, err := durationIn(group.Interval)
		if err != nil {
			return nil, fmt.Errorf("group %q: interval: %w", group.Name, err)
		}
		for _, each := range group.Rules {
			rule, ahead, err := ruleOf(each, quiet)
			if err != nil {
				return nil, fmt.Errorf("group %q: %w", group.Name, err)
			}
			ahead.engine, ahead.memory, ahead.instant = a.engine, a.memory, rules.EngineQueryFunc(a.engine, all.known)
			own := options
			own.QueryFunc = ahead.query
			loop := &ruleLoop{rule: rule, ahead: ahead}
			loop.group = rules.NewGroup(rules.GroupOptions{Name: group.Name, File: "rules", Interval: interval, Rules: []rules.Rule{rule}, ShouldRestore: true, Opts: &own})
			loop.states = append(loop.states, stateOf(rule, 0))
			all.all = append(all.all, loop)
		}
	}
	all.inARow = inARow(all.all)
	return all, nil
}

func ruleOf(given ruleIn, logger *slog.Logger) (rules.Rule, *ahead, error) {
	name := given.Record + given.Alert
	if (given.Record == "") == (given.Alert == "") {
		return nil, nil, fmt.Errorf("a rule has a record or an alert, %q and %q are given", given.Record, given.Alert)
	}
	parsed, err := syntax.ParseExpr(given.Expr)
	if err != nil {
		return nil, nil, fmt.Errorf("rule %q: expr: %w", name, err)
	}
	expr := written{parsed, parsed.String()}
	of, annotations := labels.FromMap(given.Labels), labels.FromMap(given.Annotations)
	if given.Record != "" {
		return rules.NewRecordingRule(given.Record, expr, of), &ahead{expr: expr}, nil
	}
	hold, err := durationIn(given.For)
	if err != nil {
		return nil, nil, fmt.Errorf("rule %q: for: %w", name, err)
	}
	keep, err := durationIn(given.KeepFiringFor)
	if err != nil {
		return nil, nil, fmt.Errorf("rule %q: keep_firing_for: %w", name, err)
	}
	// Prometheus makes a template of each label, for each alert at each evaluation. Where there is none, its labels are
	// those of what the expression returns.
	var added labels.Labels
	if annotations.IsEmpty() && !strings.Contains(of.String(), "{{") {
		added, of = of, labels.EmptyLabels()
	}
	return rules.NewAlertingRule(given.Alert, expr, hold, keep, of, annotations, labels.EmptyLabels(), (&url.URL{}).String(), false, logger), &ahead{expr: expr, added: added}, nil
}

// A Prometheus that begins restores the state of its alerts after so many evaluations, and stores none of it before.
const restoredAfter = 2

// evaluate runs every rule at each of these instants, milliseconds in their order, as a group does at its interval. A
// rule that asks for no later one is evaluated at all of them before the next one is: what that one asks for is there,
// and nothing else of what is stored later is known at its instants.
func (g *ruleGroups) evaluate(instants []int64) evaluationOut {
	g.done = evaluationOut{Made: []labels.Labels{}, Sent: []sentOut{}, numbers: g.done.numbers}
	if g.inARow {
		for _, loop := range g.all {
			loop.ahead.prepare(instants)
			for i, at := range instants {
				g.run(loop, at, g.since+i+1)
			}
			loop.ahead.found = nil
		}
	} else {
		for i, at := range instants {
			for _, loop := range g.all {
				g.run(loop, at, g.since+i+1)
			}
		}
	}
	g.since += len(instants)
	slices.SortStableFunc(g.done.Sent, func(one, other sentOut) int { return int(one.At - other.At) })
	g.done.Samples = len(g.done.samples) / numbersOfStored
	return g.done
}

// run evaluates a rule once. @param nth  of its evaluations since Prometheus began
func (g *ruleGroups) run(loop *ruleLoop, milliseconds int64, nth int) {
	at := time.UnixMilli(milliseconds).UTC()
	// The result of a rule is committed before the next one is evaluated.
	g.known.until = milliseconds + 1
	loop.group.Eval(context.Background(), at)
	loop.rule.SetEvaluationTimestamp(at)
	if nth == restoredAfter {
		loop.group.RestoreForState(at)
	}
	loop.states = append(loop.states, stateOf(loop.rule, milliseconds))
}

func (g *ruleGroups) send(_ context.Context, _ string, alerts ...*rules.Alert) {
	for _, alert := range inOrder(alerts) {
		g.done.Sent = append(g.done.Sent, sentOut{
			At:     g.known.until - 1,
			Labels: alert.Labels, Annotations: alert.Annotations, IsResolved: !alert.ResolvedAt.IsZero(),
			FiredAt: alert.FiredAt.UnixMilli(), ValidUntil: alert.ValidUntil.UnixMilli(),
		})
	}
}

// numbersOfStored are the number of its series, milliseconds and the value.
const numbersOfStored = 3

// store takes what a rule returned, which can be read right after its evaluation.
func (g *ruleGroups) store(ls labels.Labels, t int64, v float64) error {
	stored := g.known.seriesOf(ls)
	if err := stored.add(sample{t, v, g.known.until}); err != nil {
		return err
	}
	number, ok := g.done.numbers[stored]
	if !ok {
		number = len(g.done.numbers)
		g.done.numbers[stored] = number
		g.done.Made = append(g.done.Made, ls)
	}
	g.done.samples = append(g.done.samples, float64(number), float64(t), v)
	return nil
}

// bytesStored are the samples that the last evaluations have stored: floats of 64 bits, least byte first.
func (g *ruleGroups) bytesStored() []byte {
	bytes := make([]byte, 0, 8*len(g.done.samples))
	for _, each := range g.done.samples {
		bytes = binary.LittleEndian.AppendUint64(bytes, math.Float64bits(each))
	}
	return bytes
}

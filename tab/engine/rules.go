package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"sort"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/promslog"
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
	groups []*rules.Group
	// known is the memory as it is at the evaluation
	known *view
	done  evaluationOut
	// evaluations are the states that each of them left, the newest last: a page may look back
	evaluations []evaluation
	since       int
}

type evaluation struct {
	at     int64
	groups []groupOut
}

// evaluationOut is what one evaluation stored and sent to Alertmanager.
type evaluationOut struct {
	Stored []storedOut `json:"stored"`
	Sent   []sentOut   `json:"sent"`
}

type storedOut struct {
	Labels  labels.Labels `json:"labels"`
	At      int64         `json:"at"`
	Value   string        `json:"value"`
	IsStale bool          `json:"isStale"`
}

// sentOut is an alert as Alertmanager is sent it; times are in milliseconds.
type sentOut struct {
	Labels      labels.Labels `json:"labels"`
	Annotations labels.Labels `json:"annotations"`
	IsResolved  bool          `json:"isResolved"`
	FiredAt     int64         `json:"firedAt"`
	ValidUntil  int64         `json:"validUntil"`
}

func seconds(number float64) time.Duration { return time.Duration(number * float64(time.Second)) }

func newRuleGroups(a *api, given rulesIn) (*ruleGroups, error) {
	quiet := promslog.NewNopLogger()
	all := &ruleGroups{known: &view{memory: a.memory}}
	if a.rules != nil {
		all.evaluations = a.rules.evaluations
	}
	options := &rules.ManagerOptions{
		Context:         context.Background(),
		QueryFunc:       rules.EngineQueryFunc(a.engine, all.known),
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
	for _, group := range given.Groups {
		interval, err := durationIn(group.Interval)
		if err != nil {
			return nil, fmt.Errorf("group %q: interval: %w", group.Name, err)
		}
		made := make([]rules.Rule, 0, len(group.Rules))
		for _, each := range group.Rules {
			rule, err := ruleOf(each, quiet)
			if err != nil {
				return nil, fmt.Errorf("group %q: %w", group.Name, err)
			}
			made = append(made, rule)
		}
		all.groups = append(all.groups, rules.NewGroup(rules.GroupOptions{Name: group.Name, File: "rules", Interval: interval, Rules: made, ShouldRestore: true, Opts: options}))
	}
	return all, nil
}

func ruleOf(given ruleIn, logger *slog.Logger) (rules.Rule, error) {
	name := given.Record + given.Alert
	if (given.Record == "") == (given.Alert == "") {
		return nil, fmt.Errorf("a rule has a record or an alert, %q and %q are given", given.Record, given.Alert)
	}
	expr, err := syntax.ParseExpr(given.Expr)
	if err != nil {
		return nil, fmt.Errorf("rule %q: expr: %w", name, err)
	}
	if given.Record != "" {
		return rules.NewRecordingRule(given.Record, expr, labels.FromMap(given.Labels)), nil
	}
	hold, err := durationIn(given.For)
	if err != nil {
		return nil, fmt.Errorf("rule %q: for: %w", name, err)
	}
	keep, err := durationIn(given.KeepFiringFor)
	if err != nil {
		return nil, fmt.Errorf("rule %q: keep_firing_for: %w", name, err)
	}
	return rules.NewAlertingRule(given.Alert, expr, hold, keep, labels.FromMap(given.Labels), labels.FromMap(given.Annotations), labels.EmptyLabels(), (&url.URL{}).String(), false, logger), nil
}

// A Prometheus that begins restores the state of its alerts after so many evaluations, and stores none of it before.
const restoredAfter = 2

// evaluate runs every rule once, at that instant, as a group does at its interval.
func (g *ruleGroups) evaluate(milliseconds int64) evaluationOut {
	at := time.UnixMilli(milliseconds).UTC()
	// A group commits the result of a rule before it evaluates the next one.
	g.known.until = milliseconds + 1
	g.done = evaluationOut{Stored: []storedOut{}, Sent: []sentOut{}}
	g.since++
	for _, group := range g.groups {
		group.Eval(context.Background(), at)
		for _, rule := range group.Rules() {
			rule.SetEvaluationTimestamp(at)
		}
		if g.since == restoredAfter {
			group.RestoreForState(at)
		}
	}
	g.evaluations = append(g.evaluations, evaluation{milliseconds, g.state()})
	return g.done
}

func (g *ruleGroups) send(_ context.Context, _ string, alerts ...*rules.Alert) {
	for _, alert := range alerts {
		g.done.Sent = append(g.done.Sent, sentOut{
			Labels: alert.Labels, Annotations: alert.Annotations, IsResolved: !alert.ResolvedAt.IsZero(),
			FiredAt: alert.FiredAt.UnixMilli(), ValidUntil: alert.ValidUntil.UnixMilli(),
		})
	}
}

// groupsAt is the state of the rules as it was at an instant; before the first evaluation it is that of the beginning.
func (g *ruleGroups) groupsAt(milliseconds int64) []groupOut {
	n := sort.Search(len(g.evaluations), func(i int) bool { return g.evaluations[i].at >= milliseconds })
	if n == 0 {
		return g.state()
	}
	return g.evaluations[n-1].groups
}

type alertOut struct {
	Labels      labels.Labels `json:"labels"`
	Annotations labels.Labels `json:"annotations"`
	State       string        `json:"state"`
	ActiveAt    string        `json:"activeAt"`
	FiredAt     string        `json:"firedAt,omitempty"`
	Value       string        `json:"value"`
}

type ruleOut struct {
	Name           string     `json:"name"`
	Type           string     `json:"type"`
	Query          string     `json:"query"`
	State          string     `json:"state,omitempty"`
	Duration       float64    `json:"duration,omitempty"`
	KeepFiringFor  float64    `json:"keepFiringFor,omitempty"`
	Health         string     `json:"health"`
	LastError      string     `json:"lastError,omitempty"`
	LastEvaluation string     `json:"lastEvaluation"`
	EvaluationTime float64    `json:"evaluationTime"`
	Alerts         []alertOut `json:"alerts,omitempty"`
}

type groupOut struct {
	Name     string    `json:"name"`
	Interval float64   `json:"interval"`
	Rules    []ruleOut `json:"rules"`
}

func (g *ruleGroups) stateAt(milliseconds int64) map[string]any {
	return map[string]any{"groups": g.groupsAt(milliseconds)}
}

func (g *ruleGroups) state() []groupOut {
	list := []groupOut{}
	for _, group := range g.groups {
		out := groupOut{Name: group.Name(), Interval: group.Interval().Seconds(), Rules: []ruleOut{}}
		for _, rule := range group.Rules() {
			out.Rules = append(out.Rules, ruleStateOf(rule))
		}
		list = append(list, out)
	}
	return list
}

func ruleStateOf(rule rules.Rule) ruleOut {
	out := ruleOut{
		Name: rule.Name(), Query: rule.Query().String(), Type: "recording", Health: string(rule.Health()),
		LastEvaluation: rule.GetEvaluationTimestamp().Format(time.RFC3339Nano),
		EvaluationTime: rule.GetEvaluationDuration().Seconds(),
	}
	if err := rule.LastError(); err != nil {
		out.LastError = err.Error()
	}
	if alerting, ok := rule.(*rules.AlertingRule); ok {
		out.Type, out.State = "alerting", alerting.State().String()
		out.Duration, out.KeepFiringFor = alerting.HoldDuration().Seconds(), alerting.KeepFiringFor().Seconds()
		out.Alerts = alertsOf(alerting)
	}
	return out
}

func (g *ruleGroups) alertsAt(milliseconds int64) map[string]any {
	list := []alertOut{}
	for _, group := range g.groupsAt(milliseconds) {
		for _, rule := range group.Rules {
			list = append(list, rule.Alerts...)
		}
	}
	return map[string]any{"alerts": list}
}

func alertsOf(rule *rules.AlertingRule) []alertOut {
	list := []alertOut{}
	for _, alert := range rule.ActiveAlerts() {
		out := alertOut{
			Labels: alert.Labels, Annotations: alert.Annotations, State: alert.State.String(), Value: number(alert.Value),
			ActiveAt: alert.ActiveAt.UTC().Format(time.RFC3339Nano),
		}
		if !alert.FiredAt.IsZero() {
			out.FiredAt = alert.FiredAt.UTC().Format(time.RFC3339Nano)
		}
		list = append(list, out)
	}
	return list
}

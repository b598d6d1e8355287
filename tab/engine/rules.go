package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
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

// ruleGroups evaluates rules at the instants that it is told; what they record goes into the memory.
type ruleGroups struct {
	groups []*rules.Group
}

func newRuleGroups(a *api, given []groupIn) (*ruleGroups, error) {
	quiet := promslog.NewNopLogger()
	all := &ruleGroups{}
	options := &rules.ManagerOptions{
		Context:    context.Background(),
		QueryFunc:  rules.EngineQueryFunc(a.engine, a.memory),
		NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
		Appendable: a.memory,
		Queryable:  a.memory,
		Logger:     quiet,
		Registerer: prometheus.NewRegistry(),
		Parser:     syntax,
	}
	options.Metrics = rules.NewGroupMetrics(options.Registerer)
	for _, group := range given {
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
		all.groups = append(all.groups, rules.NewGroup(rules.GroupOptions{Name: group.Name, File: "rules", Interval: interval, Rules: made, Opts: options}))
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
	// Restored: nothing was there before, so that there is nothing to wait for.
	return rules.NewAlertingRule(given.Alert, expr, hold, keep, labels.FromMap(given.Labels), labels.FromMap(given.Annotations), labels.EmptyLabels(), (&url.URL{}).String(), true, logger), nil
}

// evaluate runs every rule once, at that instant.
func (g *ruleGroups) evaluate(milliseconds int64) error {
	at := time.UnixMilli(milliseconds).UTC()
	for _, group := range g.groups {
		group.Eval(context.Background(), at)
		for _, rule := range group.Rules() {
			rule.SetEvaluationTimestamp(at)
		}
	}
	return nil
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
	Alerts         []alertOut `json:"alerts,omitempty"`
}

type groupOut struct {
	Name     string    `json:"name"`
	Interval float64   `json:"interval"`
	Rules    []ruleOut `json:"rules"`
}

func (g *ruleGroups) state() map[string]any {
	list := []groupOut{}
	for _, group := range g.groups {
		out := groupOut{Name: group.Name(), Interval: group.Interval().Seconds(), Rules: []ruleOut{}}
		for _, rule := range group.Rules() {
			out.Rules = append(out.Rules, ruleStateOf(rule))
		}
		list = append(list, out)
	}
	return map[string]any{"groups": list}
}

func ruleStateOf(rule rules.Rule) ruleOut {
	out := ruleOut{
		Name: rule.Name(), Query: rule.Query().String(), Type: "recording", Health: string(rule.Health()),
		LastEvaluation: rule.GetEvaluationTimestamp().Format(time.RFC3339Nano),
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

func (g *ruleGroups) alerts() map[string]any {
	list := []alertOut{}
	for _, group := range g.groups {
		for _, rule := range group.AlertingRules() {
			list = append(list, alertsOf(rule)...)
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

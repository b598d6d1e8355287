package main

import (
	"slices"
	"sort"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/rules"
)

// ruleState is what an evaluation left, at that many milliseconds.
type ruleState struct {
	at     int64
	took   time.Duration
	health rules.RuleHealth
	failed error
	// alert is the state of an alert, and active are its instances
	alert  rules.AlertState
	active []*rules.Alert
}

func stateOf(rule rules.Rule, at int64) ruleState {
	state := ruleState{at: at, took: rule.GetEvaluationDuration(), health: rule.Health(), failed: rule.LastError()}
	if alerting, ok := rule.(*rules.AlertingRule); ok {
		state.alert, state.active = alerting.State(), inOrder(alerting.ActiveAlerts())
	}
	return state
}

// inOrder sorts alerts by their labels: Prometheus keeps them in a map.
func inOrder(alerts []*rules.Alert) []*rules.Alert {
	slices.SortFunc(alerts, func(one, other *rules.Alert) int { return labels.Compare(one.Labels, other.Labels) })
	return alerts
}

// stateAt is what was known of a rule at an instant.
func (l *ruleLoop) stateAt(milliseconds int64) ruleState {
	n := sort.Search(len(l.states), func(i int) bool { return l.states[i].at >= milliseconds })
	return l.states[max(n-1, 0)]
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

// groupsAt is the state of the rules as it was at an instant; before the first evaluation it is that of the beginning.
func (g *ruleGroups) groupsAt(milliseconds int64) []groupOut {
	if g.earlier != nil && (len(g.all) == 0 || g.all[0].stateAt(milliseconds).at == 0) {
		return g.earlier.groupsAt(milliseconds)
	}
	list := []groupOut{}
	rest := g.all
	for _, named := range g.named {
		out := groupOut{Name: named.Name, Rules: []ruleOut{}}
		if interval, err := durationIn(named.Interval); err == nil {
			out.Interval = interval.Seconds()
		}
		for range named.Rules {
			out.Rules = append(out.Rules, rest[0].outAt(milliseconds))
			rest = rest[1:]
		}
		list = append(list, out)
	}
	return list
}

func (g *ruleGroups) stateAt(milliseconds int64) map[string]any {
	return map[string]any{"groups": g.groupsAt(milliseconds)}
}

func (l *ruleLoop) outAt(milliseconds int64) ruleOut {
	state := l.stateAt(milliseconds)
	evaluated := time.Time{}
	if state.at != 0 {
		evaluated = time.UnixMilli(state.at).UTC()
	}
	out := ruleOut{
		Name: l.rule.Name(), Query: l.rule.Query().String(), Type: "recording", Health: string(state.health),
		LastEvaluation: evaluated.Format(time.RFC3339Nano), EvaluationTime: state.took.Seconds(),
	}
	if state.failed != nil {
		out.LastError = state.failed.Error()
	}
	if alerting, ok := l.rule.(*rules.AlertingRule); ok {
		out.Type, out.State = "alerting", state.alert.String()
		out.Duration, out.KeepFiringFor = alerting.HoldDuration().Seconds(), alerting.KeepFiringFor().Seconds()
		out.Alerts = alertsOf(state.active)
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

func alertsOf(active []*rules.Alert) []alertOut {
	list := []alertOut{}
	for _, alert := range active {
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

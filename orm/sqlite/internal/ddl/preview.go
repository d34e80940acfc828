package ddl

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// NewPreview implements [dialect.Previewer].
func (Migrations) NewPreview(conn dialect.Conn, known []string) dialect.Preview {
	return &preview{conn: conn, known: known, names: map[string]string{}}
}

// preview follows the tables through the statements.
type preview struct {
	conn  dialect.Conn
	names map[string]string // the present name of a table by its name after the statements so far
	known []string          // indexes of the models
}

// Step implements [dialect.Preview].
func (p *preview) Step(ctx context.Context, step dialect.Step) ([]string, error) {
	s, ok := step.(statement)
	switch {
	case !ok:
	case s.renames[0] != "":
		p.names[s.renames[1]] = cmp.Or(p.names[s.renames[0]], s.renames[0])
	case s.drops != "":
		return p.dropped(ctx, cmp.Or(p.names[s.drops], s.drops))
	case s.keep != nil:
		return p.rebuilt(ctx, cmp.Or(p.names[s.keep.table], s.keep.table), s.keep)
	}
	return nil, nil
}

func (p *preview) dropped(ctx context.Context, table string) ([]string, error) {
	list, err := objects(ctx, p.conn, table)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, o := range list {
		if !p.isKnown(o) {
			lines = append(lines, fmt.Sprintf("drops the %s %s with table %s", o.kind, o.name, table))
		}
	}
	return lines, nil
}

func (p *preview) rebuilt(ctx context.Context, table string, r *rebuild) ([]string, error) {
	list, err := objects(ctx, p.conn, table)
	if err != nil {
		return nil, err
	}
	columns, err := columnsOf(ctx, p.conn, table)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		return nil, nil // an earlier step creates the table
	}
	lines := []string{fmt.Sprintf("rebuilds table %s, which keeps its rows, indexes and triggers", table)}
	for _, filled := range r.filled {
		lines = append(lines, "fills column "+filled+" where rows have no value")
	}
	var kept []string
	for _, o := range list {
		switch column := o.needs(r.removed); {
		case p.isKnown(o):
		case column != "":
			lines = append(lines, "will be refused: "+o.use(column))
		default:
			kept = append(kept, o.kind+" "+o.name)
		}
	}
	for _, column := range r.removed {
		o, err := columnUser(ctx, p.conn, table, column)
		if err != nil {
			return nil, err
		}
		if o != nil {
			lines = append(lines, "will be refused: "+o.use(column))
		}
	}
	readers, err := viewsOf(ctx, p.conn, table)
	if err != nil {
		return nil, err
	}
	if kept = append(kept, readers...); len(kept) > 0 {
		lines = append(lines, "keeps "+strings.Join(kept, ", "))
	}
	return lines, nil
}

// isKnown reports whether migrations created an index, or a trigger of an index for full-text search.
func (p *preview) isKnown(o object) bool {
	name := o.name
	if o.kind == "trigger" {
		for _, suffix := range searchTriggers {
			if index, ok := strings.CutSuffix(name, suffix); ok {
				name = index
				break
			}
		}
	}
	return slices.Contains(p.known, name)
}

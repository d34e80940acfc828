package store

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/partial"
	"github.com/quintetgo/quintet/orm/schema"
)

// readFields returns the names of the fields that Save writes of an object that was read without others.
func readFields(m *schema.Model, unread []*schema.Field) []string {
	var names []string
	for _, f := range m.Fields {
		if !f.PrimaryKey && !f.Version && !f.ReadOnly() && !slices.Contains(unread, f) {
			names = append(names, f.Name)
		}
	}
	return names
}

// requireWhole returns an error for an object that was read without some fields, as a new row would lack their values.
func requireWhole(m *schema.Model, obj any) error {
	unread := partial.Unread(obj)
	if len(unread) == 0 {
		return nil
	}
	names := make([]string, len(unread))
	for i, f := range unread {
		names[i] = f.Name
	}
	return fmt.Errorf("orm: this %s was read without %s; Refresh it, or read it without Only and Defer, before it is created again",
		m, strings.Join(names, ", "))
}

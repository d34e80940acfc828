package ddl

import (
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// translated returns changes whose standard SQL is written for this database. It returns an error for a reference that the
// database does not take.
func translated(changes []dialect.TableChange) ([]dialect.TableChange, error) {
	changes = slices.Clone(changes)
	for i, c := range changes {
		for _, side := range []**dialect.Table{&changes[i].Old, &changes[i].New} {
			if *side != nil {
				*side = translatedTable(*side)
			}
		}
		if err := checkReferences(changes[i].New); err != nil {
			return nil, err
		}
		changes[i].Columns = slices.Clone(c.Columns)
		for k, x := range c.Columns {
			x.Old, x.New = translatedColumn(x.Old), translatedColumn(x.New)
			x.Using = local(x.Using)
			if fill, ok := x.Fill.(dialect.Expression); ok {
				x.Fill = dialect.Expression(local(string(fill)))
			}
			changes[i].Columns[k] = x
		}
	}
	return changes, nil
}

func translatedTable(t *dialect.Table) *dialect.Table {
	result := *t
	result.Columns, result.Indexes, result.Checks = slices.Clone(t.Columns), slices.Clone(t.Indexes), slices.Clone(t.Checks)
	for i := range result.Columns {
		result.Columns[i] = *translatedColumn(&result.Columns[i])
	}
	for i := range result.Indexes {
		result.Indexes[i].Where = local(result.Indexes[i].Where)
	}
	for i := range result.Checks {
		result.Checks[i].SQL = local(result.Checks[i].SQL)
	}
	return &result
}

func translatedColumn(c *dialect.Column) *dialect.Column {
	if c == nil {
		return nil
	}
	result := *c
	result.Default, result.Generated = local(c.Default), local(c.Generated)
	return &result
}

// local returns standard SQL as this database reads it: names in double quotes get its quotation marks, and a backslash in
// a text is an ordinary character.
func local(sql string) string {
	sql = sqltext.Requote(sql, '`')
	if !strings.Contains(sql, `\`) {
		return sql
	}
	var b strings.Builder
	inside := byte(0)
	for i := range len(sql) {
		c := sql[i]
		switch {
		case inside == 0 && (c == '\'' || c == '`'):
			inside = c
		case c == inside:
			inside = 0
		case c == '\\' && inside == '\'':
			b.WriteByte(c)
		}
		b.WriteByte(c)
	}
	return b.String()
}

// checkReferences returns an error for an action of foreign keys that the storage engine lacks.
func checkReferences(t *dialect.Table) error {
	if t == nil {
		return nil
	}
	for _, c := range t.Columns {
		if c.References.OnUpdate == setDefault || c.References.OnDelete == setDefault {
			return &dialect.UnsupportedError{Database: "mysql", Feature: "foreign keys that set a default (" + t.Name + "." + c.Name + ")"}
		}
	}
	return nil
}

const setDefault = "SET DEFAULT"

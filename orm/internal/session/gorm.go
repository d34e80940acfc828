package session

import (
	"context"
	"database/sql"

	"github.com/quintetgo/quintet/orm/declare"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Gorm returns GORM's handle of the same database, in the context's transaction if there is one, with this package's
// names of tables and columns. An error of opening it is in the Error field of the result.
func (s *Session) Gorm(ctx context.Context) *gorm.DB {
	if s.err != nil {
		return brokenGorm(ctx, s.err)
	}
	d := s.database
	d.gormOnce.Do(func() {
		d.gorm, d.gormErr = gorm.Open(d.conn.Dialector, &gorm.Config{
			SkipDefaultTransaction:   true,
			DisableAutomaticPing:     true,
			DisableNestedTransaction: false,
			NamingStrategy:           declare.Namer(),
			Logger:                   logger.Discard,
		})
		if d.gormErr == nil {
			d.gorm.Statement.ConnPool = gormPool{d.conn.Reader, d.writers}
			s.renameTables(d.gorm)
		}
	})
	if d.gormErr != nil {
		return brokenGorm(ctx, d.gormErr)
	}
	g := d.gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	if t := s.transaction(ctx); t != nil {
		tx, err := t.usable()
		if err != nil {
			_ = g.AddError(s.Translate(err))
			return g
		}
		g.Statement.ConnPool = tx
	}
	return g
}

// brokenGorm returns a handle with an error.
func brokenGorm(ctx context.Context, err error) *gorm.DB {
	broken := &gorm.DB{Config: &gorm.Config{Logger: logger.Discard}}
	broken.Statement = &gorm.Statement{DB: broken, Context: ctx}
	_ = broken.AddError(err)
	return broken
}

// renameTables sets the table names in GORM's schemas: GORM knows models by type only, so it cannot know their app.
func (s *Session) renameTables(g *gorm.DB) {
	_ = declare.Quietly(func() error {
		for _, m := range s.Models() {
			if m.Type == nil || m.Auto {
				continue
			}
			stmt := &gorm.Statement{DB: g}
			if stmt.Parse(m.Zero()) != nil {
				continue // GORM reports it when the model is used
			}
			stmt.Schema.Table = m.Table
			for _, f := range m.ManyToMany {
				if rel := stmt.Schema.Relationships.Relations[f.GoName]; rel != nil && rel.JoinTable != nil && f.Relation.Through != nil {
					rel.JoinTable.Table = f.Relation.Through.Table
				}
			}
		}
		return nil
	})
}

// gormPool sends GORM's reads to the readers and everything else to the writer.
type gormPool struct {
	reader *sql.DB
	writer *writerPool
}

func (p gormPool) pool(query string) *sql.DB {
	if isRead(query) {
		return p.reader
	}
	return p.writer.pool
}

func (p gormPool) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.pool(query).PrepareContext(ctx, query)
}

func (p gormPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.writer.ExecContext(ctx, query, args...)
}

func (p gormPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if isRead(query) {
		return p.reader.QueryContext(ctx, query, args...)
	}
	return p.writer.QueryContext(ctx, query, args...)
}

func (p gormPool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.pool(query).QueryRowContext(ctx, query, args...)
}

func (p gormPool) BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error) {
	return p.writer.BeginTx(ctx, opts)
}

func (p gormPool) GetDBConn() (*sql.DB, error) { return p.writer.pool, nil }

var (
	_ gorm.ConnPool       = gormPool{}
	_ gorm.TxBeginner     = gormPool{}
	_ gorm.GetDBConnector = gormPool{}
)

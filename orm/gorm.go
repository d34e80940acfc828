package orm

import (
	"context"
	"database/sql"

	"github.com/quintetgo/quintet/orm/schema"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Gorm is the way out to GORM: a *gorm.DB on the same pools, in the context's transaction if there is one, with our
// names of tables and columns. Our hooks, validation and delete rules do not run for what is done with it. An error of
// opening it shows as the Error of the result.
func (db *DB) Gorm(ctx context.Context) *gorm.DB {
	c := db.core
	c.gormOnce.Do(func() {
		c.gorm, c.gormErr = gorm.Open(c.conn.Dialector, &gorm.Config{
			SkipDefaultTransaction:   true,
			DisableAutomaticPing:     true,
			DisableNestedTransaction: false,
			NamingStrategy:           schema.Namer(),
			Logger:                   logger.Discard,
		})
		if c.gormErr == nil {
			c.gorm.Statement.ConnPool = gormPool{c.conn}
			db.renameTables(c.gorm)
		}
	})
	if c.gormErr != nil {
		broken := &gorm.DB{Config: &gorm.Config{Logger: logger.Discard}}
		broken.Statement = &gorm.Statement{DB: broken, Context: ctx}
		_ = broken.AddError(c.gormErr)
		return broken
	}
	session := c.gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	if t := db.transaction(ctx); t != nil {
		session.Statement.ConnPool = t.tx
	}
	return session
}

// renameTables lets GORM's schemas agree with ours: it knows models by type only, so it cannot know their app.
func (db *DB) renameTables(g *gorm.DB) {
	_ = schema.Quietly(func() error {
		for _, m := range db.Models() {
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
type gormPool struct{ conn *Connection }

func (p gormPool) pool(query string) *sql.DB {
	if isRead(query) {
		return p.conn.Reader
	}
	return p.conn.Writer
}

func (p gormPool) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.pool(query).PrepareContext(ctx, query)
}

func (p gormPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return writerPool{p.conn.Writer}.ExecContext(ctx, query, args...)
}

func (p gormPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if isRead(query) {
		return p.conn.Reader.QueryContext(ctx, query, args...)
	}
	return writerPool{p.conn.Writer}.QueryContext(ctx, query, args...)
}

func (p gormPool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.pool(query).QueryRowContext(ctx, query, args...)
}

func (p gormPool) BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error) {
	if err := (writerPool{p.conn.Writer}).ready(ctx); err != nil {
		return nil, err
	}
	return p.conn.Writer.BeginTx(ctx, opts)
}

func (p gormPool) GetDBConn() (*sql.DB, error) { return p.conn.Writer, nil }

var (
	_ gorm.ConnPool       = gormPool{}
	_ gorm.TxBeginner     = gormPool{}
	_ gorm.GetDBConnector = gormPool{}
)

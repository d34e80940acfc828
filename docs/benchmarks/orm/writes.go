package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/quintetgo/quintet/docs/benchmarks/orm/blog"
	"github.com/quintetgo/quintet/orm"
	"gorm.io/gorm"
)

const insertMessage = "INSERT INTO blog_message (subject, sender, body, size, score, unread, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?)"

func message(i int) *blog.Message {
	return &blog.Message{
		Subject: "The subject of a message", Sender: "someone@example.org", Body: "A body of a few words.",
		Size: int64(i), Score: 1.5, Unread: true,
		SentAt: time.Date(2026, 1, 1, 0, 0, i%60, 0, time.UTC),
	}
}

func insert(t *target, skipValidation bool) (contenders, error) {
	text := insertMessage
	if t.engine.numbered {
		text += " RETURNING id"
	}
	stmt, err := t.prepare(text)
	db := t.db
	if skipValidation {
		db = db.SkipValidation()
	}
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			m := message(i)
			err := t.insertByHand(ctx, stmt, m)
			return m.Size, err
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			m := message(i)
			err := db.Create(ctx, m)
			return m.Size, err
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			m := message(i)
			err := t.gorm.WithContext(ctx).Create(m).Error
			return m.Size, err
		},
	}, err
}

// insertByHand inserts a message and sets its key.
func (t *target) insertByHand(ctx context.Context, stmt *sql.Stmt, m *blog.Message) error {
	if t.engine.numbered {
		return stmt.QueryRowContext(ctx, m.Subject, m.Sender, m.Body, m.Size, m.Score, m.Unread, m.SentAt).Scan(&m.ID)
	}
	result, err := stmt.ExecContext(ctx, m.Subject, m.Sender, m.Body, m.Size, m.Score, m.Unread, m.SentAt)
	if err != nil {
		return err
	}
	m.ID, err = result.LastInsertId()
	return err
}

// bulk is how many rows are inserted at once.
const bulk = 500

func bulkInsert(t *target) (contenders, error) {
	text := insertMessage
	for range bulk - 1 {
		text += ", (?, ?, ?, ?, ?, ?, ?)"
	}
	stmt, err := t.prepare(text)
	rows := func(i int) []*blog.Message {
		all := make([]*blog.Message, bulk)
		for j := range all {
			all[j] = message(i + j)
		}
		return all
	}
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			args := make([]any, 0, 7*bulk)
			for _, m := range rows(i) {
				args = append(args, m.Subject, m.Sender, m.Body, m.Size, m.Score, m.Unread, m.SentAt)
			}
			_, err := stmt.ExecContext(ctx, args...)
			return bulk, err
		},
		quintet: func(ctx context.Context, i int) (int64, error) { return bulk, t.db.CreateAll(ctx, rows(i)) },
		gorm: func(ctx context.Context, i int) (int64, error) {
			return bulk, t.gorm.WithContext(ctx).Create(rows(i)).Error
		},
	}, err
}

// stored inserts a message that the contenders update.
func (t *target) stored() (*blog.Message, error) {
	m := message(0)
	return m, t.db.Create(context.Background(), m)
}

func save(t *target) (contenders, error) {
	m, err := t.stored()
	if err != nil {
		return contenders{}, err
	}
	stmt, err := t.prepare(
		"UPDATE blog_message SET subject = ?, sender = ?, body = ?, size = ?, score = ?, unread = ?, sent_at = ? WHERE id = ?",
	)
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			m.Size = int64(i)
			result, err := stmt.ExecContext(ctx, m.Subject, m.Sender, m.Body, m.Size, m.Score, m.Unread, m.SentAt, m.ID)
			return affected(result, err)
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			m.Size = int64(i)
			return 1, t.db.Save(ctx, m)
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			m.Size = int64(i)
			result := t.gorm.WithContext(ctx).Model(m).Select("*").Updates(m)
			return result.RowsAffected, result.Error
		},
	}, err
}

func affected(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

const setSize = "UPDATE blog_message SET size = ? WHERE id = ?"

func saveField(t *target) (contenders, error) {
	m, err := t.stored()
	if err != nil {
		return contenders{}, err
	}
	stmt, err := t.prepare(setSize)
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			m.Size = int64(i)
			return affected(stmt.ExecContext(ctx, m.Size, m.ID))
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			m.Size = int64(i)
			return 1, t.db.SaveFields(ctx, m, "size")
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			m.Size = int64(i)
			result := t.gorm.WithContext(ctx).Model(m).Select("size").Updates(m)
			return result.RowsAffected, result.Error
		},
	}, err
}

func update(t *target) (contenders, error) {
	m, err := t.stored()
	if err != nil {
		return contenders{}, err
	}
	stmt, err := t.prepare(setSize)
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) { return affected(stmt.ExecContext(ctx, i, m.ID)) },
		quintet: func(ctx context.Context, i int) (int64, error) {
			q := blog.Messages
			return orm.From(t.db, q).Filter(q.ID.Eq(m.ID)).Update(ctx, q.Size.Set(int64(i)))
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			result := t.gorm.WithContext(ctx).Model(&blog.Message{}).Where("id = ?", m.ID).Update("size", i)
			return result.RowsAffected, result.Error
		},
	}, err
}

// transaction reads an object and changes one column of it.
func transaction(t *target) (contenders, error) {
	m, err := t.stored()
	if err != nil {
		return contenders{}, err
	}
	read, err := t.prepare("SELECT id, subject, sender, body, size, score, unread, sent_at FROM blog_message WHERE id = ?")
	if err != nil {
		return contenders{}, err
	}
	write, err := t.prepare(setSize)
	return contenders{
		sql: func(ctx context.Context, i int) (int64, error) {
			tx, err := t.sql.BeginTx(ctx, nil)
			if err != nil {
				return 0, err
			}
			var m2 blog.Message
			err = tx.StmtContext(ctx, read).QueryRowContext(ctx, m.ID).Scan(
				&m2.ID, &m2.Subject, &m2.Sender, &m2.Body, &m2.Size, &m2.Score, &m2.Unread, &m2.SentAt)
			if err == nil {
				_, err = tx.StmtContext(ctx, write).ExecContext(ctx, i, m2.ID)
			}
			if err != nil {
				return 0, fmt.Errorf("%w (rollback: %v)", err, tx.Rollback())
			}
			return 1, tx.Commit()
		},
		quintet: func(ctx context.Context, i int) (int64, error) {
			return 1, t.db.Atomic(ctx, func(ctx context.Context) error {
				m2, err := orm.From(t.db, blog.Messages).Filter(blog.Messages.ID.Eq(m.ID)).Get(ctx)
				if err != nil {
					return err
				}
				m2.Size = int64(i)
				return t.db.SaveFields(ctx, m2, "size")
			})
		},
		gorm: func(ctx context.Context, i int) (int64, error) {
			return 1, t.gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
				var m2 blog.Message
				if err := tx.Take(&m2, m.ID).Error; err != nil {
					return err
				}
				return tx.Model(&m2).Update("size", i).Error
			})
		},
	}, err
}

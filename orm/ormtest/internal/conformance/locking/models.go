// Package locking checks the locks of rows with two transactions at a time: what waits, what fails and what is left out.
package locking

import "github.com/quintetgo/quintet/orm"

// Queue has jobs.
type Queue struct {
	ID   int64
	Name string `gorm:"size:40;uniqueIndex"`
}

// Job is a row of a queue.
type Job struct {
	ID      int64
	Name    string `gorm:"size:40;uniqueIndex"`
	Runs    int64
	QueueID int64
	Queue   *Queue
}

// Fields implements orm's Fielder.
func (j *Job) Fields(f *orm.Fields) { orm.FK(f, &j.Queue).OnDelete(orm.Cascade).Related("jobs") }

// App has the models.
type App struct{}

// Name returns "locking".
func (App) Name() string { return "locking" }

// Models returns the models.
func (App) Models() []any { return []any{&Queue{}, &Job{}} }

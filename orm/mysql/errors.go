package mysql

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	gosql "github.com/go-sql-driver/mysql"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Numbers of errors of the server.
const (
	codeAccessDenied      = 1045
	codeNotNull           = 1048
	codeUnknownDatabase   = 1049
	codeDuplicate         = 1062
	codeKeyTooLong        = 1071
	codePacketTooLarge    = 1153
	codeTextKey           = 1170
	codeLockWaitTimeout   = 1205
	codeDeadlock          = 1213
	codeOutOfRange        = 1264
	codeWrongValue        = 1292
	codeNoDefault         = 1364
	codeWrongString       = 1366
	codeTooManyArguments  = 1390
	codeTooLong           = 1406
	codeThreadStack       = 1436
	codeParentRow         = 1451
	codeChildRow          = 1452
	codeDuplicateWithName = 1586
	codeResultOutOfRange  = 1690
	codeLockNoWait        = 3572
	codeCheckMySQL        = 3819
	codeCheckMariaDB      = 4025
)

// statementError is an error of the server with the table of its statement, which the server does not name for most
// broken constraints.
type statementError struct {
	*gosql.MySQLError
	table string
}

func (e *statementError) Unwrap() error { return e.MySQLError }

// locate adds the table that a statement writes to an error of the server.
func locate(err error, query string) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*gosql.MySQLError](err)
	if !ok {
		return err
	}
	return &statementError{MySQLError: e, table: writtenTable(query)}
}

var tableWritten = regexp.MustCompile("(?is)^\\s*(?:INSERT|REPLACE|UPDATE)\\s+(?:IGNORE\\s+)?(?:INTO\\s+)?(?:`((?:[^`]|``)+)`|(\\w+))")

// writtenTable returns the table of an INSERT or UPDATE, "" for other statements.
func writtenTable(query string) string {
	found := tableWritten.FindStringSubmatch(query)
	if found == nil {
		return ""
	}
	if found[1] != "" {
		return strings.ReplaceAll(found[1], "``", "`")
	}
	return found[2]
}

var (
	duplicateText = regexp.MustCompile(`(?s)for key '(?:([^']+?)\.)?([^'.]+)'$`)
	foreignText   = regexp.MustCompile("(?s)\\(`[^`]*`\\.`([^`]*)`, CONSTRAINT `([^`]*)` FOREIGN KEY \\(([^)]*)\\) REFERENCES")
	columnText    = regexp.MustCompile(`(?i)(?:column|field) '([^']+)'`)
	fullColumn    = regexp.MustCompile("(?i)column (?:`[^`]*`\\.)?`([^`]*)`\\.`([^`]*)`")
	checkText     = regexp.MustCompile("CONSTRAINT `([^`]*)` failed for `[^`]*`\\.`([^`]*)`|constraint '([^']*)' is violated")
)

// Violation implements [dialect.Translator]. A value that a column cannot hold is a broken check of that column.
func (mysqlDialect) Violation(err error) *dialect.Violation {
	e, ok := errors.AsType[*gosql.MySQLError](err)
	if !ok {
		return nil
	}
	v := &dialect.Violation{}
	if located, ok := errors.AsType[*statementError](err); ok {
		v.Table = located.table
	}
	switch e.Number {
	case codeDuplicate, codeDuplicateWithName:
		duplicate(v, e.Message)
	case codeParentRow, codeChildRow:
		foreignKey(v, e.Message)
	case codeNotNull, codeNoDefault:
		v.Kind = dialect.ConstraintNotNull
		v.Columns = columnOf(e.Message)
	case codeCheckMySQL, codeCheckMariaDB:
		check(v, e.Message)
	case codeOutOfRange, codeTooLong, codeWrongString, codeResultOutOfRange, codeWrongValue:
		if v.Table == "" { // a SELECT stores nothing
			return nil
		}
		v.Kind, v.Constraint = dialect.ConstraintCheck, e.Message
		v.Columns = columnOf(e.Message)
	default:
		return nil
	}
	return v
}

// duplicate reads "Duplicate entry 'a' for key 'blog_tag_name'", where MySQL puts the table before the index.
func duplicate(v *dialect.Violation, text string) {
	v.Kind = dialect.ConstraintUnique
	found := duplicateText.FindStringSubmatch(text)
	if found == nil {
		return
	}
	if found[1] != "" {
		v.Table = found[1]
	}
	if v.PrimaryKey = found[2] == "PRIMARY"; !v.PrimaryKey {
		v.Constraint = found[2]
	}
}

// foreignKey reads "… a foreign key constraint fails (`shop`.`book`, CONSTRAINT `name` FOREIGN KEY (`author_id`) REFERENCES …".
// The table is the one with the foreign key, also where a referenced row is deleted.
func foreignKey(v *dialect.Violation, text string) {
	v.Kind = dialect.ConstraintForeignKey
	found := foreignText.FindStringSubmatch(text)
	if found == nil {
		return
	}
	v.Table, v.Constraint = found[1], found[2]
	for column := range strings.SplitSeq(found[3], ",") {
		v.Columns = append(v.Columns, strings.Trim(strings.TrimSpace(column), "`"))
	}
}

// check reads "CONSTRAINT `name` failed for `shop`.`book`" of MariaDB and "Check constraint 'name' is violated." of MySQL.
func check(v *dialect.Violation, text string) {
	v.Kind = dialect.ConstraintCheck
	switch found := checkText.FindStringSubmatch(text); {
	case found == nil:
	case found[3] != "":
		v.Constraint = found[3]
	default:
		v.Constraint, v.Table = found[1], found[2]
		if table, column, ok := strings.Cut(v.Constraint, "."); ok && table == v.Table { // of a column
			v.Constraint, v.Columns = column, []string{column}
		}
	}
}

// columnOf returns the column that an error names.
func columnOf(text string) []string {
	if found := fullColumn.FindStringSubmatch(text); found != nil {
		return []string{found[2]}
	}
	if found := columnText.FindStringSubmatch(text); found != nil {
		return []string{found[1]}
	}
	return nil
}

// TooLarge implements [dialect.SizeChecker].
func (mysqlDialect) TooLarge(err error) bool {
	if errors.Is(err, gosql.ErrPktTooLarge) {
		return true
	}
	e, ok := errors.AsType[*gosql.MySQLError](err)
	return ok && (e.Number == codePacketTooLarge || e.Number == codeTooManyArguments || e.Number == codeThreadStack)
}

// TransactionConflict implements [dialect.ConflictChecker].
func (mysqlDialect) TransactionConflict(err error) bool {
	e, ok := errors.AsType[*gosql.MySQLError](err)
	return ok && (e.Number == codeDeadlock || e.Number == codeLockWaitTimeout || e.Number == codeLockNoWait)
}

// RowLocked implements [dialect.ConflictChecker]. A server with innodb_rollback_on_timeout undoes the whole transaction.
func (d mysqlDialect) RowLocked(err error) (locked, rolledBack bool) {
	e, ok := errors.AsType[*gosql.MySQLError](err)
	locked = ok && (e.Number == codeLockWaitTimeout || e.Number == codeLockNoWait)
	return locked, locked && d.server.version().rollbackOnTimeout
}

// hints are what to do about some errors of the server.
var hints = map[uint16]string{
	codeAccessDenied:    "check the user and the password in DATABASE_URL",
	codeUnknownDatabase: "create it first: CREATE DATABASE name CHARACTER SET utf8mb4",
	codeKeyTooLong:      "an index holds at most 3072 bytes, which are 768 characters; give the text a smaller size",
	codeTextKey:         "the database has no unique index of a text without a size; give the field a size",
	codePacketTooLarge:  "raise max_allowed_packet of the server, or write less at a time",
}

// Explain implements [dialect.Explainer].
func (mysqlDialect) Explain(err error) error {
	if errors.Is(err, gosql.ErrPktTooLarge) {
		return fmt.Errorf("%w: %s", err, hints[codePacketTooLarge])
	}
	e, ok := errors.AsType[*gosql.MySQLError](err)
	if !ok || hints[e.Number] == "" {
		return nil
	}
	return fmt.Errorf("%w: %s", err, hints[e.Number])
}

// connectError names the server that a connection failed to.
func connectError(address string, err error) error {
	text := ""
	if e, ok := errors.AsType[*gosql.MySQLError](err); ok && hints[e.Number] != "" {
		text = ": " + hints[e.Number]
	}
	return fmt.Errorf("connect to the database server at %s: %w%s", address, err, text)
}

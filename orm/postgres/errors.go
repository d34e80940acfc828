package postgres

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/quintetgo/quintet/orm/dialect"
)

// SQLSTATE codes, from the appendix of PostgreSQL's manual.
const (
	codeNotNull           = "23502"
	codeForeignKey        = "23503"
	codeUnique            = "23505"
	codeCheck             = "23514"
	codeExclusion         = "23P01"
	codeTextTooLong       = "22001"
	codeOutOfRange        = "22003"
	codeInvalidPassword   = "28P01"
	codeInvalidUser       = "28000"
	codeUnknownDatabase   = "3D000"
	codeTooManyClients    = "53300"
	codeCanceled          = "57014"
	codeSerialization     = "40001"
	codeDeadlock          = "40P01"
	codeLockNotAvailable  = "55P03"
	codeUndefinedObject   = "42704"
	codeInsufficientRight = "42501"
	classLimitExceeded    = "54"
)

// Violation implements [dialect.Translator]. A value that the column has no room for counts as a broken check.
func (postgresDialect) Violation(err error) *dialect.Violation {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return nil
	}
	v := &dialect.Violation{Table: e.TableName, Constraint: e.ConstraintName}
	switch e.Code {
	case codeUnique:
		v.Kind, v.Columns = dialect.ConstraintUnique, keyColumns(e.Detail)
	case codeForeignKey:
		v.Kind, v.Columns = dialect.ConstraintForeignKey, keyColumns(e.Detail)
	case codeNotNull:
		v.Kind, v.Columns = dialect.ConstraintNotNull, []string{e.ColumnName}
	case codeCheck:
		v.Kind = dialect.ConstraintCheck
	case codeTextTooLong, codeOutOfRange:
		v.Kind, v.Constraint = dialect.ConstraintCheck, e.Message
	case codeExclusion:
		v.Kind = dialect.ConstraintOther
	default:
		return nil
	}
	return v
}

// keyDetail finds the columns in a detail such as "Key (small, count)=(1, 2) already exists.", in any language.
var keyDetail = regexp.MustCompile(`\(([^()]+)\)=\(`)

// keyColumns returns the columns that an error's detail names; none if an expression is among them.
func keyColumns(detail string) []string {
	found := keyDetail.FindStringSubmatch(detail)
	if found == nil {
		return nil
	}
	columns := strings.Split(found[1], ", ")
	for i, c := range columns {
		if quoted, ok := strings.CutPrefix(c, `"`); ok {
			columns[i] = strings.ReplaceAll(strings.TrimSuffix(quoted, `"`), `""`, `"`)
		}
	}
	return columns
}

// TransactionConflict implements [dialect.ConflictChecker].
func (postgresDialect) TransactionConflict(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == codeSerialization || e.Code == codeDeadlock || e.Code == codeLockNotAvailable)
}

// RowLocked implements [dialect.ConflictChecker]. A rollback to a savepoint repairs the transaction.
func (postgresDialect) RowLocked(err error) (locked, rolledBack bool) {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == codeLockNotAvailable, false
}

// TooLarge implements [dialect.SizeChecker].
func (postgresDialect) TooLarge(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(e.Code, classLimitExceeded)
	}
	return strings.Contains(err.Error(), "extended protocol limited to")
}

// Explain implements [dialect.Explainer].
func (postgresDialect) Explain(err error) error {
	if hint := hintFor(err); hint != "" {
		return fmt.Errorf("%w. %s", err, hint)
	}
	return nil
}

func hintFor(err error) string {
	connecting, isConnecting := errors.AsType[*pgconn.ConnectError](err)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case codeInvalidPassword:
			return "Check the user and the password in the database URL; special characters of a password are written as percent codes"
		case codeInvalidUser:
			return "Check the user in the database URL, and pg_hba.conf on the server"
		case codeUnknownDatabase:
			if isConnecting {
				return fmt.Sprintf("Create it with: createdb --host %s %s", connecting.Config.Host, connecting.Config.Database)
			}
		case codeTooManyClients:
			return "Lower pool_max in the database URL of each process, or raise max_connections on the server"
		case codeCanceled:
			if strings.Contains(e.Message, "statement timeout") {
				return "The option statement_timeout of the database URL, or a setting of the server, limits the time of a statement"
			}
		case codeUndefinedObject:
			if strings.Contains(e.Message, "und-x-icu") {
				return "Case-insensitive lookups need a PostgreSQL with ICU, as distributions package it"
			}
		case codeInsufficientRight:
			if strings.Contains(e.Message, "schema public") {
				return "Since PostgreSQL 15 only the owner of a database creates tables in it; make the user the owner with: " +
					"ALTER DATABASE name OWNER TO user"
			}
		}
		return ""
	}
	if !isConnecting {
		return ""
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "Check the host in the database URL"
	}
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOENT) {
		return "Is PostgreSQL running there? Check host and port in the database URL"
	}
	return ""
}

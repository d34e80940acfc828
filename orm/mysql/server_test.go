package mysql_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/mysql"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
)

// privateServer is a MariaDB server that a test starts and kills.
type privateServer struct {
	t       *testing.T
	folder  string
	port    int
	process *exec.Cmd
}

// newServer creates the files of a server on a free port. The test is skipped where MariaDB is not installed, and fails
// there if CI=true.
func newServer(t *testing.T) *privateServer {
	t.Helper()
	if _, err := exec.LookPath("mariadbd"); err != nil {
		report := t.Skipf
		if os.Getenv("CI") == "true" {
			report = t.Fatalf
		}
		report("the program of a MariaDB server is needed: %v", err)
	}
	folder, err := os.MkdirTemp("", "quintet-mysql-") // short, as the path of a socket is limited
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	install := exec.CommandContext(t.Context(), "mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal",
		"--skip-test-db", "--user=root", "--datadir="+filepath.Join(folder, "data"))
	install.Env = environment(folder)
	if output, err := install.CombinedOutput(); err != nil {
		t.Fatalf("mariadb-install-db: %v\n%s", err, output)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	s := &privateServer{t: t, folder: folder, port: port}
	t.Cleanup(s.kill)
	return s
}

// environment is that of a server of its own. A server removes the temporary tables that it finds when it starts, and those of
// other servers would be among them in the folder that all share.
func environment(folder string) []string { return append(os.Environ(), "TMPDIR="+folder) }

// start starts the server and returns when it accepts connections.
func (s *privateServer) start() {
	s.t.Helper()
	s.process = exec.Command("mariadbd", "--no-defaults", "--user=root", "--datadir="+filepath.Join(s.folder, "data"),
		"--socket="+filepath.Join(s.folder, "socket"), fmt.Sprintf("--port=%d", s.port), "--bind-address=127.0.0.1",
		"--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=2", "--pid-file="+filepath.Join(s.folder, "pid"))
	s.process.Env = environment(s.folder)
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		conn, err := net.DialTimeout("tcp", s.address(), time.Second)
		if err == nil {
			greeting := make([]byte, 1)
			_ = conn.SetReadDeadline(time.Now().Add(time.Second))
			_, err = conn.Read(greeting)
			conn.Close()
		}
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("the server does not start: %v", err)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func (s *privateServer) address() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

func (s *privateServer) kill() {
	if s.process != nil && s.process.Process != nil {
		_ = s.process.Process.Signal(syscall.SIGKILL)
		_ = s.process.Wait()
		s.process = nil
	}
}

func (s *privateServer) open(database string) *orm.DB {
	s.t.Helper()
	db, err := orm.Open(fmt.Sprintf("mysql://root@%s/%s?pool_max=8", s.address(), database), mysql.Driver)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestLostServer kills the server under load: statements fail only while it is away, and the pool works again within two
// seconds of its return.
func TestLostServer(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.start()
	admin := s.open("mysql")
	if _, err := admin.Exec(t.Context(), "CREATE DATABASE quintet_mysql_load"); err != nil {
		t.Fatal(err)
	}
	db := s.open("quintet_mysql_load")
	if _, err := db.Exec(t.Context(), "CREATE TABLE hit (id bigint AUTO_INCREMENT PRIMARY KEY, n int)"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var served, away atomic.Int64 // statements that worked; 1 while the server is away
	var lastFailure atomic.Pointer[time.Time]
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for ctx.Err() == nil {
				before := away.Load()
				_, err := db.Exec(ctx, "INSERT INTO hit (n) VALUES (?)", i)
				switch {
				case err == nil:
					served.Add(1)
				case errors.Is(err, context.Canceled):
				case before == 0 && away.Load() == 0:
					t.Errorf("a statement failed while the server was there: %v", err)
				default:
					now := time.Now()
					lastFailure.Store(&now)
				}
			}
		})
	}
	wait := func(n int64) {
		for start := served.Load(); served.Load() < start+n && ctx.Err() == nil; {
			<-time.After(time.Millisecond)
		}
	}
	wait(200)
	away.Store(1)
	s.kill()
	s.start()
	back := time.Now()
	wait(200)
	if took := time.Since(back); took > 2*time.Second {
		t.Errorf("200 statements after the server was back took %v", took)
	}
	away.Store(0)
	wait(200)
	stop()
	group.Wait()
	if last := lastFailure.Load(); last == nil {
		t.Error("no statement noticed that the server was away")
	} else if last.Sub(back) > 2*time.Second {
		t.Errorf("a statement failed %v after the server was back", last.Sub(back))
	}
}

// TestCanceledStatement checks that the server ends a statement whose context ends, and that nothing of it is left in the
// pool.
func TestCanceledStatement(t *testing.T) {
	t.Parallel()
	db := testdb.MariaDB(t)
	const slow = "SELECT SLEEP(30) /* quintet_cancel */"
	running := func() int64 {
		rows, err := db.Query(t.Context(), "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE ? AND DB = DATABASE()",
			"SELECT SLEEP%quintet_cancel%")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var n int64
		for rows.Next() {
			if err := rows.Scan(&n); err != nil {
				t.Fatal(err)
			}
		}
		return n
	}
	for name, run := range map[string]func(ctx context.Context) error{
		"query": func(ctx context.Context) error {
			rows, err := db.Query(ctx, slow)
			if err != nil {
				return err
			}
			for rows.Next() {
				continue
			}
			return errors.Join(rows.Err(), rows.Close())
		},
		"prepared": func(ctx context.Context) error {
			rows, err := db.Query(ctx, slow+" + ?", 1)
			if err != nil {
				return err
			}
			for rows.Next() {
				continue
			}
			return errors.Join(rows.Err(), rows.Close())
		},
		"exec": func(ctx context.Context) error { _, err := db.Exec(ctx, "DO 1 + ("+slow+")"); return err },
		"transaction": func(ctx context.Context) error {
			return db.Atomic(ctx, func(ctx context.Context) error { _, err := db.Exec(ctx, "DO 1 + ("+slow+")"); return err })
		},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		start := time.Now()
		err := run(ctx)
		cancel()
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > 300*time.Millisecond {
			t.Errorf("%s: ended after %v with %v", name, took, err)
		}
		for deadline := time.Now().Add(2 * time.Second); running() > 0; {
			if time.Now().After(deadline) {
				t.Errorf("%s: the server still runs the statement", name)
				break
			}
			<-time.After(10 * time.Millisecond)
		}
	}
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%7)*time.Millisecond)
			defer cancel()
			if rows, err := db.Query(ctx, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 900) SELECT -i FROM n"); err == nil {
				for range 10 {
					rows.Next()
				}
				rows.Close()
			}
			rows, err := db.Query(t.Context(), "SELECT ?", i)
			if err != nil {
				t.Error(err)
				return
			}
			defer rows.Close()
			got := -1
			for rows.Next() {
				if err := rows.Scan(&got); err != nil {
					t.Error(err)
				}
			}
			if got != i {
				t.Errorf("the connection returned %d instead of %d", got, i)
			}
		})
	}
	group.Wait()
}

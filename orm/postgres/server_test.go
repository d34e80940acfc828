package postgres_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/postgres"
)

// privateServer is a PostgreSQL server that a test starts and kills.
type privateServer struct {
	t          *testing.T
	programs   string // folder of initdb and postgres
	folder     string
	port       int
	credential *syscall.Credential // of the user postgres, as the server does not run as root
	process    *exec.Cmd
}

// newServer creates the files of a server on a free port. The test is skipped where PostgreSQL is not installed, and fails
// there if CI=true.
func newServer(t *testing.T) *privateServer {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		report := t.Skip
		if os.Getenv("CI") == "true" {
			report = t.Fatal
		}
		report("the programs of a PostgreSQL server are needed: there is no initdb")
	}
	folder, err := os.MkdirTemp("", "quintet-pg-") // short, as the path of a socket is limited
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	s := &privateServer{t: t, programs: filepath.Dir(slices.Max(found)), folder: folder}
	if os.Getuid() == 0 {
		s.credential = s.serverUser()
		if err := os.Chown(folder, int(s.credential.Uid), int(s.credential.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	create := s.command("initdb", "--pgdata="+s.data(), "--username=quintet", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	if output, err := create.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, output)
	}
	t.Cleanup(s.kill)
	return s
}

// serverUser returns the user that the package of PostgreSQL has created.
func (s *privateServer) serverUser() *syscall.Credential {
	s.t.Helper()
	u, err := user.Lookup("postgres")
	if err != nil {
		s.t.Fatal(err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err1 != nil || err2 != nil {
		s.t.Fatalf("the user postgres has the ids %q and %q", u.Uid, u.Gid)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func (s *privateServer) data() string { return filepath.Join(s.folder, "data") }

func (s *privateServer) address() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// command prepares a program of the server in a process group of its own.
func (s *privateServer) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.programs, name), args...)
	c.Dir = s.folder
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.credential, Setpgid: true}
	return c
}

// start starts the server and returns when it accepts connections.
func (s *privateServer) start() {
	s.t.Helper()
	s.process = s.command("postgres", "-D", s.data(), "-k", s.folder, "-p", strconv.Itoa(s.port), "-c", "listen_addresses=127.0.0.1",
		"-c", "fsync=off", "-c", "shared_buffers=16MB")
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	for {
		err := s.accepts(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			s.t.Fatalf("the server does not start: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// accepts returns an error unless the server takes a new connection.
func (s *privateServer) accepts(ctx context.Context) error {
	conn, err := postgres.Driver.Open(s.url())
	if err != nil {
		return err
	}
	defer conn.Writer.Close()
	return conn.Writer.PingContext(ctx)
}

func (s *privateServer) url() string {
	return fmt.Sprintf("postgres://quintet@%s/postgres?pool_max=8&sslmode=disable", s.address())
}

// kill ends the server and all of its processes without notice.
func (s *privateServer) kill() {
	if s.process == nil {
		return
	}
	_ = syscall.Kill(-s.process.Process.Pid, syscall.SIGKILL)
	_ = s.process.Wait()
	s.process = nil
}

func (s *privateServer) open() *orm.DB {
	s.t.Helper()
	db, err := orm.Open(s.url(), postgres.Driver)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = db.Close() })
	return db
}

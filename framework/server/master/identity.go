//go:build unix

package master

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// identity returns the user and groups of workers, or nil for those of this process.
func identity(name, group string) (*syscall.Credential, error) {
	if name == "" && group == "" {
		return nil, nil
	}
	if os.Geteuid() != 0 {
		return nil, errors.New("only root can start workers as another user: start the server as root, or remove the user and group")
	}
	credential := &syscall.Credential{Uid: uint32(os.Getuid()), Gid: uint32(os.Getgid())}
	if name != "" {
		found, err := user.Lookup(name)
		if err != nil {
			if found, err = user.LookupId(name); err != nil {
				return nil, fmt.Errorf("there is no user %q on this machine", name)
			}
		}
		uid, gid, err := numbers(found.Uid, found.Gid)
		if err != nil {
			return nil, fmt.Errorf("user %q: %w", name, err)
		}
		credential.Uid, credential.Gid = uid, gid
		ids, err := found.GroupIds()
		if err != nil {
			return nil, fmt.Errorf("groups of user %q: %w", name, err)
		}
		for _, id := range ids {
			if n, err := strconv.ParseUint(id, 10, 32); err == nil {
				credential.Groups = append(credential.Groups, uint32(n))
			}
		}
	}
	if group != "" {
		found, err := user.LookupGroup(group)
		if err != nil {
			if found, err = user.LookupGroupId(group); err != nil {
				return nil, fmt.Errorf("there is no group %q on this machine", group)
			}
		}
		gid, _, err := numbers(found.Gid, found.Gid)
		if err != nil {
			return nil, fmt.Errorf("group %q: %w", group, err)
		}
		credential.Gid, credential.Groups = gid, []uint32{gid}
	}
	return credential, nil
}

func numbers(a, b string) (uint32, uint32, error) {
	first, err := strconv.ParseUint(a, 10, 32)
	if err != nil {
		return 0, 0, err
	}
	second, err := strconv.ParseUint(b, 10, 32)
	return uint32(first), uint32(second), err
}

package framework

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/settings"
)

// defaultAlias is the alias of the database of DATABASE_URL.
const defaultAlias = "default"

// defaultReplicaLag is how far replicas are behind at most, unless REPLICA_LAG is set.
const defaultReplicaLag = 10 * time.Second

// Databases returns the databases of the settings for AddDatabases of an orm.DB: the default one first, the others by alias.
func (s *Settings) Databases() []settings.Database {
	all := []settings.Database{{Alias: defaultAlias, URL: s.DatabaseURL, Replicas: s.DatabaseReplicas}}
	for _, alias := range slices.Sorted(maps.Keys(s.DatabaseURLs)) {
		all = append(all, settings.Database{Alias: alias, URL: s.DatabaseURLs[alias], Replicas: s.DatabaseReplicasOf[alias]})
	}
	return all
}

// Lag returns ReplicaLag or its default.
func (s *Settings) Lag() time.Duration { return cmp.Or(s.ReplicaLag, defaultReplicaLag) }

// databaseProblems checks the addresses of all databases.
func (s *Settings) databaseProblems() (list []error) {
	add := func(name, address string) {
		if err := databaseProblem(name, address); err != nil {
			list = append(list, err)
		}
	}
	variable := func(prefix, alias string) string { return prefix + "_" + strings.ToUpper(alias) }
	add("DATABASE_URL", s.DatabaseURL)
	for _, alias := range slices.Sorted(maps.Keys(s.DatabaseURLs)) {
		add(variable("DATABASE_URL", alias), s.DatabaseURLs[alias])
		if alias == defaultAlias {
			list = append(list, fmt.Errorf("%s is set, but the default database is that of DATABASE_URL", variable("DATABASE_URL", alias)))
		}
	}
	for _, address := range s.DatabaseReplicas {
		add("DATABASE_REPLICAS", address)
	}
	for _, alias := range slices.Sorted(maps.Keys(s.DatabaseReplicasOf)) {
		name := variable("DATABASE_REPLICAS", alias)
		for _, address := range s.DatabaseReplicasOf[alias] {
			add(name, address)
		}
		if _, ok := s.DatabaseURLs[alias]; !ok {
			list = append(list, fmt.Errorf("%s is set without %s", name, variable("DATABASE_URL", alias)))
		}
	}
	if s.ReplicaLag != 0 && s.ReplicaLag < time.Second {
		list = append(list, fmt.Errorf("REPLICA_LAG: %v is less than a second; write a duration such as 10s", s.ReplicaLag))
	}
	return list
}

package idp_test

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp/idptest"
	"github.com/navid-login/navid/dialog/idp/store"
	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
)

// onDatabases are the tests that are run on SQLite and Postgres as well as in memory.
var onDatabases = []func(*testing.T){
	TestACodeProvesAnAddress, TestAWrongCodeCounts, TestEachCodeHasItsOwnLife, TestAnEarlierCodeStillWorks, TestACodeExpires,
	TestAChallengeBelongsToItsBrowser, TestTheLinkInTheSameBrowserConfirms, TestTheLinkElsewhereShowsTheCode,
	TestAwaitTellsOfMailThatDoesNotCome, TestOneConfirmationWins, TestCertify, TestTheOwnerIsToldOfANewProvider,
	TestAProofByAnotherEndsOlderRights, TestReturningAfterSigningOutIsNoMove, TestTheSamePersonMovesNothing,
	TestAnotherAddressOfTheAccountSpeaksForThePerson, TestAnAddressMovesToTheSessionThatProvesIt, TestProofsAge,
	TestASessionSeesItsOwnAddressesOnly, TestDeletingTakesOnesOwnOnly, TestRemovalIsForGood, TestSignOutEverywhere,
	TestEndingAnotherSession, TestSignOutEverywhereKillsTheOtherSession, TestSharedDevicesMixNobody, TestSpellingsAreOneAddress,
	TestBlocking, TestOperator, TestAPasskeyTakesThePlaceOfTheMail, TestCeremoniesAreNotReplayed, TestPasskeysThatAreRefused,
	TestWhoMayEnrol, TestAPasskeyProvesWhatItsSessionHad, TestAProofByAnotherEndsThePasskey, TestPasskeysAge, TestUndoOfAPasskey,
	TestUndoReachesNoOtherOwner, TestPasskeysAreNamedListedAndRemoved, TestRemovingTakesOnesOwnAddress, TestOneLoginWins,
	TestStrangersDoNotLockTheOwnerOut,
}

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

func TestOnSQLite(t *testing.T) {
	t.Parallel()
	t.Run("TimesDoNotTellWhoIsKnown", TestTimesDoNotTellWhoIsKnown)
	runAll(t)
}

func TestOnPostgres(t *testing.T) {
	t.Parallel()
	runAll(t)
}

func runAll(t *testing.T) {
	for _, test := range onDatabases {
		name := runtime.FuncForPC(reflect.ValueOf(test).Pointer()).Name()
		t.Run(name[strings.LastIndex(name, ".Test")+len(".Test"):], test)
	}
}

// storesFor opens a new database for the tests below TestOnSQLite and
// TestOnPostgres, each call as one more replica, and memory for all others.
func storesFor(t *testing.T) func() idptest.FullStore {
	t.Helper()
	var url string
	switch kind, _, _ := strings.Cut(t.Name(), "/"); kind {
	case "TestOnSQLite":
		url = filepath.Join(t.TempDir(), "navid.db")
	case "TestOnPostgres":
		url = postgrestest.Shared(t).Database(t)
	default:
		memory := idptest.NewStore()
		return func() idptest.FullStore { return memory }
	}
	return func() idptest.FullStore {
		opened, err := store.Open(t.Context(), url)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, opened.Close()) })
		return opened
	}
}

package idp_test

import (
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp/idptest"
	"github.com/navid-login/navid/dialog/idp/store"
)

// onSQLite are the tests that are run on SQLite as well as in memory.
var onSQLite = []func(*testing.T){
	TestACodeProvesAnAddress, TestAWrongCodeCounts, TestEachCodeHasItsOwnLife, TestAnEarlierCodeStillWorks, TestACodeExpires,
	TestAChallengeBelongsToItsBrowser, TestTheLinkInTheSameBrowserConfirms, TestTheLinkElsewhereShowsTheCode,
	TestAwaitTellsOfMailThatFailed, TestOneConfirmationWins, TestCertify, TestTheOwnerIsToldOfANewProvider,
	TestAProofByAnotherEndsOlderRights, TestReturningAfterSigningOutIsNoMove, TestTheSamePersonMovesNothing,
	TestAnotherAddressOfTheAccountSpeaksForThePerson, TestAnAddressMovesToTheSessionThatProvesIt, TestProofsAge,
	TestASessionSeesItsOwnAddressesOnly, TestDeletingTakesOnesOwnOnly, TestRemovalIsForGood, TestSignOutEverywhere,
	TestEndingAnotherSession, TestSignOutEverywhereKillsTheOtherSession, TestSharedDevicesMixNobody, TestSpellingsAreOneAddress,
	TestBlocking, TestOperator, TestAPasskeyTakesThePlaceOfTheMail, TestCeremoniesAreNotReplayed, TestPasskeysThatAreRefused,
	TestWhoMayEnrol, TestAPasskeyProvesWhatItsSessionHad, TestAProofByAnotherEndsThePasskey, TestPasskeysAge, TestUndoOfAPasskey,
	TestUndoReachesNoOtherOwner, TestPasskeysAreNamedListedAndRemoved, TestRemovingTakesOnesOwnAddress, TestOneLoginWins,
	TestStrangersDoNotLockTheOwnerOut,
}

func TestOnSQLite(t *testing.T) {
	t.Parallel()
	for _, test := range onSQLite {
		name := runtime.FuncForPC(reflect.ValueOf(test).Pointer()).Name()
		t.Run(name[strings.LastIndex(name, ".Test")+len(".Test"):], test)
	}
}

// storeFor is a new database for the tests below TestOnSQLite, and memory for all
// others.
func storeFor(t *testing.T) idptest.FullStore {
	t.Helper()
	if !strings.HasPrefix(t.Name(), "TestOnSQLite/") {
		return idptest.NewStore()
	}
	opened, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "navid.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, opened.Close()) })
	return opened
}
